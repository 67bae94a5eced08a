/** Parameters in the memory of an engine, from the beginning of a training to its end. */
import type { Engine } from "../../engine/engine.ts";
import { HeldArray, releaseHeld } from "../../engine/held_array.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { readArrays } from "../../engine/read_arrays.ts";
import type { Parameters } from "../../weights/parameters.ts";
import type { TrainingOptimizer } from "../optimizer.ts";
import type { ParameterStore } from "../parameter_store.ts";
import { createHeldAdam } from "./held_adam.ts";
import { heldAveraging } from "./held_averaging.ts";
import { compileGradientGraphs, denseGradients } from "./held_gradients.ts";
import { createHeldSgd } from "./held_sgd.ts";

/**
 * Moves parameters into an engine's memory: `parameters` has held arrays from now on, new ones after each step, until
 * the store is closed.
 *
 * @param inTurn Does work between two calls of the network, as a prediction must not see half of a step.
 */
export async function heldStore(
  engine: Engine,
  parameters: Parameters,
  inTurn: (work: () => Promise<void>) => Promise<void>,
): Promise<ParameterStore> {
  const memory = engine.memory!;
  const graphs = compileGradientGraphs(engine);
  const plain = { ...parameters };
  const disposed: { dispose(): void }[] = [graphs];
  /** Sums and clipped gradients, until the next step. */
  let sums: Record<string, NdArray> = {};
  let clipped: Record<string, NdArray> = {};

  async function assign(target: Parameters, source: Parameters): Promise<void> {
    for (const [name, array] of Object.entries(source)) {
      const before = target[name];
      target[name] = await memory.snapshot(array);
      releaseHeld({ before: before! });
    }
  }

  function steppingInTurn(optimizer: TrainingOptimizer): TrainingOptimizer {
    return { ...optimizer, step: (...given) => inTurn(async () => await optimizer.step(...given)) };
  }

  function disposedAtEnd<T extends { dispose(): void }>(made: T): T {
    disposed.push(made);
    return made;
  }

  try {
    for (const [name, array] of Object.entries(plain)) parameters[name] = await memory.hold(array);
  } catch (error) {
    // There was no room for all of them.
    releaseHeld(parameters);
    Object.assign(parameters, plain);
    throw error;
  }

  return {
    async copy(some) {
      const copies: Parameters = {};
      for (const [name, array] of Object.entries(some)) copies[name] = await memory.snapshot(array);
      return copies;
    },
    assign,
    read: (some) => readArrays(engine, some),
    nameOfNotFinite: (some) => graphs.nameOfNotFinite(denseGradients(some)),
    async clip(gradients, maxNorm) {
      releaseHeld(clipped);
      const found = await graphs.clip(denseGradients(gradients), maxNorm);
      clipped = found.gradients;
      return found;
    },
    async addShares(sum, gradients, share) {
      // The first share begins a sum; that of the step before is not needed any more.
      const isFirst = Object.keys(sum).length === 0;
      const next = await graphs.addShares(isFirst ? {} : sums, denseGradients(gradients), share);
      releaseHeld(sums);
      return sums = next;
    },
    adam: (options) => steppingInTurn(disposedAtEnd(createHeldAdam(engine, options))),
    sgd: (options) => steppingInTurn(disposedAtEnd(createHeldSgd(engine, options))),
    averaging: (optimizer, options) => disposedAtEnd(heldAveraging(engine, optimizer, options)),
    release: releaseHeld,
    async close() {
      for (const [name, before] of Object.entries(plain)) {
        const now = parameters[name]!;
        if (!(now instanceof HeldArray)) continue;
        before.data.set((await memory.read(now)).data);
        parameters[name] = before;
        now.release();
      }
      for (const arrays of [sums, clipped]) releaseHeld(arrays);
      for (const one of disposed) one.dispose();
    },
  };
}

/** Training steps, timed by part. */
import type { Random } from "../../data/random.ts";
import type { Engine } from "../../model/engine/engine.ts";
import { withParameterStore } from "../../model/training/place_parameters.ts";
import type { System, TaggedSentence } from "../../model/training/system.ts";

/**
 * Milliseconds of a training step by part. Of an engine on a GPU, which may still compute when a call returns, the sum
 * is right, and what one part began may be counted in the next.
 */
export interface PartTimes {
  /** The network's graph: encoder, attentions, head, loss and their gradients. */
  graph: number;
  /** The graphs of the label encoder. */
  labelEncoder: number;
  optimiser: number;
  /** All else: packing batches, drawing dropout, looking up embeddings. */
  host: number;
}

/** An engine that counts what its graphs take. */
export interface TimedEngine {
  engine: Engine;
  /** Milliseconds of runs since the last call. */
  take(): Pick<PartTimes, "graph" | "labelEncoder">;
  /** Counts the runs of each graph so far, by label. */
  nRuns(): Record<string, number>;
}

/** Wraps an engine so that every run is timed. */
export function timedEngine(engine: Engine): TimedEngine {
  let times = { graph: 0, labelEncoder: 0 };
  const nRuns: Record<string, number> = {};
  return {
    engine: {
      ...engine,
      compile(label, fn, axes, options) {
        const compiled = engine.compile(label, fn, axes, options);
        const part = isOfLabelEncoder(label) ? "labelEncoder" : "graph";
        return {
          dispose: compiled.dispose,
          async run(inputs, buffers) {
            const start = performance.now();
            const outputs = await compiled.run(inputs, buffers);
            times[part] += performance.now() - start;
            nRuns[label] = (nRuns[label] ?? 0) + 1;
            return outputs;
          },
        };
      },
    },
    take() {
      const taken = times;
      times = { graph: 0, labelEncoder: 0 };
      return taken;
    },
    nRuns: () => ({ ...nRuns }),
  };
}

/** Tells whether a graph is one of the label encoder's, by its label. */
export function isOfLabelEncoder(label: string): boolean {
  return /^(held )?label encoder/.test(label);
}

/**
 * Trains a system with Adam and times every step.
 *
 * @param epochs The batches of each epoch.
 * @returns The times of each step, by epoch.
 */
export function timeSteps(
  system: System,
  timed: TimedEngine,
  epochs: readonly (readonly TaggedSentence[][])[],
  random: Random,
): Promise<PartTimes[][]> {
  return withParameterStore(system, async (store) => {
    const adam = store.adam({});
    const times: PartTimes[][] = [];
    for (const batches of epochs) {
      const ofEpoch: PartTimes[] = [];
      for (const batch of batches) {
        timed.take();
        const start = performance.now();
        const { gradients } = await system.lossAndGradients(batch, random);
        const found = performance.now();
        const graphs = timed.take();
        await adam.step(system.parameters, gradients);
        const optimiser = performance.now() - found;
        ofEpoch.push({ ...graphs, optimiser, host: found - start - graphs.graph - graphs.labelEncoder });
      }
      times.push(ofEpoch);
    }
    return times;
  });
}

/** Adds up the parts of a step. */
export function wholeStep({ graph, labelEncoder, optimiser, host }: PartTimes): number {
  return graph + labelEncoder + optimiser + host;
}

/** Returns the mean of steps, part by part. */
export function meanStep(steps: readonly PartTimes[]): PartTimes {
  const mean = (part: keyof PartTimes) => steps.reduce((sum, step) => sum + step[part], 0) / steps.length;
  return {
    graph: mean("graph"),
    labelEncoder: mean("labelEncoder"),
    optimiser: mean("optimiser"),
    host: mean("host"),
  };
}

/** Returns the median of numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Norms, sums and checks of arrays that an engine holds. */
import type { Engine } from "../../engine/engine.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../../engine/tf.ts";
import { type Parameters, withPrefix } from "../../weights/parameters.ts";
import { denseGradient } from "../adam.ts";
import type { Gradient } from "../optimizer.ts";
import { byNames } from "./by_names.ts";

/** The operations of a training on gradients; all results are new, and the caller releases them. */
export interface GradientGraphs {
  /** Scales gradients down to a norm, and reads the norm before. */
  clip(gradients: Parameters, maxNorm: number): Promise<{ gradients: Parameters; norm: number }>;
  /** Returns sum + share · gradients; for an empty sum the share of the gradients. */
  addShares(sum: Parameters, gradients: Parameters, share: number): Promise<Parameters>;
  /** Finds the name of the first array that has a value which is NaN or infinite. */
  nameOfNotFinite(arrays: Parameters): Promise<string | undefined>;
  dispose(): void;
}

/** Compiles what is needed of it. */
export function compileGradientGraphs(engine: Engine): GradientGraphs {
  const scalar = (value: number): NdArray => ({ shape: [], data: Float32Array.of(value) });
  const map = (names: readonly string[], f: (name: string) => Tensor): Tensors =>
    Object.fromEntries(names.map((name) => [name, f(name)]));

  const clip = byNames((names) =>
    engine.compile(
      "clipping",
      (x) => {
        const squares = names.map((name): Tensor => tf.sum(tf.square(x[`gradients/${name}`]!)));
        const norm = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
        const scale = tf.minimum(1, tf.div(x.maxNorm!, tf.add(norm, 1e-6)));
        const scaled: Tensors = { norm, ...map(names, (name) => tf.mul(x[`gradients/${name}`]!, scale)) };
        return scaled;
      },
      {},
      { held: names },
    )
  );
  const share = byNames((names) =>
    engine.compile(
      "share of gradients",
      (x) => map(names, (name) => tf.mul(x[`gradients/${name}`]!, x.share!)),
      {},
      { held: names },
    )
  );
  const addShare = byNames((names) =>
    engine.compile(
      "sum of gradients",
      (x) => map(names, (name) => tf.add(x[`sum/${name}`]!, tf.mul(x[`gradients/${name}`]!, x.share!))),
      {},
      {
        held: names,
      },
    )
  );
  // What is not finite makes NaN of 0, and a sum of it.
  const zeros = byNames((names) =>
    engine.compile("check of parameters", (x) => ({
      zeros: tf.concat(names.map((name) => tf.reshape(tf.sum(tf.mul(x[name]!, 0)), [1])), 0),
    }))
  );

  return {
    async clip(gradients, maxNorm) {
      const inputs = { ...withPrefix("gradients", gradients), maxNorm: scalar(maxNorm) };
      const { norm, ...clipped } = await clip.of(Object.keys(gradients)).run(inputs);
      return { gradients: clipped, norm: norm!.data[0]! };
    },
    async addShares(sum, gradients, part) {
      const names = Object.keys(gradients);
      const graph = Object.keys(sum).length === 0 ? share : addShare;
      const inputs = {
        ...withPrefix("sum", sum),
        ...withPrefix("gradients", gradients),
        share: scalar(part),
      };
      return await graph.of(names).run(inputs);
    },
    async nameOfNotFinite(arrays) {
      const names = Object.keys(arrays);
      const found = await zeros.of(names).run(arrays);
      const at = found.zeros.data.findIndex((zero) => zero !== 0);
      return names[at];
    },
    dispose() {
      for (const graph of [clip, share, addShare, zeros]) graph.dispose();
    },
  };
}

/** Returns gradients of whole parameters: of those of some rows, with 0 for the others. */
export function denseGradients(gradients: Record<string, Gradient>): Parameters {
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [
      name,
      "rows" in gradient ? { shape: gradient.shape, data: denseGradient(gradient) } : gradient,
    ]),
  );
}

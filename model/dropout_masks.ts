/** Dropout masks, drawn outside of the engine from the seeded generator, so that a run can be repeated. */
import type { Batch } from "../data/batch.ts";
import { fillDropout } from "../data/dropout.ts";
import type { Random } from "../data/random.ts";
import type { BertConfig } from "./bert_config.ts";
import { dropoutSites } from "./encoder.ts";
import type { Axes } from "./engine/engine.ts";
import type { NdArray } from "./nd_array.ts";
import { sizeOf } from "./parameters.ts";

/** Draws the masks of an encoder for one batch after another. */
export interface DropoutDrawer {
  /** Axes of the masks by name. */
  axes: Axes;
  /** New masks, 0 or 1 / (1 - rate); they are overwritten by the next call. */
  draw(batch: Batch, random: Random): Record<string, NdArray>;
}

/** Creates the drawer for an encoder's dropout sites. */
export function createDropout(config: BertConfig): DropoutDrawer {
  const sites = Object.entries(dropoutSites(config));
  const buffers = new Map<string, Float32Array>();
  return {
    axes: Object.fromEntries(sites.map(([name, { axes }]) => [name, axes])),
    draw(batch, random) {
      const T = batch.pieceIds.length, B = batch.nSentences, P = batch.encoder.pieceBias.shape[3];
      const sizes: Record<string, number> = { T, B, P };
      return Object.fromEntries(sites.map(([name, { axes, rate }]) => {
        const shape = axes.map((axis) => (typeof axis === "string" ? sizes[axis] : axis)),
          size = sizeOf(shape);
        let buffer = buffers.get(name);
        if (!buffer || buffer.length < size) buffers.set(name, buffer = new Float32Array(size));
        return [name, { shape, data: fillDropout(buffer.subarray(0, size), rate, random) }];
      }));
    },
  };
}

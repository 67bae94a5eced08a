/** The dropout masks of a BERT encoder. */
import type { Batch } from "../../data/batches/batch.ts";
import type { Random } from "../../data/random.ts";
import type { Axes } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { createSiteDropout } from "../nn/site_dropout.ts";
import type { BertConfig } from "./bert_config.ts";
import { dropoutSites } from "./encoder.ts";

/** Draws the masks of an encoder for one batch after another. */
export interface DropoutDrawer {
  /** Axes of the masks by name. */
  axes: Axes;
  /** Draws new masks, 0 or 1 / (1 - rate); they are overwritten by the next call. */
  draw(batch: Batch, random: Random): Record<string, NdArray>;
}

/** Creates the drawer for an encoder's dropout sites. */
export function createDropout(config: BertConfig): DropoutDrawer {
  const { axes, draw } = createSiteDropout(dropoutSites(config));
  return {
    axes,
    draw: ({ pieceIds, nSentences, encoder }, random) =>
      draw({ T: pieceIds.length, B: nSentences, P: encoder.pieceBias.shape[3]! }, random),
  };
}

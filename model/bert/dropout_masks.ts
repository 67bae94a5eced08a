/** The dropout masks of a BERT encoder. */
import type { Batch } from "../../data/batches/batch.ts";
import type { Random } from "../../data/random.ts";
import type { Axes, Engine } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { createSiteDropout } from "../nn/create_dropout.ts";
import type { BertConfig } from "./bert_config.ts";
import { dropoutSites } from "./encoder.ts";

/** Draws the masks of an encoder for one batch after another. */
export interface DropoutDrawer {
  /** Axes of the masks by name. */
  axes: Axes;
  /** Draws new masks, 0 or 1 / (1 - rate); the next call overwrites them, or releases them. */
  draw(batch: Batch, random: Random): Promise<Record<string, NdArray>>;
  /** Frees what the engine holds for it. */
  dispose(): void;
}

/** Creates the drawer for an encoder's dropout sites. */
export function createDropout(engine: Engine, config: BertConfig): DropoutDrawer {
  const { axes, draw, dispose } = createSiteDropout(engine, dropoutSites(config));
  return {
    axes,
    draw: ({ pieceIds, nSentences, encoder }, random) =>
      draw({ T: pieceIds.length, B: nSentences, P: encoder.pieceBias.shape[3]! }, random),
    dispose,
  };
}

/** Training BART to restore text, of which a part is hidden anew in each epoch. */
import { infillText } from "../../data/batches/text_infilling.ts";
import type { Random } from "../../data/random.ts";
import {
  type DenoisingRecord,
  trainDenoising,
  type TrainDenoisingOptions,
} from "../training/train_denoising.ts";
import type { BartLm } from "./bart_lm.ts";

/**
 * Settings and context of a training. The defaults are 10 epochs, batches of 16, 1e-3 after a rise over the first
 * tenth, norm 1 at most.
 */
export interface TrainBartLmOptions extends TrainDenoisingOptions {
  /** The id of `<mask>`. */
  maskId: number;
}

/**
 * Trains a model in place.
 *
 * @param blocks Piece ids of texts, with one piece before and one after each.
 * @throws If there is no block; `NotFiniteError` if a loss is not finite.
 */
export async function trainBartLm(
  lm: BartLm,
  blocks: readonly Int32Array[],
  options: TrainBartLmOptions,
): Promise<DenoisingRecord> {
  const { epochs = 10, batchSize = 16, learningRate = 1e-3, warmup = 0.1, clipNorm = 1 } = options;
  const { stage = "BART", maskId } = options;
  if (blocks.length === 0) throw new Error("Cannot train BART: the text fills no block");
  const hiding = {
    hide: (ids: Int32Array, random: Random) => infillText(ids, { random, maskId }),
    random: options.random.fork("hide"),
  };
  const all = { ...options, epochs, batchSize, learningRate, warmup, clipNorm, stage };
  return await trainDenoising(lm, blocks, hiding, all);
}

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
 * Settings and context of a training. The rate rises over the first tenth and the norm is at most 1, if not told
 * otherwise.
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
  const { warmup = 0.1, clipNorm = 1, stage = "BART", maskId } = options;
  if (blocks.length === 0) throw new Error("Cannot train BART: the text fills no block");
  const hiding = {
    hide: (ids: Int32Array, random: Random) => infillText(ids, { random, maskId }),
    random: options.random.fork("hide"),
  };
  return await trainDenoising(lm, blocks, hiding, { ...options, warmup, clipNorm, stage });
}

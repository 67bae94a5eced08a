import type { Random } from "../random.ts";

/** Options of {@link infillText}. */
export interface TextInfillingOptions {
  /** The generator that makes every choice. */
  random: Random;
  /** The id of `<mask>`. */
  maskId: number;
  /** The share of the pieces to hide. Default: 0.3, as in BART. */
  share?: number;
  /** Mean length of the spans. Default: 3, as in BART. */
  meanLength?: number;
}

/** A sequence prepared for denoising. */
export interface InfilledText {
  /** The ids with spans replaced by one mask each, int32. */
  inputIds: Int32Array;
  /** The original ids, all of them to be predicted. */
  targetIds: Int32Array;
}

/**
 * Hides spans of a sequence by BART's text infilling (Lewis et al. 2020): span lengths are drawn from a Poisson
 * distribution until the given share of the pieces is hidden, the last one being cut to fit; each span is replaced by
 * one mask, whatever its length, and a span of length 0 puts a mask between two pieces.
 *
 * Spans do not overlap, and every way to lay them out among the remaining pieces is equally likely. The first and the
 * last piece, `<s>` and `</s>`, always stay. Of the n pieces between them, ⌈share · n⌉ are hidden. (In BART's own code
 * spans may overlap, which hides slightly fewer pieces, and an option aligns them with words.)
 *
 * @param ids The sequence's piece ids, with one piece before the text and one after it; left as they are.
 * @param options The mask's id, share, mean length, and the generator.
 * @returns The new ids and the original ones.
 * @throws {Error} If the share is not between 0 and 1, or the mean length is not above 0 and at most 100.
 *
 * @example
 * ```ts
 * import { createRandom, infillText } from "@laner/laner";
 *
 * const ids = [0, 11, 12, 13, 14, 15, 16, 17, 18, 19, 2];
 * const { inputIds } = infillText(ids, { random: createRandom(1), maskId: 4 });
 * console.log(inputIds); // 0 and 2 around six of the others and one or more masks
 * ```
 */
export function infillText(ids: ArrayLike<number>, options: TextInfillingOptions): InfilledText {
  const { random, maskId, share = 0.3, meanLength = 3 } = options;
  if (!(share >= 0 && share <= 1)) {
    throw new Error(`Cannot infill "text": a share is between 0 and 1, current value is ${share}`);
  }
  if (!(meanLength > 0 && meanLength <= 100)) {
    throw new Error(
      `Cannot infill "text": a mean length is above 0 and at most 100, current value is ${meanLength}`,
    );
  }
  const targetIds = Int32Array.from(ids);
  const n = Math.max(0, targetIds.length - 2);
  const budget = Math.ceil(share * n);
  const lengths: number[] = [];
  for (let hidden = 0; hidden < budget;) {
    const length = Math.min(drawPoisson(meanLength, random), budget - hidden);
    lengths.push(length);
    hidden += length;
  }
  // The order of the pieces is fixed, so shuffling the spans among one mark for each remaining piece lays them out.
  const layout = random.shuffle([...lengths, ...new Array<null>(n - budget).fill(null)]);
  const inputIds: number[] = [...targetIds.subarray(0, 1)];
  let at = 1;
  for (const length of layout) {
    if (length === null) inputIds.push(targetIds[at++]!);
    else {
      inputIds.push(maskId);
      at += length;
    }
  }
  inputIds.push(...targetIds.subarray(at));
  return { inputIds: Int32Array.from(inputIds), targetIds };
}

/**
 * Draws from a Poisson distribution by Knuth's method: counts the factors of a product of uniform numbers before it
 * falls below e^-λ, less one.
 */
function drawPoisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product >= limit; product *= random.uniform()) count++;
  return count;
}

import type { Random } from "../random.ts";

/** Options of {@link maskPieces}. */
export interface MaskPiecesOptions {
  /** The generator that makes every choice. */
  random: Random;
  /** The id of [MASK]. */
  maskId: number;
  /** Random pieces are drawn from the ids below this one. */
  vocabularySize: number;
  /** Ids that are never chosen: [CLS], [SEP], [PAD]. */
  specialIds: Iterable<number>;
  /** The probability with which each piece is chosen. Default: 0.2, as in CrossNER. */
  probability?: number;
  /** True if lone positions are joined to spans of two and more. Default: true. */
  spans?: boolean;
}

/** A sequence prepared for masked language modelling. */
export interface MaskedPieces {
  /** The ids with the chosen pieces replaced, int32 [P]. */
  inputIds: Int32Array;
  /** The chosen positions, rising. */
  positions: Int32Array;
  /** The original id at each of `positions`. */
  targets: Int32Array;
  /** The shape of each piece's word (see `shapesOfPieces`), which no mask hides; none by default. */
  pieceShapes?: ArrayLike<number> | undefined;
}

/**
 * Chooses pieces for masked language modelling and hides them, as CrossNER's domain-adaptive pre-training does (Liu et
 * al. 2021, its published code): every piece that is not special is chosen with the given probability; at span level,
 * {@link joinLonePositions} then moves lone positions next to another. A chosen piece becomes [MASK] in 80 % of cases
 * and a random piece in 10 %; otherwise it stays.
 *
 * @param ids The sequence's piece ids, [P]; left as they are.
 * @param options Ids, probability, span or token level, and the generator.
 * @returns The new ids, and the positions to predict with their original ids.
 * @throws {Error} If the probability is not between 0 and 1.
 */
export function maskPieces(ids: ArrayLike<number>, options: MaskPiecesOptions): MaskedPieces {
  const { random, maskId, vocabularySize, specialIds, probability = 0.2, spans = true } = options;
  if (!(probability >= 0 && probability <= 1)) {
    throw new Error(
      `Cannot mask "pieces": a probability is between 0 and 1, current value is ${probability}`,
    );
  }
  const special = new Set(specialIds);
  const positions: number[] = [];
  // Spans are joined between special pieces only: joining across one could mask it.
  let stretch: number[] = [];
  const endStretch = () => {
    positions.push(...(spans ? joinLonePositions(stretch) : stretch));
    stretch = [];
  };
  for (let i = 0; i < ids.length; i++) {
    if (special.has(ids[i]!)) endStretch();
    else if (random.uniform() < probability) stretch.push(i);
  }
  endStretch();

  const inputIds = Int32Array.from(ids);
  const targets = Int32Array.from(positions, (position) => ids[position]!);
  for (const position of positions) {
    const draw = random.uniform();
    if (draw < 0.8) inputIds[position] = maskId;
    else if (draw < 0.9) inputIds[position] = random.integer(vocabularySize);
  }
  return { inputIds, positions: Int32Array.from(positions), targets };
}

/**
 * Moves lone positions next to another chosen one, so that spans of two and more form: {5, 8, 12, 14, 15} becomes
 * {7, 8, 13, 14, 15}. Their number stays the same.
 *
 * The scan goes from left to right and holds at most one pending position: a chosen one whose left neighbour is not
 * chosen. If the next chosen position is its neighbour, both stay; if not, the pending one moves to the left neighbour
 * of that position. A position still pending at the end stays alone.
 *
 * @param positions Chosen positions, strictly rising.
 * @returns The new positions, strictly rising.
 * @throws {Error} If the positions do not rise.
 *
 * @example
 * ```ts
 * import { joinLonePositions } from "@laner/laner";
 *
 * console.log(joinLonePositions([5, 8, 12, 14, 15])); // [7, 8, 13, 14, 15]
 * ```
 */
export function joinLonePositions(positions: ArrayLike<number>): number[] {
  const joined: number[] = [];
  let isPending = false;
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i]!;
    if (i > 0 && !(position > positions[i - 1]!)) {
      throw new Error(
        `Cannot join "positions": they must rise strictly, current value is ${position} after ${
          positions[i - 1]
        }`,
      );
    }
    if (isPending) {
      joined[joined.length - 1] = position - 1;
      isPending = false;
    } else {
      isPending = joined.at(-1) !== position - 1;
    }
    joined.push(position);
  }
  return joined;
}

/**
 * Cuts a stream of pieces into blocks of equal length for masked language modelling, ignoring sentence boundaries.
 *
 * Each block is [CLS], `blockLength - 2` pieces of the stream and [SEP]. Pieces at the end that do not fill a block are
 * dropped, so a stream shorter than `blockLength - 2` gives no block at all.
 *
 * @param pieceIds The text's piece ids, without special pieces.
 * @param blockLength The length of a block, [CLS] and [SEP] included; at least 3.
 * @param specialIds The ids of [CLS] and [SEP].
 * @returns The blocks, int32 [blockLength] each.
 * @throws {Error} If the block length is not a whole number of at least 3.
 */
export function blocksOf(
  pieceIds: ArrayLike<number>,
  blockLength: number,
  { cls, sep }: { cls: number; sep: number },
): Int32Array[] {
  if (!Number.isInteger(blockLength) || blockLength < 3) {
    throw new Error(
      `Cannot cut "pieces" into blocks: a length is a whole number from 3, current value is ${blockLength}`,
    );
  }
  const contentLength = blockLength - 2;
  return Array.from({ length: Math.floor(pieceIds.length / contentLength) }, (_, b) => {
    const block = new Int32Array(blockLength);
    block[0] = cls;
    for (let i = 0; i < contentLength; i++) block[i + 1] = pieceIds[b * contentLength + i]!;
    block[blockLength - 1] = sep;
    return block;
  });
}

import type { Random } from "../random.ts";

/** A stretch of several character streams. */
export interface CharBlock {
  /** Characters to read, int32 [nStreams, length] row by row. */
  inputs: Int32Array;
  /** The character after each of them. */
  targets: Int32Array;
  nStreams: number;
  length: number;
}

/** Options of {@link charBlocks}. */
export interface CharBlocksOptions {
  /** Parallel streams, which are the rows of a batch. Default: 100, as in Flair. */
  nStreams?: number;
  /** Most characters of a stream in a block. Default: 250. */
  length?: number;
}

/**
 * Returns the characters of a text for a language model; each line ends in a line feed.
 *
 * As in Flair (Akbik et al. 2018) 1 % of the lines are put in lower case and 1 % in upper case, so that the model also
 * sees headlines and careless writing.
 *
 * @param lines The text.
 * @param random Draws the lines.
 * @param options `backward`: whether to read the text from its end, for the backward model; default false.
 *
 * @example
 * ```ts
 * import { charBlocks, charsOfLines, createRandom, createVocabulary } from "@laner/laner";
 *
 * const characters = charsOfLines(["A line.", "Another."], createRandom(1));
 * const vocabulary = createVocabulary(characters);
 * console.log(charBlocks(vocabulary.idsOf(characters), { nStreams: 2 })[0]!.inputs.length); // 14
 * ```
 */
export function charsOfLines(
  lines: Iterable<string>,
  random: Random,
  { backward = false }: { backward?: boolean } = {},
): string[] {
  const characters: string[] = [];
  for (const line of lines) {
    const draw = random.integer(100);
    const cased = draw === 0 ? line.toLowerCase() : draw === 1 ? line.toUpperCase() : line;
    for (const character of cased) characters.push(character);
    characters.push("\n");
  }
  return backward ? characters.reverse() : characters;
}

/**
 * Cuts a text into blocks for a character language model that carries its states from block to block.
 *
 * The text is cut into `nStreams` equal stretches, which are read side by side; characters left over at the end are
 * dropped. Stream b of a block continues stream b of the block before, so that states can be kept. The last block may
 * be shorter.
 *
 * @param ids Ids of the characters, in order.
 * @param options The number of streams and the length of a block.
 * @throws {Error} If a size is not a whole number of at least 1, or the text has fewer than two characters a stream.
 *
 * @example
 * ```ts
 * import { charBlocks } from "@laner/laner";
 *
 * for (const { inputs, targets } of charBlocks([0, 1, 2, 3, 4, 5, 6, 7, 8], { nStreams: 2, length: 2 })) {
 *   console.log(inputs, targets); // [0, 1, 4, 5], [1, 2, 5, 6], then [2, 6], [3, 7]
 * }
 * ```
 */
export function charBlocks(
  ids: ArrayLike<number>,
  { nStreams = 100, length = 250 }: CharBlocksOptions = {},
): CharBlock[] {
  for (const [name, value] of Object.entries({ nStreams, length })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new Error(
      `Cannot cut characters by "${name}": it must be a whole number from 1, current value is ${value}`,
    );
  }
  const perStream = Math.floor(ids.length / nStreams);
  if (perStream < 2) {
    throw new Error(
      `Cannot cut "characters" into blocks: there must be 2 for each of ${nStreams} streams, current value is ` +
        `${ids.length}`,
    );
  }
  const blocks: CharBlock[] = [];
  for (let start = 0; start < perStream - 1; start += length) {
    const size = Math.min(length, perStream - 1 - start);
    const inputs = new Int32Array(nStreams * size);
    const targets = new Int32Array(nStreams * size);
    for (let b = 0; b < nStreams; b++) {
      for (let i = 0; i < size; i++) {
        inputs[b * size + i] = ids[b * perStream + start + i]!;
        targets[b * size + i] = ids[b * perStream + start + i + 1]!;
      }
    }
    blocks.push({ inputs, targets, nStreams, length: size });
  }
  return blocks;
}

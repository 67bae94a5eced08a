/** The input of word-level networks: each word's vector beside features of its characters. */
import type { EncodedSentence } from "../../data/batches/batch.ts";
import { applyDropout, fillDropout } from "../../data/batches/dropout.ts";
import type { Random } from "../../data/random.ts";
import { characterIds, type Vocabularies } from "../../data/words/vocabularies.ts";
import { createBuffers } from "../engine/buffers.ts";
import type { Engine } from "../engine/engine.ts";
import { columns, type NdArray } from "../engine/nd_array.ts";
import { charCnnShapes, createCharCnn } from "../nn/char_cnn.ts";
import { lookUp, lookUpGradient } from "../nn/embedding_table.ts";
import type { Gradient } from "../training/optimizer.ts";
import type { Parameters } from "../weights/parameters.ts";

/** Sizes of what is read. */
export interface WordInputSizes {
  /** Width of word vectors. */
  wordWidth: number;
  /** Width of a character's vector. */
  characterWidth: number;
  /** Features that the character convolution gives for a word; 0 for none. */
  characterFeatures: number;
  /** Share of the values that is dropped. */
  dropout: number;
}

/** Lays words out as vectors and gives back the gradients. */
export interface WordInput {
  /** Width of a word. */
  width: number;
  /**
   * Computes the vectors of the words of sentences, packed.
   *
   * @param sentences Sentences with their words.
   * @param random Draws the dropout; without it there is none.
   * @param more Further features, float32 [W, any], which no gradient is asked for by; they come last, dropped too.
   * @returns float32 [W, width], which the next call overwrites.
   */
  forward(
    parameters: Parameters,
    sentences: readonly EncodedSentence[],
    random?: Random,
    more?: NdArray,
  ): Promise<NdArray>;
  /** Computes the gradients of the parameters, from that of what the last `forward` gave; it is changed in place. */
  backward(parameters: Parameters, d: NdArray): Promise<Record<string, Gradient>>;
  dispose(): void;
}

/** Returns the names and shapes of its parameters. */
export function wordInputShapes(
  { words, characters }: Vocabularies,
  { wordWidth, characterWidth, characterFeatures: nFilters }: WordInputSizes,
): Record<string, number[]> {
  return {
    "words.weight": [words.size, wordWidth],
    ...(nFilters > 0 ? charCnnShapes({ nCharacters: characters.size, characterWidth, nFilters }) : {}),
  };
}

/**
 * Creates it: the look-up in `words.weight`, the character convolution of each distinct word of a batch, dropout on
 * both.
 *
 * @param moreWidth Width of the further features.
 */
export function createWordInput(
  engine: Engine,
  vocabularies: Vocabularies,
  { wordWidth, characterWidth, characterFeatures: nFilters, dropout }: WordInputSizes,
  moreWidth = 0,
): WordInput {
  const cnn = nFilters > 0
    ? createCharCnn(engine, { nCharacters: vocabularies.characters.size, characterWidth, nFilters })
    : null;
  const width = wordWidth + nFilters + moreWidth;
  const buffer = createBuffers();
  let ids: Int32Array = new Int32Array();
  let distinct: Int32Array[] = [];
  let mask: Float32Array | null = null;
  /** The index of each word among the distinct words. */
  let slots = new Int32Array();

  return {
    width,

    async forward(parameters, sentences, random, more) {
      const words = sentences.flatMap(wordsOf);
      const shape = [words.length, width];
      const x: NdArray = { shape, data: buffer("x", words.length * width) };
      ids = vocabularies.words.idsOf(words);
      lookUp(parameters["words.weight"]!, ids, x, 0);
      if (cnn) {
        const slotOf = new Map([...new Set(words)].map((word, slot) => [word, slot]));
        slots = Int32Array.from(words, (word) => slotOf.get(word)!);
        distinct = [...slotOf.keys()].map((word) => characterIds(vocabularies, word));
        lookUp(await cnn.forward(parameters, distinct), slots, x, wordWidth);
      }
      if (more) lookUp(more, words.map((_, i) => i), x, wordWidth + nFilters);
      mask = random && dropout > 0 ? fillDropout(buffer("mask", x.data.length), dropout, random) : null;
      applyDropout(x.data, mask);
      return x;
    },

    async backward(parameters, d) {
      applyDropout(d.data, mask);
      const gradients: Record<string, Gradient> = {
        "words.weight": lookUpGradient(parameters["words.weight"]!, ids, d, 0),
      };
      if (!cnn) return gradients;
      const features = columns(d, wordWidth, nFilters);
      const dDistinct = {
        shape: [distinct.length, nFilters],
        data: sumInto(features, slots, distinct.length),
      };
      return { ...gradients, ...await cnn.backward(dDistinct) };
    },

    dispose: () => cnn?.dispose(),
  };
}

/** Returns the words of a sentence, which systems of words have to be given. */
function wordsOf({ words }: EncodedSentence): readonly string[] {
  if (!words) throw new Error("Cannot read a sentence without its words: encode it by encodeCorpus");
  return words;
}

/** Sums the rows that go to each of `n` places. */
function sumInto({ shape: [rows, width], data }: NdArray, slots: Int32Array, n: number): Float32Array {
  const sums = new Float32Array(n * width!);
  for (let i = 0; i < rows!; i++) {
    for (let j = 0; j < width!; j++) sums[slots[i]! * width! + j]! += data[i * width! + j]!;
  }
  return sums;
}

/** Features of words by a convolution over their characters (Ma & Hovy 2016; Jia et al. 2019). */
import { createBuffers } from "../engine/buffers.ts";
import type { Engine } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { tf } from "../engine/tf.ts";
import type { Parameters } from "../weights/parameters.ts";
import { type RowGradient, sumRows } from "./embedding_table.ts";
import { createGraphBlock } from "./graph_block.ts";
import { oneAtATime } from "./one_at_a_time.ts";
import { linear } from "./ops.ts";

/** Sizes of the convolution. */
export interface CharCnnOptions {
  /** Characters of the vocabulary, PAD and UNK counted. */
  nCharacters: number;
  /** Width of a character's vector; 30 unless told. */
  characterWidth?: number;
  /** Features of a word; 50 unless told. */
  nFilters?: number;
}

/** Width of the convolution: a character and its two neighbours. */
const WINDOW = 3;

/** Computes features of words and gives back the gradients. */
export interface CharFeatures {
  /** Features of a word. */
  width: number;
  /**
   * Computes the features of words.
   *
   * @param words Character ids of each word; at least one character each.
   * @returns float32 [words, width], which the next call overwrites.
   */
  forward(parameters: Parameters, words: readonly Int32Array[]): Promise<NdArray>;
  /** Computes the gradients of the parameters from those of the features that the last `forward` gave. */
  backward(d: NdArray): Promise<Record<string, NdArray | RowGradient>>;
  dispose(): void;
}

/** Returns the names and shapes of the parameters; the convolution's as PyTorch's Conv1d. */
export function charCnnShapes(
  { nCharacters, characterWidth = 30, nFilters = 50 }: CharCnnOptions,
): Record<string, number[]> {
  return {
    "characters.weight": [nCharacters, characterWidth],
    "char_cnn.weight": [nFilters, characterWidth, WINDOW],
    "char_cnn.bias": [nFilters],
  };
}

/**
 * Compiles the convolution: over each word's own characters, with one zero vector before and one after them, and the
 * maximum of each filter over the word's places. NCRF++ takes it over padding too, so that there a word's features
 * depend on the longest word of its batch.
 *
 * @example
 * ```ts
 * import { charCnnShapes, createCharCnn, createEngine, createRandom, initialParameters } from "@laner/laner";
 *
 * const options = { nCharacters: 28 }, parameters = initialParameters(charCnnShapes(options), createRandom(1));
 * const cnn = createCharCnn(await createEngine("onnx"), options);
 * const features = await cnn.forward(parameters, [Int32Array.of(2, 7, 9), Int32Array.of(5)]);
 * console.log(features.shape); // [2, 50]
 * cnn.dispose();
 * ```
 */
export function createCharCnn(engine: Engine, options: CharCnnOptions): CharFeatures {
  const { characterWidth: width = 30, nFilters = 50 } = options;
  const nInputs = WINDOW * width;
  const convolution = createGraphBlock(engine, {
    label: "character convolution",
    // PyTorch's weight [filter, channel, place] as that of a linear layer over [place, channel].
    compute: ({ windows, weight, bias }) => ({
      y: linear(windows, tf.reshape(tf.transpose(weight, [0, 2, 1]), [nFilters, nInputs]), bias),
    }),
    axes: { windows: ["C", nInputs] },
    outputs: { y: ["C", nFilters] },
    by: ["windows", "weight", "bias"],
  });
  const buffer = createBuffers();
  let table: NdArray;
  let ids: Int32Array;
  let lengths: number[];
  let places: Int32Array;

  return oneAtATime<CharFeatures>({
    width: nFilters,

    async forward(parameters, words) {
      table = parameters["characters.weight"]!;
      lengths = words.map(({ length }) => length);
      ids = Int32Array.from(words.flatMap((word) => [...word]));
      const windows = buffer("windows", ids.length * nInputs).fill(0);
      let word = 0;
      let i = 0;
      for (let place = 0; place < ids.length; place++, i++) {
        if (i === lengths[word]!) [word, i] = [word + 1, 0];
        const row = table.data.subarray(ids[place]! * width, (ids[place]! + 1) * width);
        // A character is read at its own place, at the one before and at the one after it, within the word.
        for (let k = 0; k < WINDOW; k++) {
          const at = i + 1 - k;
          if (at >= 0 && at < lengths[word]!) windows.set(row, ((place + 1 - k) * WINDOW + k) * width);
        }
      }
      const { y } = await convolution.forward({
        windows: { shape: [ids.length, nInputs], data: windows },
        weight: parameters["char_cnn.weight"]!,
        bias: parameters["char_cnn.bias"]!,
      });
      const data = buffer("features", words.length * nFilters).fill(-Infinity);
      places = new Int32Array(data.length);
      let place = 0;
      for (let word = 0; word < lengths.length; word++) {
        for (const end = place + lengths[word]!; place < end; place++) {
          for (let f = 0; f < nFilters; f++) {
            const to = word * nFilters + f;
            const value = y.data[place * nFilters + f]!;
            if (!(value > data[to]!)) continue;
            data[to] = value;
            places[to] = place;
          }
        }
      }
      return { shape: [words.length, nFilters], data };
    },

    async backward(d) {
      const dy = buffer("dy", ids.length * nFilters).fill(0);
      for (let i = 0; i < places.length; i++) dy[places[i]! * nFilters + i % nFilters] = d.data[i]!;
      const { windows, weight, bias } = await convolution.backward({
        y: { shape: [ids.length, nFilters], data: dy },
      });
      const dIds = new Float32Array(ids.length * width);
      let word = 0;
      let i = 0;
      for (let place = 0; place < ids.length; place++, i++) {
        if (i === lengths[word]!) [word, i] = [word + 1, 0];
        for (let k = 0; k < WINDOW; k++) {
          const at = i + 1 - k;
          if (at < 0 || at >= lengths[word]!) continue;
          const from = ((place + 1 - k) * WINDOW + k) * width;
          for (let j = 0; j < width; j++) dIds[place * width + j]! += windows.data[from + j]!;
        }
      }
      return {
        "characters.weight": sumRows(table.shape, ids, dIds),
        "char_cnn.weight": weight,
        "char_cnn.bias": bias,
      };
    },

    dispose: () => convolution.dispose(),
  }, ["forward", "backward"]);
}

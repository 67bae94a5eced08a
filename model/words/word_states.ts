/** The states of words in their sentences: what they are read as, through a BiLSTM. */
import type { EncodedSentence } from "../../data/batches/batch.ts";
import type { Random } from "../../data/random.ts";
import type { Vocabularies } from "../../data/words/vocabularies.ts";
import type { Engine } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { createBiLstm } from "../nn/bilstm.ts";
import { biLstmShapes } from "../nn/bilstm_shapes.ts";
import type { Gradient } from "../training/optimizer.ts";
import type { Parameters } from "../weights/parameters.ts";
import { createWordInput, wordInputShapes, type WordInputSizes } from "./word_input.ts";

/** Sizes of systems that read words: keys of the configuration. */
export interface WordSizes extends WordInputSizes {
  /** Width of a direction's LSTM states. */
  width: number;
  /** Layers of the LSTM. */
  nLayers: number;
  /** Weight of Coach's template regularisation; absent for none. */
  templates?: number;
}

/** The things that word states are made of. */
export interface WordStatesOptions {
  engine: Engine;
  vocabularies: Vocabularies;
  sizes: WordSizes;
  /** Used as they are, not copied. */
  parameters: Parameters;
}

/** Computes states and gives back the gradients. */
export interface WordStates {
  /** Width of a state. */
  width: number;
  /**
   * Computes the states of the words of sentences.
   *
   * @param random Draws the dropout; without it there is none.
   * @returns float32 [W, width], packed, which the next call overwrites; and the words of each sentence.
   */
  forward(
    sentences: readonly EncodedSentence[],
    random?: Random,
  ): Promise<{ states: NdArray; nWords: number[] }>;
  /** Computes the gradients of the parameters, from that of what the last `forward` gave. */
  backward(d: NdArray): Promise<Record<string, Gradient>>;
  dispose(): void;
}

const lstmOptions = (sizes: WordSizes) => ({
  name: "bilstm",
  inputWidth: sizes.wordWidth + sizes.characterFeatures,
  width: sizes.width,
  nLayers: sizes.nLayers,
  dropout: sizes.dropout,
});

/** Returns the names and shapes of the parameters. */
export function wordStatesShapes(vocabularies: Vocabularies, sizes: WordSizes): Record<string, number[]> {
  return { ...wordInputShapes(vocabularies, sizes), ...biLstmShapes(lstmOptions(sizes)) };
}

/** Assembles the network. */
export function createWordStates(
  { engine, vocabularies, sizes, parameters }: WordStatesOptions,
): WordStates {
  const input = createWordInput(engine, vocabularies, sizes);
  const lstm = createBiLstm(engine, lstmOptions(sizes));
  return {
    width: 2 * sizes.width,
    async forward(sentences, random) {
      const nWords = sentences.map(({ firstPieces }) => firstPieces.length);
      const x = await input.forward(parameters, sentences, random);
      return { states: (await lstm.forward(parameters, x, nWords, random)).states, nWords };
    },
    async backward(d) {
      const { x, gradients } = await lstm.backward({ states: d });
      return { ...await input.backward(parameters, x), ...gradients };
    },
    dispose() {
      input.dispose();
      lstm.dispose();
    },
  };
}

/** LSTM-CRF (Lample et al. 2016): word vectors and features of characters, a BiLSTM, a CRF. */
import { createCrfOutput, CRF_OUTPUT_TAG_AXES, crfOutputShapes } from "../../nn/crf_output.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { type System, SYSTEM_CALLS } from "../../training/system.ts";
import { createWordStates, wordStatesShapes } from "../../words/word_states.ts";
import { inOneStep } from "../packed_ahead.ts";
import { predictByLength } from "../predict_by_length.ts";
import type { WordSystemOptions } from "../word_model.ts";
import { type WordSystem, wordSystem } from "../word_system.ts";

/** LSTM-CRF as a line of the table of systems. */
export const LSTM_CRF: WordSystem = wordSystem({
  shapes: ({ vocabularies, sizes, tags }) => ({
    ...wordStatesShapes(vocabularies, sizes),
    ...crfOutputShapes(2 * sizes.width, tags.nTags),
  }),
  tagAxes: CRF_OUTPUT_TAG_AXES,
  create: createLstmCrf,
});

/**
 * Assembles an LSTM-CRF, whose loss is the mean negative log likelihood of sentences.
 *
 * As in CrossNER, without its mistakes: sentences are read and scored to their own ends, where its LSTM,
 * likelihood and decoding run over padding, and capitalised words without a vector get that of their lower-case form.
 * Lample et al. have a BiLSTM over characters where this has a convolution.
 *
 * @example
 * ```ts
 * import { createEngine, createLstmCrf, createRandom, createTagSet, createVocabularies } from "@laner/laner";
 * import { initialParameters, LSTM_CRF, train } from "@laner/laner";
 *
 * const words = ["Ann", "saw", "Bonn"], tags = createTagSet(["person", "place"]);
 * const vocabularies = createVocabularies([{ words }], [], true);
 * const sizes = {
 *   wordWidth: 8, characterWidth: 4, characterFeatures: 4, width: 8, nLayers: 1, dropout: 0.1,
 * };
 * const random = createRandom(1), about = { vocabularies, sizes, tags, domains: { source: tags, target: tags } };
 * const parameters = initialParameters(LSTM_CRF.shapes(about), random);
 * const tagger = createLstmCrf({ engine: await createEngine("onnx"), ...about, parameters });
 *
 * const sentence = { words, ids: [0, 0, 0], firstPieces: [0, 1, 2], tagIds: [1, 0, 3] };
 * await train(tagger, [sentence], { epochs: 60, learningRate: 0.02, random });
 * console.log((await tagger.predict([sentence])).tagIds[0]); // 1, 0, 3
 * tagger.dispose();
 * ```
 */
export function createLstmCrf(options: WordSystemOptions): System {
  const { engine, tags, parameters } = options;
  const words = createWordStates(options);
  const output = createCrfOutput(engine, words.width, tags.nTags);
  return oneAtATime<System>({
    tags,
    parameters,
    lossTerms: ({ length }) => length,

    async lossAndGradients(sentences, random) {
      const { states } = await words.forward(sentences, random);
      const tagIds = sentences.map((sentence) => sentence.tagIds);
      const { loss, gradients, states: d } = await output.lossAndGradients(parameters, states, tagIds);
      return { loss, gradients: { ...await words.backward(d), ...gradients } };
    },

    predict: async (sentences, onProgress) => ({
      tagIds: await predictByLength(
        sentences,
        inOneStep(async (batch) => {
          const { states, nWords } = await words.forward(batch);
          return await output.decode(parameters, states, nWords);
        }),
        onProgress,
      ),
    }),

    dispose() {
      words.dispose();
      output.dispose();
    },
  }, SYSTEM_CALLS);
}

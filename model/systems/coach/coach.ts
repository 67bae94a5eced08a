/**
 * Coach (Liu et al. 2020): a CRF on the tags O, B and I finds entities; then a second BiLSTM reads the words of each, and
 * its states are compared with vectors of the types' descriptions to find the type.
 */
import type { Random } from "../../../data/random.ts";
import type { Domains } from "../../../data/tags/domain_tags.ts";
import { createTagReader, createTagWriter, type TypedSpan } from "../../../data/tags/tag_ids.ts";
import { unionOfTagSets } from "../../../data/tags/tag_set.ts";
import { typeWords } from "../../../data/words/type_words.ts";
import { matrixShape, type NdArray, takeRows } from "../../engine/nd_array.ts";
import { tf } from "../../engine/tf.ts";
import { createBiLstm } from "../../nn/bilstm.ts";
import { biLstmShapes } from "../../nn/bilstm_shapes.ts";
import { createCrfOutput, crfOutputShapes } from "../../nn/crf_output.ts";
import { crossEntropyOfRows, greatestOfRows } from "../../nn/cross_entropy.ts";
import { createGraphBlock } from "../../nn/graph_block.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import type { Gradient } from "../../training/optimizer.ts";
import { type System, SYSTEM_CALLS, type TaggedSentence } from "../../training/system.ts";
import { createWordStates, wordStatesShapes } from "../../words/word_states.ts";
import type { WordSizes } from "../../words/word_states.ts";
import { inOneStep } from "../packed_ahead.ts";
import { predictByLength } from "../predict_by_length.ts";
import type { WordSystemOptions } from "../word_model.ts";
import { type WordSystem, wordSystem } from "../word_system.ts";
import {
  COARSE,
  coarseSpans,
  coarseTags,
  type EntityPlace,
  placesOf,
  repeated,
  sumsOf,
} from "./entity_places.ts";
import { createCoachTemplates, type TemplateSentence, templateShapes } from "./coach_templates.ts";

/** Lists the types of both data sets, the rows of the type vectors. */
const typesOf = ({ source, target }: Domains) => unionOfTagSets(source, target).entityTypes;

/** Sizes the second BiLSTM: its two directions together are as wide as a word's vector. */
const entityLstm = ({ width, wordWidth }: WordSizes) => {
  if (wordWidth % 2 === 0) return { name: "entity_lstm", inputWidth: 2 * width, width: wordWidth / 2 };
  throw new Error(`Cannot make a Coach: word vectors must be of even width, current value is ${wordWidth}`);
};

/** Coach as a line of the table of systems. */
export const COACH: WordSystem = wordSystem({
  shapes: ({ vocabularies, sizes, domains }) => ({
    ...wordStatesShapes(vocabularies, sizes),
    ...crfOutputShapes(2 * sizes.width, COARSE.length),
    ...biLstmShapes(entityLstm(sizes)),
    ...(sizes.templates ? templateShapes(sizes.wordWidth, sizes.width, sizes.nLayers) : {}),
    types: [typesOf(domains).length, sizes.wordWidth],
  }),
  vectorWords: (domains) => typesOf(domains).flatMap(typeWords),
  initialise({ types, "words.weight": words }, { vocabularies, domains }) {
    const { data } = types!;
    const [, width] = matrixShape(types!);
    data.fill(0);
    typesOf(domains).forEach((type, row) => {
      for (const id of vocabularies.words.idsOf(typeWords(type))) {
        for (let j = 0; j < width; j++) data[row * width + j]! += words!.data[id * width + j]!;
      }
    });
  },
  create: createCoach,
});

/**
 * Assembles a Coach. The loss is the mean over sentences of the negative log likelihood of the coarse tags and the
 * cross-entropy of the types of the sentence's entities, whose boundaries are the gold ones; and, where `sizes.templates`
 * says so, of the template regularisation.
 *
 * What differs from the published code: one update for both losses, where that makes one for the first and then one for
 * each sentence, with gradients of parameters that have changed; sentences are read to their own ends; an entity's words
 * are those from B to the last I that follows without a gap; type vectors are the sums of word vectors alone, without
 * the noise that is left in them there.
 */
export function createCoach(options: WordSystemOptions): System {
  const { engine, tags, domains, sizes, vocabularies } = options;
  const { wordWidth } = sizes;
  // The types' vectors stay as they are.
  const { types, ...parameters } = options.parameters;
  const spansOf = createTagReader(tags);
  const write = createTagWriter(tags);
  const words = createWordStates(options);
  const output = createCrfOutput(engine, words.width, COARSE.length);
  const lstm = createBiLstm(engine, entityLstm(sizes));
  const templates = sizes.templates
    ? createCoachTemplates(engine, wordWidth, sizes.width, sizes.nLayers)
    : null;
  const typing = createGraphBlock(engine, {
    label: "entity types",
    compute: ({ entities, types }) => ({ scores: tf.matMul(entities, types, false, true) }),
    axes: { entities: ["E", wordWidth], types: [tags.entityTypes.length, wordWidth] },
    outputs: { scores: ["E", tags.entityTypes.length] },
    by: ["entities"],
  });
  const all = typesOf(domains);
  const rows = tags.entityTypes.map((type) => all.indexOf(type));
  /** The vectors of the types that the tags have. */
  const typeVectors = takeRows(types!, rows);

  /** Scores the types of entities, float32 [E, types]; `places` are their words, `lengths` how many each has. */
  async function scoreTypes(states: NdArray, entities: readonly EntityPlace[]) {
    const places = entities.flatMap(({ first, n }) => Array.from({ length: n }, (_, i) => first + i));
    const lengths = entities.map(({ n }) => n);
    const passed = await lstm.forward(parameters, takeRows(states, places), lengths);
    const sums = sumsOf(passed.states, lengths);
    const { scores } = await typing.forward({ entities: sums, types: typeVectors });
    return { scores, places, lengths };
  }

  return oneAtATime<System>({
    tags,
    parameters,
    lossTerms: ({ length }) => length,

    async lossAndGradients(sentences, random) {
      const { states, nWords } = await words.forward(sentences, random);
      const spans = sentences.map(({ tagIds }) => spansOf(tagIds));
      const coarse = spans.map((spans, i) => coarseTags(spans, nWords[i]!));
      const first = await output.lossAndGradients(parameters, states, coarse);
      const gradients: Record<string, Gradient> = { ...first.gradients };
      let { loss } = first;
      const entities = placesOf(spans, nWords);
      const d = first.states;
      if (entities.length > 0) {
        const { scores, places, lengths } = await scoreTypes(states, entities);
        const gold = spans.flat().map(({ type }) => type);
        const second = crossEntropyOfRows(scores, gold, 1 / sentences.length);
        loss += second.loss;
        const byTyping = await typing.backward({ scores: second.scores });
        const back = await lstm.backward({ states: repeated(byTyping.entities, lengths) });
        Object.assign(gradients, back.gradients);
        addRows(d, places, back.x);
      }
      const regular = await regularise(sentences, states, spans, random);
      if (regular) {
        loss += regular.loss;
        Object.assign(gradients, regular.gradients);
        for (let i = 0; i < d.data.length; i++) d.data[i]! += regular.states.data[i]!;
      }
      return { loss, gradients: { ...await words.backward(d), ...gradients } };
    },

    predict: async (sentences, onProgress) => ({
      tagIds: await predictByLength(
        sentences,
        inOneStep(async (batch) => {
          const { states, nWords } = await words.forward(batch);
          const coarse = await output.decode(parameters, states, nWords);
          const spans = coarse.map(coarseSpans);
          const entities = placesOf(spans, nWords);
          const types = entities.length > 0
            ? greatestOfRows((await scoreTypes(states, entities)).scores!, "scores of entity types")
            : [];
          let entity = 0;
          return spans.map((spans, i) => {
            return write(spans.map((span) => ({ ...span, type: types[entity++]! })), nWords[i]!);
          });
        }),
        onProgress,
      ),
    }),

    dispose() {
      for (const part of [words, output, lstm, typing]) part.dispose();
      templates?.dispose();
    },
  }, SYSTEM_CALLS);

  /** Computes the template regularisation of the sentences with entities, if the settings ask for it. */
  async function regularise(
    sentences: readonly TaggedSentence[],
    states: NdArray,
    spans: readonly (readonly TypedSpan[])[],
    random?: Random,
  ) {
    const weight = sizes.templates ?? 0;
    const withEntities: TemplateSentence[] = [];
    let first = 0;
    sentences.forEach((sentence, i) => {
      if (spans[i]!.length > 0) {
        const vectors = takeRows(parameters["words.weight"]!, vocabularies.words.idsOf(sentence.words!)).data;
        withEntities.push({ first, vectors, spans: spans[i]! });
      }
      first += sentence.tagIds.length;
    });
    if (!templates || withEntities.length === 0) return null;
    const scale = weight / sentences.length;
    return await templates.lossAndGradients(parameters, states, typeVectors, withEntities, scale, random);
  }
}

function addRows(target: NdArray, rows: readonly number[], { shape: [, width], data }: NdArray): void {
  rows.forEach((row, i) => {
    for (let j = 0; j < width!; j++) target.data[row * width! + j]! += data[i * width! + j]!;
  });
}

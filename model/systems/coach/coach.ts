/**
 * Coach (Liu et al. 2020): first where entities are, by a CRF on the tags O, B and I; then of which type each is, by
 * comparing what a second BiLSTM makes of its words with vectors of the types' descriptions.
 */
import type { Random } from "../../../data/random.ts";
import type { Domains } from "../../../data/tags/domain_tags.ts";
import { type Span, spansToTags, tagsToSpans } from "../../../data/tags/tag_scheme.ts";
import { unionOfTagSets } from "../../../data/tags/tag_set.ts";
import { typeWords } from "../../../data/words/type_words.ts";
import { matrixShape, type NdArray, takeRows } from "../../engine/nd_array.ts";
import { tf } from "../../engine/tf.ts";
import { biLstmShapes, createBiLstm } from "../../nn/bilstm.ts";
import { createCrfOutput, crfOutputShapes } from "../../nn/crf_output.ts";
import { crossEntropyOfRows, greatestOfRows } from "../../nn/cross_entropy.ts";
import { createGraphBlock } from "../../nn/graph_block.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import type { Gradient } from "../../training/optimizer.ts";
import { type System, SYSTEM_CALLS, type TaggedSentence } from "../../training/system.ts";
import { createWordStates, wordStatesShapes } from "../../words/word_states.ts";
import type { WordSizes } from "../../words/word_states.ts";
import { predictByLength } from "../predict_by_length.ts";
import { type WordSystem, wordSystem, type WordSystemOptions } from "../word_system.ts";
import { createCoachTemplates, type TemplateSentence, templateShapes } from "./coach_templates.ts";

/** The tags of the first step, by id. */
const COARSE = ["O", "B", "I"];

/** All types of both data sets: a row of the type vectors each. */
const typesOf = ({ source, target }: Domains) => unionOfTagSets(source, target).entityTypes;

/** The second BiLSTM, whose two directions together are as wide as a word's vector. */
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

  /** Scores of the types of entities, float32 [E, types], and the states of their words. */
  async function scoreTypes(states: NdArray, entities: readonly Place[]) {
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

    async lossAndGradients(sentences, random) {
      const { states, nWords } = await words.forward(sentences, random);
      const spans = sentences.map(spansIn);
      const coarse = spans.map((spans, i) => coarseTags(spans, nWords[i]!));
      const first = await output.lossAndGradients(parameters, states, coarse);
      const gradients: Record<string, Gradient> = { ...first.gradients };
      let { loss } = first;
      const entities = placesOf(spans, nWords);
      const d = first.states;
      if (entities.length > 0) {
        const { scores, places, lengths } = await scoreTypes(states, entities);
        const gold = spans.flat().map(({ entityType }) => tags.entityTypes.indexOf(entityType));
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

    predict: (sentences, onProgress) =>
      predictByLength(sentences, async (batch) => {
        const { states, nWords } = await words.forward(batch);
        const coarse = await output.decode(parameters, states, nWords);
        const spans = coarse.map(coarseSpans);
        const entities = placesOf(spans, nWords);
        const types = entities.length > 0
          ? greatestOfRows((await scoreTypes(states, entities)).scores!, "scores of entity types")
          : [];
        let entity = 0;
        const tagIds = spans.map((spans, i) => {
          const typed = spans.map((span) => ({ ...span, entityType: tags.entityTypes[types[entity++]!]! }));
          const names = spansToTags(typed, nWords[i]!, { scheme: tags.scheme });
          return Int32Array.from(names, (tag) => tags.idOf(tag));
        });
        return { tagIds, nPasses: batch.map(() => 1) };
      }, onProgress),

    dispose() {
      for (const part of [words, output, lstm, typing]) part.dispose();
      templates?.dispose();
    },
  }, SYSTEM_CALLS);

  /** Template regularisation of the sentences that have entities, if it is wanted. */
  async function regularise(
    sentences: readonly TaggedSentence[],
    states: NdArray,
    spans: readonly (readonly Span[])[],
    random?: Random,
  ) {
    const weight = sizes.templates ?? 0;
    const withEntities: TemplateSentence[] = [];
    let first = 0;
    sentences.forEach((sentence, i) => {
      if (spans[i]!.length > 0) {
        const vectors = takeRows(parameters["words.weight"]!, vocabularies.words.idsOf(sentence.words!)).data;
        const gold = spans[i]!.map(({ entityType }) => tags.entityTypes.indexOf(entityType));
        withEntities.push({ first, vectors, spans: spans[i]!, types: gold });
      }
      first += sentence.tagIds.length;
    });
    if (!templates || withEntities.length === 0) return null;
    const scale = weight / sentences.length;
    return await templates.lossAndGradients(parameters, states, typeVectors, withEntities, scale, random);
  }

  function spansIn({ tagIds }: TaggedSentence): Span[] {
    return tagsToSpans(Array.from(tagIds, (id) => tags.tagOf(id)), { scheme: tags.scheme });
  }
}

/** Where an entity's words are among those of all sentences. */
interface Place {
  first: number;
  n: number;
}

/** The entities of all sentences, one after another. */
function placesOf(spans: readonly (readonly Span[])[], nWords: readonly number[]): Place[] {
  let first = 0;
  return spans.flatMap((spans, i) => {
    const places = spans.map(({ start, end }) => ({ first: first + start, n: end - start }));
    first += nWords[i]!;
    return places;
  });
}

function coarseTags(spans: readonly Span[], nWords: number): number[] {
  return spansToTags(spans, nWords).map((tag) => COARSE.indexOf(tag[0]!));
}

/** The entities that coarse tags mark: B and the I's that follow it; an I that follows no entity is none. */
export function coarseSpans(tagIds: ArrayLike<number>): Span[] {
  const spans: Span[] = [];
  for (let i = 0; i < tagIds.length; i++) {
    const tag = COARSE[tagIds[i]!];
    if (tag === "B") spans.push({ start: i, end: i + 1, entityType: "" });
    else if (tag === "I" && spans.at(-1)?.end === i) spans.at(-1)!.end++;
  }
  return spans;
}

/** Sums of the states of each entity's words. */
function sumsOf({ shape: [, width], data }: NdArray, lengths: readonly number[]): NdArray {
  const sums = new Float32Array(lengths.length * width!);
  let word = 0;
  lengths.forEach((n, entity) => {
    for (const end = word + n; word < end; word++) {
      for (let j = 0; j < width!; j++) sums[entity * width! + j]! += data[word * width! + j]!;
    }
  });
  return { shape: [lengths.length, width!], data: sums };
}

/** The gradient of those sums: each entity's row for each of its words. */
function repeated(d: NdArray, lengths: readonly number[]): NdArray {
  return takeRows(d, lengths.flatMap((n, entity) => Array.from({ length: n }, () => entity)));
}

function addRows(target: NdArray, rows: readonly number[], { shape: [, width], data }: NdArray): void {
  rows.forEach((row, i) => {
    for (let j = 0; j < width!; j++) target.data[row * width! + j]! += data[i * width! + j]!;
  });
}

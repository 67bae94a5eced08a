/**
 * Cross-Domain LM (Jia et al. 2019): a tagger and a language model, in the source and in the target, four jobs for which
 * one BiLSTM has weights generated from the vectors of the domain and of the task.
 */
import type { Domain } from "../../../data/batches/domain_batches.ts";
import { applyDropout, fillDropout } from "../../../data/batches/dropout.ts";
import { createRandom } from "../../../data/random.ts";
import { createTagConverter } from "../../../data/tags/convert_tags.ts";
import { DOMAINS, iobesTags, predictedDomain } from "../../../data/tags/domain_tags.ts";
import { createBuffers } from "../../engine/buffers.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { createCrfOutput, crfOutputShapes } from "../../nn/crf_output.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { type Gradient, sumOf } from "../../training/optimizer.ts";
import { type System, SYSTEM_CALLS, type TaggedSentence } from "../../training/system.ts";
import { type Parameters, withoutPrefix, withPrefix } from "../../weights/parameters.ts";
import { createWordInput, wordInputShapes } from "../../words/word_input.ts";
import { inOneStep } from "../packed_ahead.ts";
import { predictByLength } from "../predict_by_length.ts";
import type { WordSystemOptions } from "../word_model.ts";
import { type WordSystem, wordSystem } from "../word_system.ts";
import { createGeneratedLstm, generatedLstmShapes, type Job } from "./generated_lstm.ts";
import { createWordLm, drawWords, wordLmShapes } from "./word_lm.ts";

/** The weights of the jobs' losses, as in the published supervised setting. */
const WEIGHTS = { source: { ner: 1, lm: 1 }, target: { ner: 2, lm: 1 } } as const;
/** The number of words from which the language model tells each right one, if the vocabulary has as many. */
const SAMPLED = 50;

/** Cross-Domain LM as a line of the table of systems. */
export const CROSS_DOMAIN_LM: WordSystem = wordSystem({
  batching: "paired",
  shapes({ vocabularies, sizes: { width, ...sizes }, domains }) {
    return {
      ...wordInputShapes(vocabularies, sizes),
      ...generatedLstmShapes(sizes.wordWidth + sizes.characterFeatures, width),
      ...wordLmShapes(vocabularies.words.size, width),
      ...Object.assign(
        {},
        ...DOMAINS.map((domain) =>
          withPrefix(domain, crfOutputShapes(2 * width, iobesTags(domains[domain]).nTags))
        ),
      ),
    };
  },
  // Scaled so that generated weights begin as those of an LSTM do, within about 1/√H.
  initialise(parameters, { sizes: { width } }) {
    const { shape: [D, E, size], data } = parameters["generator.weight"]!;
    const factor = Math.sqrt(E! * size! / (width * D! * E!));
    for (let i = 0; i < data.length; i++) data[i]! *= factor;
  },
  create: createCrossDomainLm,
});

/**
 * Assembles a Cross-Domain LM. A domain's loss is the mean over its sentences of the weighted losses of its two jobs,
 * the negative log likelihood of the tags and the language model's; a batch with sentences of both domains adds them.
 *
 * As in the published supervised setting, the language model reads the sentences that are tagged. What differs: the
 * target's sentences are read again until the source's are through, where the published code leaves a domain out once
 * its sentences are read; features of characters do not depend on padding. Of the LSTM there is one layer.
 */
export function createCrossDomainLm(options: WordSystemOptions): System {
  const { engine, vocabularies, sizes, tags, domains, parameters } = options;
  const { width, dropout } = sizes;
  const input = createWordInput(engine, vocabularies, sizes);
  const lstm = createGeneratedLstm(engine, input.width, width);
  const V = vocabularies.words.size;
  const lm = createWordLm(engine, width, Math.min(SAMPLED, V - 1));
  const heads = { source: headOf("source"), target: headOf("target") };
  const buffer = createBuffers();
  const predicted = predictedDomain(tags, domains);

  function headOf(domain: Domain) {
    const own = iobesTags(domains[domain]);
    return {
      output: createCrfOutput(engine, 2 * width, own.nTags),
      toOwn: createTagConverter(tags, own),
      fromOwn: createTagConverter(own, tags),
    };
  }
  const parametersOf = (domain: Domain): Parameters => withoutPrefix(domain, parameters);

  return oneAtATime<System>({
    tags,
    parameters,
    lossTerms: ({ length }) => length,

    async lossAndGradients(batch, random) {
      // Both domains' sentences in one look-up, one domain after the other.
      const byDomain = DOMAINS.map((domain) => ({
        domain,
        sentences: batch.filter((one) => (one.domain ?? "target") === domain),
      }))
        .filter(({ sentences }) => sentences.length > 0);
      const ordered = byDomain.flatMap(({ sentences }) => sentences);
      const x = await input.forward(parameters, ordered, random);
      await lstm.generate(parameters);
      const dx = { shape: x.shape, data: new Float32Array(x.data.length) };
      // Without a generator the same words are drawn each time, so that losses compare.
      const draw = drawWords(V, lm.nSampled, random ?? createRandom(0));
      const gradients: Record<string, Gradient>[] = [];
      let loss = 0;
      let first = 0;
      for (const { domain, sentences } of byDomain) {
        const nWords = sentences.map(({ tagIds }) => tagIds.length);
        const W = nWords.reduce((sum, n) => sum + n, 0);
        const part = (all: NdArray) => all.data.subarray(first * input.width, (first + W) * input.width);
        const own = { shape: [W, input.width], data: part(x) };
        for (const task of ["ner", "lm"] as const) {
          const states = await lstm.forward({ domain, task }, own, nWords);
          const mask = random && dropout > 0
            ? fillDropout(buffer("mask", states.data.length), dropout, random)
            : null;
          applyDropout(states.data, mask);
          const found = task === "ner" ? await tagging(domain, states, sentences) : await lm.lossAndGradients(
            parameters,
            states,
            sentences.map(wordIdsOf),
            1 / sentences.length,
            draw,
          );
          const weight = WEIGHTS[domain][task];
          loss += weight * found.loss;
          for (const { data } of [found.states, ...Object.values(found.gradients)]) {
            for (let i = 0; i < data.length; i++) data[i]! *= weight;
          }
          gradients.push(found.gradients);
          applyDropout(found.states.data, mask);
          const back = await lstm.backward(found.states);
          const to = part(dx);
          for (let i = 0; i < to.length; i++) to[i]! += back.data[i]!;
        }
        first += W;
      }
      return {
        loss,
        gradients: {
          ...await input.backward(parameters, dx),
          ...await lstm.gradients(),
          ...sumOf(gradients),
        },
      };
    },

    async predict(sentences, onProgress) {
      await lstm.generate(parameters);
      const { output, fromOwn } = heads[predicted];
      const job: Job = { domain: predicted, task: "ner" };
      const tagIds = await predictByLength(
        sentences,
        inOneStep(async (batch) => {
          const nWords = batch.map(({ firstPieces }) => firstPieces.length);
          const states = await lstm.forward(job, await input.forward(parameters, batch), nWords);
          const tagIds = await output.decode(parametersOf(predicted), states, nWords);
          return tagIds.map(fromOwn);
        }),
        onProgress,
      );
      return { tagIds };
    },

    dispose() {
      for (const part of [input, lstm, lm, heads.source.output, heads.target.output]) part.dispose();
    },
  }, SYSTEM_CALLS);

  async function tagging(domain: Domain, states: NdArray, sentences: readonly TaggedSentence[]) {
    const { output, toOwn } = heads[domain];
    const gold = sentences.map(({ tagIds }) => toOwn(tagIds));
    const found = await output.lossAndGradients(parametersOf(domain), states, gold);
    return { ...found, gradients: withPrefix<Gradient>(domain, found.gradients) };
  }

  function wordIdsOf({ words }: TaggedSentence): Int32Array {
    return vocabularies.words.idsOf(words!);
  }
}

/**
 * Multi-Cell LSTM (Jia & Zhang 2020): a BiLSTM with one cell for each entity type, which the domains share where they
 * share types; each domain has an attention over its types' cells and a CRF of its own.
 */
import type { Domain } from "../../../data/batches/domain_batches.ts";
import { createTagConverter } from "../../../data/tags/convert_tags.ts";
import { DOMAINS, iobesTags, predictedDomain } from "../../../data/tags/domain_tags.ts";
import type { Domains } from "../../../data/tags/domain_tags.ts";
import { createTagReader, type TypedSpan } from "../../../data/tags/tag_ids.ts";
import { encoderShapes } from "../../bert/bert_shapes.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { createCrfOutput, crfOutputShapes } from "../../nn/crf_output.ts";
import { crossEntropyOfRows } from "../../nn/cross_entropy.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import type { Gradient } from "../../training/optimizer.ts";
import { type System, SYSTEM_CALLS, type TaggedSentence } from "../../training/system.ts";
import { type Parameters, withoutPrefix, withPrefix } from "../../weights/parameters.ts";
import { createEncoderFeatures } from "../../words/encoder_features.ts";
import { remembered } from "../../words/word_features.ts";
import { createWordInput, wordInputShapes } from "../../words/word_input.ts";
import { inOneStep } from "../packed_ahead.ts";
import { predictByLength } from "../predict_by_length.ts";
import type { WordSystemOptions } from "../word_model.ts";
import { type WordSystem, wordSystem } from "../word_system.ts";
import { multiCellShapes } from "./multi_cell.ts";
import { createMultiCellStates, typeScoreShapes } from "./multi_cell_states.ts";

/** Lists the cells: O, and the types of both domains. Types that differ only in capitals share one. */
function cellsOf({ source, target }: Domains): string[] {
  return ["O", ...new Set([...source.entityTypes, ...target.entityTypes].map((type) => type.toLowerCase()))];
}

/** Multi-Cell LSTM as a line of the table of systems. */
export const MULTI_CELL_LSTM: WordSystem = wordSystem({
  batching: "alternating",
  can: { readEncoderStates: true },
  shapes({ vocabularies, sizes, domains, encoder }) {
    const inputWidth = sizes.wordWidth + sizes.characterFeatures + (encoder?.hiddenWidth ?? 0);
    const nTypes = cellsOf(domains).length;
    return {
      ...(encoder ? withPrefix("encoder", encoderShapes(encoder)) : {}),
      ...wordInputShapes(vocabularies, sizes),
      ...multiCellShapes(nTypes, inputWidth, sizes.width, ""),
      ...multiCellShapes(nTypes, inputWidth, sizes.width, "_reverse"),
      ...typeScoreShapes(nTypes, sizes.width),
      ...Object.assign(
        {},
        ...DOMAINS.map((domain) =>
          withPrefix(domain, crfOutputShapes(2 * sizes.width, iobesTags(domains[domain]).nTags))
        ),
      ),
    };
  },
  create: createMultiCellLstm,
});

/**
 * Assembles a Multi-Cell LSTM. The loss is the mean over sentences of the negative log likelihood of their tags, and of
 * two losses summed over their words: of predicting a word's type from the states of the typed cells, and of attending
 * to the cell of its type, -log of the mean attention of both directions.
 *
 * With an encoder, the states of its last layer are read beside word vectors and characters; it is not trained and has
 * no dropout, which is left on in the published code.
 *
 * Sentences of a batch are all of one domain, which alone has its cells run. What differs from the published code: the
 * attention guidance takes the logarithm of the attention, where that takes a softmax of it once more; the source has a
 * matrix Q of its own, where that uses P twice; features of characters do not depend on padding.
 */
export function createMultiCellLstm(options: WordSystemOptions): System {
  const { engine, vocabularies, sizes, tags, domains, encoder, parameters: all } = options;
  const parameters = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith("encoder/")));
  const features = encoder
    ? remembered(createEncoderFeatures(engine, encoder, withoutPrefix("encoder", all)))
    : null;
  const input = createWordInput(engine, vocabularies, sizes, features?.width);
  const cells = cellsOf(domains);
  const networks = { source: networkOf("source"), target: networkOf("target") };
  const predicted = predictedDomain(tags, domains);

  /** Makes the network of one domain. */
  function networkOf(domain: Domain) {
    const { entityTypes } = domains[domain];
    const own = iobesTags(domains[domain]);
    const types = ["O", ...entityTypes].map((type) => cells.indexOf(type === "O" ? "O" : type.toLowerCase()));
    const network = createMultiCellStates(engine, input.width, sizes.width, types);
    return {
      domain,
      network,
      output: createCrfOutput(engine, 2 * sizes.width, own.nTags),
      toOwn: createTagConverter(tags, own),
      fromOwn: createTagConverter(own, tags),
      spansOf: createTagReader(own),
    };
  }

  /** Lists the shared parameters and the domain's own, those without the domain's prefix. */
  const parametersOf = (domain: Domain): Parameters => ({
    ...parameters,
    ...withoutPrefix(domain, parameters),
  });

  return oneAtATime<System>({
    tags,
    parameters,
    prepare: features?.prepare,
    lossTerms: ({ length }) => length,

    async lossAndGradients(sentences, random) {
      const { domain, network, output, toOwn, spansOf } = networks[domainOf(sentences)];
      const p = parametersOf(domain);
      const nWords = sentences.map(({ tagIds }) => tagIds.length);
      const perSentence = 1 / sentences.length;
      const x = await input.forward(parameters, sentences, random, await features?.of(sentences));
      const { states, alpha, typeScores } = await network.forward(p, x, nWords);
      const gold = sentences.map(({ tagIds }) => toOwn(tagIds));
      const crf = await output.lossAndGradients(p, states, gold);
      const types = gold.flatMap((tagIds) => typesOf(spansOf(tagIds), tagIds.length));
      const typing = crossEntropyOfRows(typeScores, types, perSentence);
      const guidance = attentionLoss(alpha, types, perSentence);
      const back = await network.backward({
        states: crf.states,
        alpha: guidance.alpha,
        typeScores: typing.scores,
      });
      return {
        loss: crf.loss + typing.loss + guidance.loss,
        gradients: {
          ...await input.backward(parameters, back.x),
          ...withDomain(domain, { ...back.gradients, ...crf.gradients }),
        },
      };
    },

    predict: async (sentences, onProgress) => ({
      tagIds: await predictByLength(
        sentences,
        inOneStep(async (batch) => {
          const { domain, network, output, fromOwn } = networks[predicted];
          const p = parametersOf(domain);
          const nWords = batch.map(({ firstPieces }) => firstPieces.length);
          const x = await input.forward(parameters, batch, undefined, await features?.of(batch));
          const { states } = await network.forward(p, x, nWords);
          const tagIds = await output.decode(p, states, nWords);
          return tagIds.map(fromOwn);
        }),
        onProgress,
      ),
    }),

    dispose() {
      input.dispose();
      features?.dispose();
      for (const { network, output } of Object.values(networks)) {
        network.dispose();
        output.dispose();
      }
    },
  }, SYSTEM_CALLS);

  /** Adds the domain's prefix to the names of its own parameters. */
  function withDomain(domain: Domain, gradients: Record<string, Gradient>): Record<string, Gradient> {
    return Object.fromEntries(
      Object.entries(gradients).map((
        [name, gradient],
      ) => [name in parameters ? name : `${domain}/${name}`, gradient]),
    );
  }
}

/** Returns the domain of all sentences. */
function domainOf(sentences: readonly TaggedSentence[]): Domain {
  const domain = sentences[0]?.domain ?? "target";
  if (sentences.every((sentence) => (sentence.domain ?? "target") === domain)) return domain;
  throw new Error("Cannot train a multi-cell LSTM on a batch of two domains: it takes them in turn");
}

/** Lists the type of each word as the domain numbers them: 0 for O, then its types. */
function typesOf(spans: readonly TypedSpan[], nWords: number): number[] {
  const types: number[] = new Array(nWords).fill(0);
  for (const { start, end, type } of spans) types.fill(1 + type, start, end);
  return types;
}

/** Computes -log of the attention on each word's type, summed and scaled, and its gradient. */
function attentionLoss(
  { shape, data }: NdArray,
  types: readonly number[],
  scale: number,
): { loss: number; alpha: NdArray } {
  const d = new Float32Array(data.length);
  let loss = 0;
  types.forEach((type, word) => {
    // What a softmax has rounded to nothing has no logarithm.
    const place = word * shape[1]! + type;
    const value = Math.max(data[place]!, 1e-30);
    loss -= scale * Math.log(value);
    d[place] = -scale / value;
  });
  return { loss, alpha: { shape, data: d } };
}

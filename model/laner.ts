/**
 * LANER (Hu et al. 2022), assembled from its bricks: encoder, words, label encoder, biattention, predictor. With one
 * of its two parts left out it is the paper's ablation, with neither it is the BERT tagger.
 */
import { type EncodedSentence, packBatch, padWords } from "../data/batch.ts";
import { createTagStrings, tagHistories, type TagStrings } from "../data/tag_history.ts";
import { createDropout } from "./dropout_masks.ts";
import { EMBEDDING_TABLES, embeddingGradients } from "./embeddings.ts";
import type { Arrays } from "./engine/engine.ts";
import { decodeGreedily } from "./greedy.ts";
import { isLabelParameter, labelEncoderShapes } from "./label_encoder.ts";
import { createLabelStates } from "./label_states.ts";
import { compileLaner } from "./laner_graphs.ts";
import { type NdArray, takeRows } from "./nd_array.ts";
import { predictByLength } from "./predict_by_length.ts";
import { type Parts, predictorShapes } from "./predictor.ts";
import type {
  BertSystemDefinition,
  System,
  SystemOptions,
  TaggedSentence,
  TagPrediction,
  UntaggedSentence,
} from "./system.ts";
import { wordEncoderArrays } from "./word_encoder.ts";

/** What a LANER is made of; the head's parameters are those of `lanerShapes`. */
export interface LanerOptions extends SystemOptions {
  parts: Parts;
}

/** Label states are forgotten beyond this many, to bound memory. */
const MAX_STRINGS = 100_000;

/** Names and shapes of the parameters on top of the encoder: H encoder width, D label width, K tags. */
export function lanerShapes(parts: Parts, H: number, D: number, K: number): Record<string, number[]> {
  return { ...(readsTags(parts) ? labelEncoderShapes(D, K) : {}), ...predictorShapes(parts, H, D, K) };
}

/** LANER with some of its parts, as a line of the table of systems. */
export function lanerDefinition(parts: Parts): BertSystemDefinition {
  return {
    reads: "pieces",
    headShapes: (H, D, K) => lanerShapes(parts, H, D, K),
    tagAxes: {
      ...(readsTags(parts) ? { "label_embedding.weight": [0] } : {}),
      "out.weight": [0],
      "out.bias": [0],
    },
    create: (options) => createLaner({ ...options, parts }),
  };
}

function readsTags({ labelBackground, labelContext }: Parts): boolean {
  return labelBackground || labelContext;
}

/**
 * Assembles a LANER.
 *
 * @example
 * ```ts
 * import { createEngine, createLaner, createRandom, createTagSet, initialBert, encoderShapes } from "@laner/laner";
 * import { initialParameters, lanerShapes, train } from "@laner/laner";
 *
 * const config = {
 *   ...{ vocabularySize: 20, maxPositions: 16, nTokenTypes: 2, hiddenWidth: 8, nLayers: 1, nHeads: 2 },
 *   ...{ feedForwardWidth: 16, layerNormEpsilon: 1e-12, dropout: 0.1, attentionDropout: 0.1 },
 * };
 * const tags = createTagSet(["task"]), labelWidth = 4, random = createRandom(1);
 * const parts = { labelBackground: true, labelContext: true };
 * const head = initialParameters(lanerShapes(parts, config.hiddenWidth, labelWidth, tags.nTags), random);
 * const parameters = { ...initialBert(encoderShapes(config), random), ...head };
 * const laner = createLaner({ engine: await createEngine("onnx"), config, tags, parts, labelWidth, parameters });
 *
 * const sentence = { ids: [2, 7, 8, 9, 3], firstPieces: [1, 2, 3], tagIds: tags.idsOf({ words: [], tags: ["B-task", "I-task", "O"] }) };
 * await train(laner, [sentence], { epochs: 60, learningRate: 0.01, random });
 * console.log((await laner.predict([sentence])).tagIds[0].map((id) => id)); // 1, 2, 0
 * laner.dispose();
 * ```
 */
export function createLaner(
  { engine, config, tags, parts, labelWidth: D, parameters }: LanerOptions,
): System {
  const usesTags = readsTags(parts);
  const H = config.hiddenWidth, K = tags.nTags, START = K;
  const labelStates = createLabelStates(engine, D, K);
  const graphNames = Object.keys(parameters).filter((n) =>
    !EMBEDDING_TABLES.includes(n) && !isLabelParameter(n)
  );
  const graphParameters = Object.fromEntries(graphNames.map((name) => [name, parameters[name]]));
  const headNames = Object.keys(lanerShapes(parts, H, D, K)).filter((name) => graphNames.includes(name));
  const headParameters = Object.fromEntries(headNames.map((name) => [name, parameters[name]]));
  const dropout = createDropout(config);

  const graphs = compileLaner({
    engine,
    config,
    parts,
    labelWidth: D,
    nTags: K,
    parameterNames: graphNames,
    dropoutAxes: dropout.axes,
  });

  return {
    tags,
    parameters,

    async lossAndGradients(sentences, random) {
      const batch = packBatch(sentences, config.nHeads);
      const inputs: Arrays = {
        ...graphParameters,
        ...wordEncoderArrays(parameters, batch),
        ...padWords(batch.nWords),
        ...oneHotTargets(sentences, K),
        ...(random ? dropout.draw(batch, random) : {}),
      };
      const strings = createTagStrings(K);
      const histories = usesTags ? tagHistories(strings, sentences.map((s) => s.tagIds), START) : null;
      if (histories) {
        await labelStates.reset(parameters, true);
        Object.assign(inputs, histories.layout, await labelStates.compute(strings, histories));
      }
      const { loss, embedded, lastStates, history, ...gradients } =
        await (random ? graphs.step.dropout : graphs.step.plain).run(inputs);
      if (histories) {
        Object.assign(gradients, await labelStates.gradients(strings, histories, { lastStates, history }));
      }
      return {
        loss: loss.data[0],
        gradients: { ...gradients, ...embeddingGradients(parameters, batch, embedded) },
      };
    },

    async predict(sentences, onProgress) {
      let strings: TagStrings | null = null;
      return await predictByLength(sentences, async (members) => {
        const h = await encodeWords(members);
        if (!strings || strings.backward.nNodes > MAX_STRINGS) {
          strings = createTagStrings(K);
          if (usesTags) await labelStates.reset(parameters, false);
        }
        return usesTags ? await decode(h, members, strings) : await tagAlone(h, members);
      }, onProgress);
    },

    dispose() {
      const { step, encoder, predictor } = graphs;
      for (const compiled of [step.dropout, step.plain, encoder, predictor]) compiled.dispose();
      labelStates.dispose();
    },
  };

  async function encodeWords(sentences: readonly EncodedSentence[]): Promise<NdArray> {
    const batch = packBatch(sentences, config.nHeads);
    return (await graphs.encoder.run({ ...graphParameters, ...wordEncoderArrays(parameters, batch) })).h;
  }

  async function tagAlone(h: NdArray, sentences: readonly EncodedSentence[]): Promise<TagPrediction> {
    const { tags } = await graphs.predictor.run({ ...headParameters, h });
    const tagIds = splitBySentence(tags.data, sentences.map((s) => s.firstPieces.length));
    return { tagIds, nPasses: sentences.map(() => 1) };
  }

  async function decode(
    h: NdArray,
    sentences: readonly UntaggedSentence[],
    strings: TagStrings,
  ): Promise<TagPrediction> {
    const nWords = sentences.map((s) => s.firstPieces.length);
    const firstRow = nWords.map((_, b) => nWords.slice(0, b).reduce((sum, n) => sum + n, 0));
    return await decodeGreedily(nWords, async (open, guess, from) => {
      const rows = (first: readonly number[]) =>
        open.flatMap((b, i) =>
          Array.from({ length: nWords[b] - first[i] }, (_, k) => firstRow[b] + first[i] + k)
        );
      const histories = tagHistories(strings, guess, START, from);
      const outputs = await graphs.predictor.run({
        ...headParameters,
        ...padWords(open.map((b) => nWords[b]), from),
        ...histories.layout,
        ...await labelStates.compute(strings, histories),
        h: takeRows(h, rows(from)),
        words: takeRows(h, rows(open.map(() => 0))),
      });
      return splitBySentence(outputs.tags.data, open.map((b, i) => nWords[b] - from[i]));
    }, sentences.map(({ guess }) => guess));
  }
}

function oneHotTargets(
  sentences: readonly TaggedSentence[],
  K: number,
): Record<"targets" | "perWord", NdArray> {
  const W = sentences.reduce((sum, s) => sum + s.tagIds.length, 0);
  const data = new Float32Array(W * K);
  let w = 0;
  for (const { tagIds } of sentences) {
    for (let i = 0; i < tagIds.length; i++, w++) data[w * K + tagIds[i]] = 1;
  }
  return { targets: { shape: [W, K], data }, perWord: { shape: [], data: Float32Array.of(1 / W) } };
}

function splitBySentence(values: Float32Array, nWords: readonly number[]): Int32Array[] {
  let end = 0;
  return nWords.map((n) => Int32Array.from(values.subarray(end, end += n)));
}

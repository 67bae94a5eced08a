/** Prediction with LANER: words are encoded once, then tagged from the tags before them until none changes any more. */
import { type EncodedSentence, packBatch, padWords } from "../../../data/batches/batch.ts";
import { historyLayout, nPlaces } from "../../../data/tags/history_layout.ts";
import { nodesOfSentences } from "../../../data/tags/tag_history.ts";
import type { PieceEmbedder } from "../../bert/piece_embedder.ts";
import { wordEncoderArrays } from "../../bert/word_encoder.ts";
import { type NdArray, stackRows, takeRows } from "../../engine/nd_array.ts";
import type { UntaggedSentence } from "../../training/system.ts";
import { type Parameters, pickParameters } from "../../weights/parameters.ts";
import type { ChooseTags } from "../choose_tags.ts";
import { inOneStep, runPackedAhead } from "../packed_ahead.ts";
import { predictByLength, predictionRanges } from "../predict_by_length.ts";
import { decodeGreedily, type GreedyPrediction } from "./greedy.ts";
import type { LanerGraphs } from "./laner_graphs.ts";
import type { PredictedHistories } from "./predicted_histories.ts";

/** The parts from which prediction is assembled. */
export interface LanerPredictionOptions {
  graphs: LanerGraphs;
  /** All parameters, those that are inputs of the encoder's graph, and of the predictor's. */
  parameters: Parameters;
  /** Names of the parameters that the encoder's graph reads, and of those that the predictor reads. */
  graphNames: readonly string[];
  headNames: readonly string[];
  embedder: PieceEmbedder;
  histories: PredictedHistories;
  chooseTags: ChooseTags;
  /** Attention heads of the encoder. */
  nHeads: number;
  /** To bound memory: the most places of the histories of sentences that are decoded together. */
  maxPlaces: number;
}

/** Predicts the tags of sentences; see `System`. */
export type LanerPredict = (
  sentences: readonly UntaggedSentence[],
  onProgress?: (done: number) => void,
) => Promise<GreedyPrediction>;

/** Creates a LANER's `predict`. */
export function createLanerPrediction(options: LanerPredictionOptions): LanerPredict {
  const { graphs, parameters, graphNames, headNames, embedder, histories, chooseTags, nHeads, maxPlaces } =
    options;

  return async (sentences, onProgress) => {
    await histories.begin(parameters);
    const decodeNext = async (members: readonly UntaggedSentence[]) => {
      await histories.beginBatch();
      const { tagIds, nPasses } = await decode(members);
      return members.map((_, i) => ({ tagIds: tagIds[i]!, nPasses: nPasses[i]! }));
    };
    // The more sentences are decoded together, the fewer and larger are the levels of strings.
    const size = ({ firstPieces }: UntaggedSentence) => nPlaces(firstPieces.length);
    const steps = inOneStep(decodeNext);
    const decoded = await predictByLength(sentences, steps, onProgress, { size, limit: maxPlaces });
    return {
      tagIds: decoded.map(({ tagIds }) => tagIds),
      nPasses: decoded.map(({ nPasses }) => nPasses),
    };
  };

  /** Computes the states of the words of sentences, one after another: float32 [W, H]. */
  async function encodeWords(sentences: readonly EncodedSentence[]): Promise<NdArray> {
    const states: NdArray[] = [];
    await runPackedAhead(predictionRanges(sentences.length), {
      async pack([start, end]) {
        const batch = packBatch(sentences.slice(start, end), nHeads);
        return await wordEncoderArrays(embedder, parameters, graphNames, batch);
      },
      run: (inputs) => graphs.encoder.run(inputs),
    }, ({ h }) => states.push(h));
    return stackRows(states);
  }

  async function decode(sentences: readonly UntaggedSentence[]): Promise<GreedyPrediction> {
    const nWords = sentences.map((s) => s.firstPieces.length);
    const h = await encodeWords(sentences);
    const firstRow = startsOf(nWords);
    return await decodeGreedily(nWords, async (open, guess, from) => {
      const guessed = await histories.encode(guess, from);
      const tagIds: Int32Array[] = [];
      for (const [start, end] of predictionRanges(open.length)) {
        const members = open.slice(start, end);
        const first = from.slice(start, end);
        const lengths = members.map((b) => nWords[b]!);
        const rows = (first: readonly number[]) =>
          members.flatMap((b, i) =>
            Array.from({ length: nWords[b]! - first[i]! }, (_, k) => firstRow[b]! + first[i]! + k)
          );
        const { logits } = await graphs.predictor.run({
          ...pickParameters(parameters, headNames),
          ...padWords(lengths, first),
          ...historyLayout(lengths, first),
          ...await histories.lookUp(nodesOfSentences(guessed, start, end)),
          h: takeRows(h, rows(first)),
          words: takeRows(h, rows(members.map(() => 0))),
        });
        // The tag before the first word that is asked for has settled.
        const before = members.map((_, i) => guess[start + i]![first[i]! - 1]);
        tagIds.push(...chooseTags(logits, lengths.map((n, i) => n - first[i]!), before));
      }
      return tagIds;
    }, sentences.map(({ guess }) => guess));
  }
}

/** Returns where each of some things that stand one after another begins. */
function startsOf(lengths: readonly number[]): number[] {
  let end = 0;
  return lengths.map((n) => (end += n) - n);
}

/** BARTNER's decoder as a search calls it: sources are encoded once, and what layers have seen is kept. */
import { type Batch, type EncodedSentence, MASKED } from "../../../data/batches/batch.ts";
import { SEQUENCE_END } from "../../../data/tags/span_sequences.ts";
import type { BartConfig } from "../../bart/bart_config.ts";
import { BART_TABLES, embedPlaced } from "../../bart/bart_embeddings.ts";
import { layerNames } from "../../bart/bart_step.ts";
import type { ScoreNext } from "../../bart/sequence_search.ts";
import type { Arrays, Compiled } from "../../engine/engine.ts";
import { type NdArray, takeRows } from "../../engine/nd_array.ts";
import { checkFinite } from "../../weights/finite.ts";
import type { Parameters } from "../../weights/parameters.ts";
import { type Candidates, pieceOfNumber } from "./bartner_batch.ts";

/** A batch that is being decoded. */
export interface ScorerOptions {
  config: BartConfig;
  parameters: Parameters;
  /** Names of the tables in which pieces and types are looked up. */
  tables: readonly string[];
  sentences: readonly EncodedSentence[];
  source: Batch;
  candidates: Candidates;
  /** The outputs of the encoder's graph for the batch. */
  encoded: Record<string, NdArray>;
  /** The decoder's graph. */
  next: Compiled;
  /** K. */
  beamSize: number;
  /** S, the most numbers of a sequence in the batch. */
  maxLength: number;
}

/**
 * Makes the function that scores the next numbers of the sentences' sequences.
 *
 * Keys and values of all layers lie in plain arrays [B·K, S, H]; a step writes its own place there, and rows are put
 * in another order where the search goes on from others or has done with a sentence.
 */
export function createScorer(options: ScorerOptions): ScoreNext {
  const { config, parameters, tables, sentences, source, candidates, encoded, next } = options;
  const { hiddenWidth: H } = config;
  const K = options.beamSize;
  const S = options.maxLength;
  const nTypes = parameters[tables[1]!]!.shape[0]!;
  const caches = ["keys", "values"].flatMap((kind) => layerNames(config, kind));
  let past: Parameters = Object.fromEntries(caches.map((name) => {
    const rows = sentences.length * K;
    return [name, { shape: [rows, S * H], data: new Float32Array(rows * S * H) }];
  }));
  const decoder = Object.entries(parameters).filter(([name]) =>
    name.startsWith("decoder.") && !BART_TABLES.includes(name)
  );
  const fixed = { ...Object.fromEntries(decoder), ...encoded };
  let step = 0;

  return async ({ sequences, parents, tokens }) => {
    const B = sequences.length;
    const R = B * K;
    if (step > 0 && (past[caches[0]!]!.shape[0] !== R || parents.some((parent, row) => parent !== row))) {
      past = Object.fromEntries(caches.map((name) => [name, takeRows(past[name]!, parents)]));
    }
    const pieceIds = Int32Array.from(
      tokens,
      (number, row) => pieceOfNumber(config, nTypes, sentences[sequences[Math.floor(row / K)]!]!, number),
    );
    const placed = { pieceIds, positions: new Int32Array(R).fill(step) };
    const inputs: Arrays = {
      ...fixed,
      ...Object.fromEntries(
        caches.map((name) => [`past.${name}`, { shape: [B, K, S, H], data: past[name]!.data }]),
      ),
      embeddedStep: { ...embedPlaced(config, parameters, "decoder", placed, tables), shape: [B, K, H] },
      place: { shape: [S, 1], data: new Float32Array(S).fill(1, step, step + 1) },
      placeBias: { shape: [S], data: new Float32Array(S).fill(MASKED, step + 1) },
      paddedFromPieces: takeFirst(source.encoder.paddedFromPieces, sequences),
      pieceBias: takeFirst(source.encoder.pieceBias, sequences),
      paddedFromCandidates: takeFirst(candidates.layout.paddedFromCandidates!, sequences),
      candidateBias: takeFirst(candidates.layout.candidateBias!, sequences),
    };
    const { scores, ...made } = await next.run(inputs);
    for (const name of caches) {
      for (let row = 0; row < R; row++) {
        past[name]!.data.set(made[name]!.data.subarray(row * H, (row + 1) * H), (row * S + step) * H);
      }
    }
    step++;
    // Scores of padding are finite too: a finite number was added to them.
    checkFinite(scores!, "scores of what may be written");
    const C = scores!.shape[2]!;
    return Array.from({ length: R }, (_, row) => {
      const logits = scores!.data.subarray(
        row * C,
        row * C + candidates.counts[sequences[Math.floor(row / K)]!]!,
      );
      return [...new Array<number>(SEQUENCE_END).fill(-Infinity), ...logits];
    });
  };
}

/** Takes entries along the first axis; they rise, so that there are no more than before. */
function takeFirst({ shape, data }: Arrays[string], entries: readonly number[]): Arrays[string] {
  const size = data.length / shape[0]!;
  const taken = data.slice(0, entries.length * size);
  entries.forEach((entry, i) => taken.set(data.subarray(entry * size, (entry + 1) * size), i * size));
  return { shape: [entries.length, ...shape.slice(1)], data: taken } as Arrays[string];
}

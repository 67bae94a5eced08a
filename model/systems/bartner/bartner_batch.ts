/** Batches of sentences with their candidates and sequences, as BARTNER's head reads them. */
import { type EncodedSentence, padWords } from "../../../data/batches/batch.ts";
import { FIRST_TYPE, SEQUENCE_END, SEQUENCE_START } from "../../../data/tags/span_sequences.ts";
import { packPairs, pairAxes, type PairBatch } from "../../bart/bart_batch.ts";
import type { BartConfig } from "../../bart/bart_config.ts";
import type { Arrays, Axes } from "../../engine/engine.ts";

/** An encoded sentence with its entities as a sequence of numbers (see data/tags/span_sequences.ts). */
export interface PointerSentence extends EncodedSentence {
  /** The numbers, the end being the last. */
  sequence: ArrayLike<number>;
}

/** The candidates for the next number of each sentence's sequence. */
export interface Candidates {
  /** Piece of each, [V]; pieces from the vocabulary's size on are entity types. */
  ids: Int32Array;
  /** The number of candidates of each sentence. */
  counts: number[];
  /** `CandidateLayout` by name. */
  layout: Arrays;
}

/** Returns the piece that the decoder reads for a number of a sequence. */
export function pieceOfNumber(
  { vocabularySize, bosId, eosId }: BartConfig,
  nTypes: number,
  { ids, firstPieces }: EncodedSentence,
  number: number,
): number {
  if (number === SEQUENCE_START) return bosId;
  if (number === SEQUENCE_END) return eosId;
  const word = number - FIRST_TYPE - nTypes;
  return word < 0 ? vocabularySize + number - FIRST_TYPE : ids[firstPieces[word]!]!;
}

/** Lists the candidates of sentences, in the order of their numbers from `SEQUENCE_END` on. */
export function packCandidates(
  config: BartConfig,
  nTypes: number,
  sentences: readonly EncodedSentence[],
): Candidates {
  const nOthers = FIRST_TYPE - SEQUENCE_END + nTypes;
  const counts = sentences.map(({ firstPieces }) => nOthers + firstPieces.length);
  const V = counts.reduce((sum, count) => sum + count, 0);
  const ids = new Int32Array(V);
  const candidateWords = new Int32Array(V);
  const encoderShare = new Float32Array(V);
  const wordCandidates: number[] = [];
  let v = 0;
  sentences.forEach((sentence, b) => {
    for (let i = 0; i < counts[b]!; i++, v++) {
      ids[v] = pieceOfNumber(config, nTypes, sentence, SEQUENCE_END + i);
      if (i < nOthers) continue;
      candidateWords[v] = wordCandidates.length;
      encoderShare[v] = 0.5;
      wordCandidates.push(v);
    }
  });
  const { paddedFromWords, wordsFromPadded, wordBias } = padWords(counts);
  return {
    ids,
    counts,
    layout: {
      candidateWords: { shape: [V], data: candidateWords },
      wordCandidates: { shape: [wordCandidates.length], data: Int32Array.from(wordCandidates) },
      encoderShare: { shape: [V, 1], data: encoderShare },
      paddedFromCandidates: paddedFromWords,
      candidatesFromPadded: wordsFromPadded,
      candidateBias: wordBias,
    },
  };
}

/** A batch to train with. */
export interface BartnerBatch {
  pair: PairBatch;
  candidates: Candidates;
  /** The inputs of the graph by name, without parameters, dropout and embedded pieces. */
  arrays: Arrays;
}

/**
 * Packs sentences with their sequences.
 *
 * @throws If a sequence holds a number that its sentence has not.
 */
export function packSequences(
  config: BartConfig,
  nTypes: number,
  sentences: readonly PointerSentence[],
): BartnerBatch {
  const candidates = packCandidates(config, nTypes, sentences);
  const decoderIds = sentences.map((sentence) => {
    const { sequence } = sentence;
    return Array.from(
      sequence,
      (_, i) => pieceOfNumber(config, nTypes, sentence, i === 0 ? SEQUENCE_START : sequence[i - 1]!),
    );
  });
  const pair = packPairs(sentences, decoderIds, config.nHeads);
  const { U } = pair.sizes;
  const places = padWords(sentences.map(({ sequence }) => sequence.length));
  const C = Math.max(...candidates.counts);
  const targets = new Float32Array(U * C);
  let u = 0;
  sentences.forEach(({ sequence }, b) => {
    for (let i = 0; i < sequence.length; i++, u++) {
      const candidate = sequence[i]! - SEQUENCE_END;
      if (!(candidate >= 0 && candidate < candidates.counts[b]!)) {
        throw new Error(
          `Cannot train on sentence ${
            b + 1
          } of a batch: the numbers of its sequence are from ${SEQUENCE_END} to ` +
            `${SEQUENCE_END + candidates.counts[b]! - 1}, current value is ${sequence[i]}`,
        );
      }
      targets[u * C + candidate] = 1;
    }
  });
  return {
    pair,
    candidates,
    arrays: {
      ...pair.layout,
      ...pair.source.words,
      ...candidates.layout,
      paddedFromPlaces: places.paddedFromWords,
      placesFromPadded: places.wordsFromPadded,
      placeMask: places.queryMask,
      targets: { shape: [U, C], data: targets },
      perTarget: { shape: [], data: Float32Array.of(1 / U) },
    },
  };
}

/** Lists the axes of candidates, embedded ones too. */
export const candidateAxes = ({ hiddenWidth }: BartConfig): Axes => ({
  embeddedCandidates: ["V", hiddenWidth],
  candidateWords: ["V"],
  wordCandidates: ["W"],
  encoderShare: ["V", 1],
  paddedFromCandidates: ["B", "C"],
  candidatesFromPadded: ["V"],
  candidateBias: ["B", 1, "C"],
});

/** Lists the axes of all inputs of a training step. */
export const sequenceAxes = (config: BartConfig): Axes => ({
  ...pairAxes(config),
  ...candidateAxes(config),
  paddedFromPlaces: ["B", "L"],
  placesFromPadded: ["U"],
  placeMask: ["B", "L", 1],
  targets: ["U", "C"],
});

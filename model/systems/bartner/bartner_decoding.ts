/** Decoding with BARTNER: which numbers it writes for sentences, greedily or by beams. */
import { type EncodedSentence, packBatch } from "../../../data/batches/batch.ts";
import { lengthBatches } from "../../../data/batches/length_batches.ts";
import { maxSequenceLength, SEQUENCE_END, SEQUENCE_START } from "../../../data/tags/span_sequences.ts";
import type { BartConfig } from "../../bart/bart_config.ts";
import { embedPlaced, lookUp } from "../../bart/bart_embeddings.ts";
import { beamSearch } from "../../bart/beam_search.ts";
import { greedySearch } from "../../bart/greedy_search.ts";
import type { Parameters } from "../../weights/parameters.ts";
import { packCandidates } from "./bartner_batch.ts";
import type { BartnerGraphs } from "./bartner_graphs.ts";
import { createScorer } from "./bartner_scorer.ts";

/** Options of decoding. */
export interface DecodeOptions {
  /** The factor by which sequences may be longer in longer sentences (see `maxSequenceLength`, `lengthRatioOf`). */
  lengthRatio: number;
  /** Sequences that are written side by side; 1, which is greedy decoding, unless told. */
  beamSize?: number | undefined;
  /** See `beamSearch`; 1 unless told. */
  lengthPenalty?: number | undefined;
}

/** The network that decodes. */
export interface DecodingNetwork {
  config: BartConfig;
  parameters: Parameters;
  /** Names of the tables in which pieces and types are looked up. */
  tables: readonly string[];
  /** The parameters other than the tables. */
  graphParameters: Parameters;
  graphs: Pick<BartnerGraphs, "encoder" | "next">;
}

/** Sentences that are decoded together, where there are no more beams than four each. */
const DECODE_BATCH = 32;
/** Sequences that are written side by side at most, so that many beams take no more memory; a sentence's own at least. */
const DECODE_ROWS = 4 * DECODE_BATCH;

/**
 * Writes the sequence of each sentence, in batches of sentences of like length.
 *
 * @param onProgress Told how many sentences are done.
 * @returns The sequences in the order of the sentences given.
 */
export async function decodeSequences(
  network: DecodingNetwork,
  sentences: readonly EncodedSentence[],
  options: DecodeOptions,
  onProgress?: (done: number) => void,
): Promise<number[][]> {
  const sequences: number[][] = sentences.map(() => [SEQUENCE_END]);
  // Sentences without words have nothing to point at.
  const places = [...sentences.keys()].filter((i) => sentences[i]!.firstPieces.length > 0);
  const limit = Math.max(1, Math.min(DECODE_BATCH, Math.floor(DECODE_ROWS / (options.beamSize ?? 1))));
  let done = 0;
  for (const batch of lengthBatches(places, { lengthOf: (i) => sentences[i]!.ids.length, limit })) {
    const members = batch.map((place) => places[place]!);
    const written = await decodeBatch(network, members.map((i) => sentences[i]!), options);
    members.forEach((i, member) => sequences[i] = written[member]!);
    done += members.length;
    onProgress?.(done);
  }
  return sequences;
}

async function decodeBatch(
  { config, parameters, tables, graphParameters, graphs }: DecodingNetwork,
  sentences: readonly EncodedSentence[],
  { lengthRatio, beamSize = 1, lengthPenalty }: DecodeOptions,
): Promise<number[][]> {
  const nTypes = parameters[tables[1]!]!.shape[0]!;
  const source = packBatch(sentences, config.nHeads);
  const candidates = packCandidates(config, nTypes, sentences);
  const encoded = await graphs.encoder.run({
    ...graphParameters,
    ...source.encoder,
    ...source.words,
    ...candidates.layout,
    embeddedSource: embedPlaced(config, parameters, "encoder", source),
    embeddedCandidates: lookUp(parameters, tables, candidates.ids),
  });
  // The decoder has no more positions than the config says.
  const maxLengths = sentences.map(({ firstPieces }) =>
    Math.min(maxSequenceLength(firstPieces.length, lengthRatio), config.maxPositions)
  );
  const scoreNext = createScorer({
    config,
    parameters,
    tables,
    sentences,
    source,
    candidates,
    encoded,
    beamSize,
    next: graphs.next,
    maxLength: Math.max(...maxLengths),
  });
  const search = { start: SEQUENCE_START, end: SEQUENCE_END, maxLengths };
  if (beamSize === 1) return greedySearch(scoreNext, search);
  return (await beamSearch(scoreNext, { ...search, beamSize, lengthPenalty })).map(({ tokens }) => tokens);
}

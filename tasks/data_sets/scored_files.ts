/** Column files to be scored: gold tags, and predicted tags of the same words. */
import type { FileScheme } from "../../data/formats/file_scheme.ts";
import { readSettings } from "../../data/formats/read_settings.ts";
import type { Scheme } from "../../data/tags/tag.ts";
import { placeOf, type Sentence } from "../../data/text/conll.ts";
import { type ReadFlagValues, readOptionsOf } from "../config/read_flags.ts";
import { errorMessage, UsageError } from "../errors.ts";
import { COLUMN_LIMITS, inputName, readInput } from "../files/read_input.ts";
import { readTaggedBytes } from "./tagged_bytes.ts";

/** The flags that name the files, and those that say how they are read. */
export interface ScoredFiles extends Omit<ReadFlagValues, "scheme"> {
  gold?: string | undefined;
  predicted?: string | undefined;
  scheme?: FileScheme | undefined;
  "gold-column"?: string | undefined;
}

/** Gold tags, and the scheme that they are in now; undefined if none was named. */
export interface GoldTags {
  gold: Sentence[];
  scheme?: Scheme | undefined;
}

/** Gold and predicted tags of the same words. */
export interface ScoredTags extends GoldTags {
  predicted: Sentence[];
}

/**
 * Reads both tags, from two files or from the last two columns of one.
 *
 * @param file The one, in place of the flags.
 * @throws UsageError if too few or too many files are named; Error with the first errors of a file, and at the first word or
 * sentence end that differs.
 */
export async function readScoredTags(flags: ScoredFiles, file: string | undefined): Promise<ScoredTags> {
  if (file !== undefined) {
    if (flags.gold ?? flags.predicted) {
      throw new UsageError(
        `Cannot use "${file}": it stands instead of --gold and --predicted, not beside them`,
      );
    }
    const bytes = await readInput(file, "the column file", COLUMN_LIMITS);
    const { sentences: gold, scheme } = read(bytes, file, flags, goldColumn(flags));
    return { gold, predicted: read(bytes, file, flags).sentences, scheme };
  }
  if (flags.gold === undefined || flags.predicted === undefined) {
    const given = flags.gold ?? flags.predicted;
    const missing = given === undefined
      ? "--gold and --predicted, or one FILE with both"
      : flags.gold
      ? "--predicted"
      : "--gold";
    throw new UsageError(`Cannot evaluate: ${missing} must be given. See deno task evaluate --help`);
  }
  checkGoldColumn(flags);
  const gold = read(await bytesOf(flags.gold), flags.gold, flags);
  const predicted = read(await bytesOf(flags.predicted), flags.predicted, flags);
  checkSameWords(gold.sentences, predicted.sentences, flags.gold, flags.predicted);
  return { gold: gold.sentences, predicted: predicted.sentences, scheme: gold.scheme };
}

/**
 * Reads gold tags alone: those of the file `gold`, or of the last column but one of `file`.
 *
 * @throws UsageError unless one of them is named and no predictions are; Error with the first errors of the file.
 */
export async function readGoldTags(flags: ScoredFiles, file: string | undefined): Promise<GoldTags> {
  const { gold, predicted } = flags;
  const path = gold ?? file;
  if (path === undefined || predicted !== undefined || (gold !== undefined && file !== undefined)) {
    throw new UsageError(
      "Cannot evaluate a model: its predictions need --gold, or one FILE with gold tags, and no other file. " +
        "See deno task evaluate --help",
    );
  }
  if (gold !== undefined) checkGoldColumn(flags);
  const bytes = await bytesOf(path);
  const { sentences, scheme } = read(bytes, path, flags, gold === undefined ? goldColumn(flags) : undefined);
  return { gold: sentences, scheme };
}

/** Returns the column of gold tags where predicted ones stand beside them. */
function goldColumn(flags: ScoredFiles): number | string {
  return readOptionsOf({ "tag-column": flags["gold-column"] }).tagColumn ?? -2;
}

function checkGoldColumn(flags: ScoredFiles): void {
  if (flags["gold-column"] === undefined) return;
  throw new UsageError("Cannot use --gold-column without FILE: gold tags have a file of their own");
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return await readInput(path, "the column file", COLUMN_LIMITS);
}

function read(
  bytes: Uint8Array,
  path: string,
  { scheme, ...flags }: ScoredFiles,
  tagColumn?: number | string,
): { sentences: Sentence[]; scheme: Scheme | undefined } {
  const settings = readSettings(readOptionsOf(flags), tagColumn === undefined ? {} : { tagColumn });
  return readTaggedBytes(bytes, inputName(path), settings, scheme);
}

/** Throws at the first word or sentence end that differs, naming both lines. */
function checkSameWords(
  gold: Sentence[],
  predicted: Sentence[],
  goldPath: string,
  predictedPath: string,
): void {
  const act = "score";
  const subject = predictedPath;
  const rule = `must have the words and sentences of ${goldPath}`;
  for (let s = 0; s < Math.max(gold.length, predicted.length); s++) {
    const [goldWords, words] = [gold[s]?.words ?? [], predicted[s]?.words ?? []];
    const w = Array.from(goldWords.length > words.length ? goldWords : words).findIndex((_, i) =>
      goldWords[i] !== words[i]
    );
    if (w < 0) continue;
    const there = w < goldWords.length ? `"${goldWords[w]}" at ${placeOf(gold[s]!, w)}` : "a sentence end";
    const place = w < words.length
      ? placeOf(predicted[s]!, w)
      : `the end of sentence ${Math.min(s + 1, predicted.length)}`;
    throw new Error(
      errorMessage({ act, subject, place, rule: `${rule}, which has ${there}`, value: words[w] }),
    );
  }
}

/** Column files to be scored: gold tags, and predicted tags of the same words. */
import { parseConll, placeOf, type Sentence } from "../../data/text/conll.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import { errorMessage, UsageError } from "../errors.ts";
import { COLUMN_LIMITS, inputName, readInput } from "../files/read_input.ts";

/** The flags that name the files. */
export interface ScoredFiles {
  gold?: string | undefined;
  predicted?: string | undefined;
}

/** Gold and predicted tags of the same words. */
export interface ScoredTags {
  gold: Sentence[];
  predicted: Sentence[];
}

/**
 * Reads both tags, from two files or from the last two columns of one.
 *
 * @param file The one, in place of the flags.
 * @throws UsageError if too few or too many files are named; Error as `parseConll` does, and at the first word or
 * sentence end that differs.
 */
export async function readScoredTags(flags: ScoredFiles, file: string | undefined): Promise<ScoredTags> {
  if (file !== undefined) {
    if (flags.gold ?? flags.predicted) {
      throw new UsageError(
        `Cannot use "${file}": it stands instead of --gold and --predicted, not beside them`,
      );
    }
    const text = await readText(file);
    const source = inputName(file);
    const predicted = parseConll(text, { source });
    return { gold: parseConll(text, { source, tagColumn: -2 }), predicted };
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
  const gold = parseConll(await readText(flags.gold), { source: flags.gold });
  const predicted = parseConll(await readText(flags.predicted), { source: flags.predicted });
  checkSameWords(gold, predicted, flags.gold, flags.predicted);
  return { gold, predicted };
}

/**
 * Reads gold tags alone: those of the file `gold`, or of the last column but one of `file`.
 *
 * @throws UsageError unless one of them is named and no predictions are; Error as `parseConll` does.
 */
export async function readGoldTags(
  { gold, predicted }: ScoredFiles,
  file: string | undefined,
): Promise<Sentence[]> {
  const path = gold ?? file;
  if (path === undefined || predicted !== undefined || (gold !== undefined && file !== undefined)) {
    throw new UsageError(
      "Cannot evaluate a model: its predictions need --gold, or one FILE with gold tags, and no other file. " +
        "See deno task evaluate --help",
    );
  }
  const text = await readText(path);
  return parseConll(text, { source: inputName(path), ...(gold === undefined ? { tagColumn: -2 } : {}) });
}

async function readText(path: string): Promise<string> {
  return decodeText(await readInput(path, "the column file", COLUMN_LIMITS), inputName(path));
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

/** Scores files of predicted tags as conlleval.pl and seqeval do. */
import { formatClassificationReport, formatScores } from "../data/scores/score_report.ts";
import { scoreSpans } from "../data/scores/scores.ts";
import { checkTags, tagProblems, wellFormedSchemes } from "../data/tags/check_tags.ts";
import { FILE_SCHEMES, type FileScheme } from "../data/formats/file_scheme.ts";
import { readSettings } from "../data/formats/read_settings.ts";
import { type Scheme, tagsToSpans } from "../data/tags/tag_scheme.ts";
import { placeOf, type Sentence } from "../data/text/conll.ts";
import { COLUMN_KEYS, readFlags, type ReadFlagValues, readOptionsOf } from "./config/read_flags.ts";
import { readTaggedBytes } from "./data_sets/scored_files.ts";
import { errorMessage, UsageError } from "./errors.ts";
import { COLUMN_LIMITS, inputName, readInput } from "./files/read_input.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";

/** The keys of files with words and tags, but for the scheme, which is that of the scores, too. */
const EVALUATED_KEYS = [
  ...COLUMN_KEYS,
  "format",
  "tagColumn",
  "tagKey",
  "tagOrder",
  "outside",
  "tagNames",
  "labels",
] as const;

/** `deno task evaluate`. */
export const EVALUATE = defineCommand({
  name: "evaluate",
  summary:
    "Scores predicted tags against gold tags by entity: precision, recall and F1, in all and per type. " +
    "As conlleval.pl reads tags, or strictly as seqeval does.",
  flags: {
    gold: { type: "text", valueName: "FILE", doc: "Column file: word first, gold tag last" },
    predicted: {
      type: "text",
      valueName: "FILE",
      doc: "Column file of the same words with predicted tags last",
    },
    scheme: {
      type: "text",
      valueName: "SCHEME",
      choices: FILE_SCHEMES,
      doc:
        "The tag scheme; tags of another are refused. By default that of the tags, with --strict IOB2. With raw " +
        "every word is an entity of its own, as conlleval.pl -r has it",
    },
    strict: {
      type: "boolean",
      doc:
        "Count only predicted entities that the scheme allows, and report as seqeval does; gold tags that it " +
        "does not allow are refused",
    },
    json: { type: "boolean", doc: "Print all scores as JSON, in fractions" },
    "gold-column": {
      type: "text",
      isSigned: true,
      valueName: "COLUMN",
      doc:
        "Column of the gold tag in FILE, as --tag-column is that of the predicted one; by default the last but one",
    },
    ...readFlags(EVALUATED_KEYS),
  },
  operands: {
    name: "FILE",
    doc:
      "instead of --gold and --predicted: one column file with gold tags and predicted tags in its last two " +
      "columns, as conlleval.pl reads it; - is standard input",
    most: 1,
  },
  examples: [
    "deno task evaluate --gold test.conll --predicted predicted.conll",
    "deno task evaluate --gold test.conll --predicted predicted.conll --scheme IOBES --strict --json",
    "deno task evaluate both_columns.txt",
    "deno task evaluate --scheme raw --separator semicolon both_columns.csv",
  ],
});

/** Reads the files, scores them and prints the report. */
export const evaluate: CommandMain<typeof EVALUATE.flags> = async (flags, [file], { print, printError }) => {
  const { strict, json } = flags;
  const { gold, predicted, scheme = strict ? "IOB2" : undefined } = await readTags(flags, file);
  if (strict) checkGold(gold, scheme!);
  for (const sentences of [gold, predicted]) checkTags(sentences, { scheme });
  sayIfNoTypeIsShared(gold, predicted, printError);
  const mode = strict ? "strict" : "conlleval";
  const scores = scoreSpans(gold.map(({ tags }) => tags), predicted.map(({ tags }) => tags), {
    scheme,
    mode,
  });
  if (json) print(JSON.stringify({ mode, scheme: scheme ?? null, ...scores }, null, 2));
  else print((strict ? formatClassificationReport(scores, { digits: 4 }) : formatScores(scores)).trimEnd());
};

/**
 * Throws if strict reading would leave out gold entities, as it does with those written in another way than the
 * scheme's.
 */
function checkGold(gold: readonly Sentence[], scheme: Scheme): void {
  const { value: problem } = tagProblems(gold, { scheme, wellFormed: true, untyped: true }).next();
  if (!problem) return;
  const fitting = wellFormedSchemes(gold, { untyped: true });
  const remedy = fitting.length > 0
    ? `the gold tags are written in ${fitting.join(" or ")}: name it with --scheme`
    : "name the gold tags' scheme with --scheme, mend them, or score without --strict";
  throw new Error(`${problem}; with --strict the entity would not be counted, ${remedy}`);
}

/** Warns if F1 is 0 whatever the predictions are: without gold entities, or without a type in common. */
function sayIfNoTypeIsShared(
  gold: readonly Sentence[],
  predicted: readonly Sentence[],
  say: (line: string) => void,
): void {
  const [golden, found] = [gold, predicted].map(typesOf);
  if (golden!.size === 0) say("The gold tags hold no entity: recall and F1 are undefined, and printed as 0.");
  else if (found!.size > 0 && golden!.isDisjointFrom(found!)) {
    const names = (types: Set<string>) => [...types].slice(0, 5).join(", ");
    say(`No entity type is in both: gold has ${names(golden!)}, predicted has ${names(found!)}.`);
  }
}

async function readTags(
  flags: ReadFlagValues & {
    gold?: string | undefined;
    predicted?: string | undefined;
    scheme?: FileScheme | undefined;
    "gold-column"?: string | undefined;
  },
  file: string | undefined,
): Promise<{ gold: Sentence[]; predicted: Sentence[]; scheme?: Scheme | undefined }> {
  const settings = readSettings(readOptionsOf(flags));
  const read = async (path: string) =>
    readTaggedBytes(
      await readInput(path, "the column file", COLUMN_LIMITS),
      inputName(path),
      settings,
      flags.scheme,
    );
  if (file !== undefined) {
    if (flags.gold ?? flags.predicted) {
      throw new UsageError(
        `Cannot use "${file}": it stands instead of --gold and --predicted, not beside them`,
      );
    }
    const bytes = await readInput(file, "the column file", COLUMN_LIMITS);
    const tagColumn = readOptionsOf({ "tag-column": flags["gold-column"] }).tagColumn ?? -2;
    const gold = readTaggedBytes(bytes, inputName(file), { ...settings, tagColumn }, flags.scheme);
    const predicted = readTaggedBytes(bytes, inputName(file), settings, flags.scheme);
    return { gold: gold.sentences, predicted: predicted.sentences, scheme: gold.scheme };
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
  if (flags["gold-column"] !== undefined) {
    throw new UsageError("Cannot use --gold-column without FILE: gold tags have a file of their own");
  }
  const gold = await read(flags.gold);
  const predicted = await read(flags.predicted);
  checkSameWords(gold.sentences, predicted.sentences, flags.gold, flags.predicted);
  return { gold: gold.sentences, predicted: predicted.sentences, scheme: gold.scheme };
}

function typesOf(sentences: readonly Sentence[]): Set<string> {
  return new Set(sentences.flatMap(({ tags }) => tagsToSpans(tags).map(({ entityType }) => entityType)));
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

if (import.meta.main) await runCommand(EVALUATE, evaluate);

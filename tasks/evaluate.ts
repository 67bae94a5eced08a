/** Scores predicted tags, those of files or of a model, as conlleval.pl and seqeval do. */
import { formatClassificationReport, formatScores } from "../data/scores/score_report.ts";
import { scoreSpans } from "../data/scores/scores.ts";
import { type TagAgreement, tagAgreement } from "../data/scores/tag_agreement.ts";
import { FILE_SCHEMES } from "../data/formats/file_scheme.ts";
import { checkTags, tagProblems, wellFormedSchemes } from "../data/tags/check_tags.ts";
import { type Scheme, tagsToSpans } from "../data/tags/tag_scheme.ts";
import type { Sentence } from "../data/text/conll.ts";
import { COLUMN_KEYS, readFlags } from "./config/read_flags.ts";
import { readGoldTags, readScoredTags, type ScoredFiles, type ScoredTags } from "./data_sets/scored_files.ts";
import { UsageError } from "./errors.ts";
import { TAGGING_FLAGS, type TaggingFlagValues } from "./tagging/tagging_flags.ts";
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
    "As conlleval.pl reads tags, or strictly as seqeval does. With --model the model predicts them.",
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
    model: {
      type: "text",
      valueName: "DIR",
      doc: "Folder or address of a trained model whose predictions are scored, instead of --predicted",
    },
    ...TAGGING_FLAGS,
    int8: {
      type: "boolean",
      doc: `${TAGGING_FLAGS.int8.doc}. Predictions in float32 are made, too, and both are compared`,
    },
  },
  operands: {
    name: "FILE",
    doc:
      "instead of --gold and --predicted: one column file with gold tags and predicted tags in its last two " +
      "columns, as conlleval.pl reads it; with --model the gold tags alone are read; - is standard input",
    most: 1,
  },
  examples: [
    "deno task evaluate --gold test.conll --predicted predicted.conll",
    "deno task evaluate --gold test.conll --predicted predicted.conll --scheme IOBES --strict --json",
    "deno task evaluate both_columns.txt",
    "deno task evaluate --scheme raw --separator semicolon both_columns.csv",
    "deno task evaluate --model DIR --gold test.conll --int8",
  ],
});

/** Reads the files, lets the model predict where there is one, scores the tags and prints the report. */
export const evaluate: CommandMain<typeof EVALUATE.flags> = async (flags, [file], { print, printError }) => {
  const { strict, json } = flags;
  const scored = await tagsToScore(flags, file);
  const { gold, predicted, float32, scheme = strict ? "IOB2" : undefined } = scored;
  if (strict) checkGold(gold, scheme!);
  for (const sentences of [gold, predicted]) checkTags(sentences, { scheme });
  sayIfNoTypeIsShared(gold, predicted, printError);
  const mode = strict ? "strict" : "conlleval";
  const tagsOf = (sentences: readonly Sentence[]) => sentences.map(({ tags }) => tags);
  const score = (predicted: readonly Sentence[]) =>
    scoreSpans(tagsOf(gold), tagsOf(predicted), { scheme, mode });
  const scores = score(predicted);
  const compared = float32 && {
    agreement: tagAgreement(tagsOf(predicted), tagsOf(float32)),
    float32: score(float32),
  };
  if (json) {
    print(JSON.stringify({ mode, scheme: scheme ?? null, ...scores, ...compared }, null, 2));
    return;
  }
  print((strict ? formatClassificationReport(scores, { digits: 4 }) : formatScores(scores)).trimEnd());
  if (compared) print(formatAgreement(compared.agreement, scores.f1, compared.float32.f1));
};

/** Reads tags from files, or gold tags alone for a model that predicts the others. */
async function tagsToScore(
  flags: ScoredFiles & TaggingFlagValues & { model?: string | undefined },
  file: string | undefined,
): Promise<ScoredTags & { float32?: Sentence[] }> {
  const { model, engine, threads, jobs, int8 } = flags;
  if (model !== undefined) {
    const { gold, scheme } = await readGoldTags(flags, file);
    // Loaded only here: files are scored without a network.
    const { modelTags } = await import("./tagging/model_tags.ts");
    return { gold, scheme, ...await modelTags(model, flags, gold) };
  }
  if (engine !== undefined || threads !== 0 || jobs !== 1 || int8) {
    throw new UsageError(
      "Cannot use --engine, --threads, --jobs or --int8: they say how a model predicts, and --model is missing",
    );
  }
  return await readScoredTags(flags, file);
}

/** Says how much int8 changes. */
function formatAgreement({ nWords, nEqual, share }: TagAgreement, f1: number, float32F1: number): string {
  const percent = (fraction: number) => (100 * fraction).toFixed(2);
  return `In int8 ${nEqual} of ${nWords} tags (${percent(share)} %) are those of float32. ` +
    `F1 is ${percent(f1)} in int8, ${percent(float32F1)} in float32.`;
}

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

function typesOf(sentences: readonly Sentence[]): Set<string> {
  return new Set(sentences.flatMap(({ tags }) => tagsToSpans(tags).map(({ entityType }) => entityType)));
}

if (import.meta.main) await runCommand(EVALUATE, evaluate);

/**
 * Finds entities in text with a trained model.
 */
import { type ProfileName, PROFILES } from "../data/formats/profiles.ts";
import type { ReadOptions } from "../data/formats/read_settings.ts";
import { spansToTags, tagsToSpans } from "../data/tags/tag_scheme.ts";
import { countControls } from "../data/text/check_text.ts";
import { decodeInPlace } from "../data/text/decode_text.ts";
import { entitiesOf, type Entity } from "../data/text/entities.ts";
import { formatConll } from "../data/text/format_conll.ts";
import { printableLine } from "../data/text/printable.ts";
import { COLUMN_KEYS, readFlags, type ReadFlagValues, readOptionsOf } from "./config/read_flags.ts";
import { inputKindOf } from "./data_sets/input_kind.ts";
import { INPUT_KINDS, type InputKind, readSentences } from "./data_sets/predict_input.ts";
import { UsageError } from "./errors.ts";
import { COLUMN_LIMITS, inputName, readInput, TEXT_LIMITS } from "./files/read_input.ts";
import { howToMeasure } from "./tagging/how_to_measure.ts";
import { TAGGING_FLAGS } from "./tagging/tagging_flags.ts";
import { taggingRequest } from "./tagging/tagging_request.ts";
import { openTextTagger } from "./tagging/text_tagger.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { createReporter, SILENT_REPORTER } from "./terminal/progress.ts";
import { textTable } from "./terminal/text_table.ts";

/** The corpora whose columns can be read by name. */
const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[];

/** `deno task predict`. */
export const PREDICT = defineCommand({
  name: "predict",
  summary: "Finds the entities of a text with a trained model and prints them with their place in the text.",
  flags: {
    model: { type: "text", valueName: "DIR", required: true, doc: "Folder or address of a trained model" },
    input: {
      type: "text",
      valueName: "KIND",
      choices: [...INPUT_KINDS, ...PROFILE_NAMES],
      doc:
        "What the file holds: running text, in which line ends end sentences; the same in wrapped lines, in which " +
        "only blank lines do; a sentence a line, words split by spaces; columns, word first; or columns of a " +
        "well-known corpus. Without it running text, and what looks like another format is refused",
    },
    format: {
      type: "text",
      valueName: "KIND",
      choices: ["table", "jsonl", "conll"],
      default: "table",
      doc: "What to print: a table, JSON Lines with one entity each, or columns of words and tags",
    },
    ...readFlags(COLUMN_KEYS),
    types: { type: "text", valueName: "A,B", doc: "Print entities of these types only" },
    ...TAGGING_FLAGS,
  },
  operands: { name: "FILE", doc: "the text; standard input without it, or as -", most: 1 },
  examples: [
    "deno task predict --model DIR notes.txt",
    "echo 'Angela Merkel was born in Hamburg.' | deno task predict --model DIR --format jsonl",
    "deno task predict --model DIR --input paragraphs mail.txt",
    "deno task predict --model DIR --input conll --format conll test.conll",
    "deno task predict --model DIR --input hipe2022 --format conll test.tsv",
    "deno task predict --model DIR --jobs 2 --int8 notes.txt",
  ],
  details:
    "The file is UTF-8, or UTF-16 with a byte order mark. Places are those of the decoded text, [start, end)\n" +
    "in UTF-16 code units as JavaScript counts: a byte order mark is one, CRLF two, an emoji mostly two.\n" +
    "Control characters are read as white space, save in columns; standard error says how many there were.",
});

/** Reads the text, tags it and prints its entities. */
export const predict: CommandMain<typeof PREDICT.flags> = async (flags, [file = "-"], output) => {
  const { print, printError, printExactly } = output;
  const source = inputName(file);
  const { kind, layout } = inputOf(flags);
  const limits = kind === "conll" ? COLUMN_LIMITS : TEXT_LIMITS;
  const text = decodeInPlace(await readInput(file, "the text", limits), source, layout.encoding);
  const nControls = kind === "conll" ? 0 : countControls(text, source);
  if (nControls > 0) printError(`${source}: control characters read as white space: ${nControls}`);
  const sentences = readSentences(text, inputKindOf(text, kind, source), source, layout);
  const { say } = createReporter();
  const request = await taggingRequest(flags.model, flags, say);
  const tagger = await openTextTagger(request, sentences.length);
  if (flags.int8) say(await howToMeasure(flags.model));
  // A bar only for work that takes more than a moment.
  const reporter = sentences.length > 1000 ? createReporter() : SILENT_REPORTER;
  try {
    const isWanted = wantedTypes(flags.types, tagger.tags.entityTypes);
    const words = sentences.map((sentence) => sentence.map((word) => word.text));
    const { scheme } = tagger.tags;
    const total = sentences.length;
    const tagged = await tagger.predict(words, (done) => reporter.report({ stage: "predict", done, total }));
    const spans = tagged.map((tags) =>
      tagsToSpans(tags, { scheme }).filter(({ entityType }) => isWanted(entityType))
    );
    reporter.close();
    if (flags.format === "conll") {
      printExactly(
        formatConll(
          words.map((words, i) => ({ words, tags: spansToTags(spans[i]!, words.length, { scheme }) })),
        ).trimEnd(),
      );
      return;
    }
    const entities = spans.flatMap((spans, i) => entitiesOf(text, sentences[i]!, spans));
    if (flags.format === "table") print(formatTable(entities));
    else for (const entity of entities) print(JSON.stringify(entity));
  } finally {
    reporter.close();
    tagger.dispose();
  }
};

/** Returns the kind of the input, and how its columns are laid out. */
function inputOf(
  // --format is that of the output here.
  { input, format: _, ...flags }: ReadFlagValues & { input?: InputKind | ProfileName | undefined },
): { kind: InputKind | undefined; layout: ReadOptions } {
  const given = readOptionsOf(flags);
  const profile = PROFILE_NAMES.find((name) => name === input);
  const kind = profile === undefined ? input as InputKind | undefined : "conll";
  const layout = { ...PROFILES[profile!]?.keys as ReadOptions | undefined, ...given };
  const odd = Object.keys(given).find((key) => key !== "encoding");
  if (kind !== "conll" && odd !== undefined) {
    throw new UsageError(
      `Cannot use a flag about columns (${odd}) without --input conll or the name of a corpus`,
    );
  }
  return { kind, layout };
}

function wantedTypes(types: string | undefined, known: readonly string[]): (entityType: string) => boolean {
  if (types === undefined) return () => true;
  const wanted = types.split(",").map((type) => type.trim());
  const missing = wanted.find((type) => !known.includes(type));
  if (missing !== undefined) {
    throw new Error(
      `Cannot print entities of type "${missing}" (--types): the model's types are ${known.join(", ")}`,
    );
  }
  return (entityType) => wanted.includes(entityType);
}

function formatTable(entities: readonly Entity[]): string {
  if (entities.length === 0) return "No entities found.";
  const rows = [["text", "type", "start", "end"]];
  for (const { text, entityType, start, end } of entities) {
    rows.push([
      printableLine(text.replace(/[\s\p{Cc}]+/gu, " ")),
      printableLine(entityType),
      String(start),
      String(end),
    ]);
  }
  return textTable(rows, ["left", "left", "left", "left"]);
}

if (import.meta.main) await runCommand(PREDICT, predict);

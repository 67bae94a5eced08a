/** Converts tagged data from one format to another. */
import { basename, join } from "node:path";
import { convertRecords } from "../data/formats/convert_records.ts";
import { isText } from "../data/formats/data_record.ts";
import { FORMAT_NAMES, type FormatName } from "../data/formats/format_names.ts";
import { FORMATS } from "../data/formats/formats.ts";
import { readSettings } from "../data/formats/read_settings.ts";
import { type Scheme, tagsToSpans } from "../data/tags/tag_scheme.ts";
import { FILE_KEYS, readFlags, readOptionsOf } from "./config/read_flags.ts";
import { readPart, withTagNames } from "./data_sets/data_files.ts";
import { formatFindings } from "./data_sets/data_finding.ts";
import { fileProblems } from "./data_sets/data_set_problems.ts";
import { countsFindings } from "./data_sets/reading_findings.ts";
import { errorMessage, ifMissing, UsageError } from "./errors.ts";
import { makeFolder, writeDurably } from "./files/durable_files.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";

const KEYS = FILE_KEYS.filter((key): key is Exclude<typeof key, "format"> => key !== "format");

/** `deno task convert`. */
export const CONVERT = defineCommand({
  name: "convert",
  summary:
    "Converts tagged data from one format to another: columns, and the exports of tools that mark spans in texts. " +
    "Records keep their names.",
  flags: {
    from: {
      type: "text",
      valueName: "NAME",
      required: true,
      doc: "Format of IN, or the profile of its corpus",
    },
    to: {
      type: "text",
      valueName: "NAME",
      required: true,
      choices: Object.keys(FORMAT_NAMES) as FormatName[],
      doc: "Format of OUT",
    },
    "to-scheme": {
      type: "text",
      valueName: "SCHEME",
      choices: ["IOB1", "IOB2", "IOE1", "IOE2", "IOBES", "BILOU"],
      default: "IOB2",
      doc: "Scheme of the tags of OUT",
    },
    "to-offsets": {
      type: "text",
      valueName: "UNIT",
      choices: ["utf16", "codepoints", "bytes"],
      doc: "What the places in OUT count; by default what its tool counts",
    },
    ids: {
      type: "boolean",
      doc: "Begin sentences of columns with their names, # id = NAME; --comments '# ' reads them",
    },
    ...readFlags(KEYS),
  },
  operands: { name: "IN OUT", doc: "a file each, or a folder for brat; OUT may not be there yet", most: 2 },
  examples: [
    "deno task convert export.jsonl train.txt --from doccano --to columns --on-span widen",
    "deno task convert eng.train train.jsonl --from conll2003 --to hf",
    "deno task convert annotated tasks.json --from brat --to labelstudio",
  ],
});

/** Reads IN, converts it and writes OUT. */
export const convert: CommandMain<typeof CONVERT.flags> = async (flags, [input, output], { print }) => {
  if (input === undefined || output === undefined) {
    throw new UsageError("Cannot convert: IN and OUT must be given. See deno task convert --help");
  }
  const { from, to } = flags;
  const options = readOptionsOf({ ...flags, format: from });
  const settings = await withTagNames(input, readSettings(options));
  if (await ifMissing(Deno.lstat(output), null) !== null) {
    const rule = "must not be there yet, nothing is overwritten; remove it or choose another OUT";
    throw new Error(errorMessage({ act: "write", subject: output, rule }));
  }
  const { files } = await readPart(input, "the tagged data", settings);
  const scheme: Scheme = flags["to-scheme"];
  const target = FORMATS[to];
  const { records, problems, counts } = convertRecords(
    FORMATS[settings.format].read(files, settings),
    settings,
    { ...target, isSame: settings.format === to },
    scheme,
  );
  if (problems.length > 0) {
    throw new Error(fileProblems({ problems, fitting: [] }, settings.scheme ?? scheme, input).join("\n"));
  }
  if (records.length === 0) {
    throw new Error(
      errorMessage({ act: "convert", subject: input, rule: "must hold a sentence or a text, there is none" }),
    );
  }
  const offsets = flags["to-offsets"] ?? target.offsets;
  const written = target.write(records, { offsets, withIds: flags.ids });
  if (target.endings.length === 0) await makeFolder(output);
  for (const { name, text } of written) await writeDurably(name === "" ? output : join(output, name), text);
  const nEntities = records.reduce(
    (sum, record) => sum + (isText(record) ? record.entities : tagsToSpans(record.sentence.tags)).length,
    0,
  );
  const what = target.holds === "texts" ? "texts" : "sentences";
  print(`Written to ${output}: ${what} ${records.length}, entities ${nEntities}`);
  for (const line of formatFindings(countsFindings(basename(input), [counts]))) print(line);
};

if (import.meta.main) await runCommand(CONVERT, convert);

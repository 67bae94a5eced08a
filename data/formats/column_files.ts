/** Columns and comma-separated values as formats. */
// @ts-types="npm:@types/d3-dsv@3.0.7"
import { csvFormatRows } from "npm:d3-dsv@3.0.2";
import { readColumns } from "../text/columns.ts";
import { formatConll } from "../text/format_conll.ts";
import { csvRows } from "./csv_rows.ts";
import { isText, type SourceFile, type WordRecord } from "./data_record.ts";
import type { Format } from "./format.ts";
import type { ReadSettings } from "./read_settings.ts";

/** A word and its tag a line. */
export const COLUMNS: Format = {
  endings: [".txt", ".conll", ".tsv", ".iob2", ".iob", ".conllu", ".bio"],
  holds: "words",
  offsets: "utf16",
  read: ([file], settings) => read(file!, { ...settings, wordColumn: settings.wordColumn ?? 0 }),
  write(records, { withIds }) {
    const sentences = records.flatMap((record) => isText(record) ? [] : [record]);
    if (!withIds) return [{ name: "", text: formatConll(sentences.map(({ sentence }) => sentence)) }];
    const texts = sentences.map(({ id, sentence }) =>
      (id === undefined ? "" : `# id = ${id}\n`) + formatConll([sentence])
    );
    return [{ name: "", text: texts.join("\n") }];
  },
};

/** The usual names of columns, where none are given. */
const CSV_COLUMNS = {
  wordColumn: /^(words?|tokens?)$/i,
  tagColumn: /^(tags?|ner(_?tags?)?|labels?)$/i,
  sentenceColumn: /^sent/i,
} as const;

/** Comma-separated values with a word a row. */
export const CSV: Format = {
  endings: [".csv", ".tsv", ".txt"],
  holds: "words",
  offsets: "utf16",
  read([file], settings) {
    const [first] = csvRows(file!.text, settings.separator ?? "comma");
    const header = first?.fields() ?? [];
    const usual = (key: keyof typeof CSV_COLUMNS) =>
      settings.header === false ? undefined : header.find((name) => CSV_COLUMNS[key].test(name.trim()));
    return read(file!, {
      ...settings,
      wordColumn: settings.wordColumn ?? usual("wordColumn") ?? 0,
      tagColumn: settings.tagColumn ?? usual("tagColumn") ?? -1,
      sentenceColumn: settings.sentenceColumn ?? usual("sentenceColumn") ?? null,
      header: settings.header ?? true,
      separator: settings.separator ?? "comma",
    }, csvRows);
  },
  write(records) {
    const rows = records.flatMap((record, n) => {
      if (isText(record)) return [];
      const { id = n + 1, sentence: { words, tags } } = record;
      return words.map((word, w) => [String(id), word, tags[w]!]);
    });
    return [{ name: "", text: csvFormatRows([["sentence", "word", "tag"], ...rows]) + "\n" }];
  },
};

function read(
  file: SourceFile,
  settings: ReadSettings & { wordColumn: string | number },
  rowsOf?: typeof csvRows,
): WordRecord[] {
  const { name: source, text, damage } = file;
  const tagColumn = settings.tagColumn ?? -1;
  const sentences = readColumns(text, {
    ...settings,
    tagColumn,
    source,
    damage,
    ...(rowsOf ? { rowsOf } : {}),
  });
  const first = sentences[0]?.document ?? 0;
  const hasDocuments = sentences.some(({ document }) => document !== first);
  return sentences.map(({ sentence, id, document, problems }) => ({
    sentence,
    ...(id === undefined ? {} : { id }),
    ...(hasDocuments ? { document: document - first } : {}),
    problems,
  }));
}

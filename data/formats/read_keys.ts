/**
 * The keys that say how a file is read, all but its format. They are defined only here: YAML, flags and profiles use the
 * same names.
 */
import { z } from "npm:zod@4.6.7";
import { type Key, list, mapping, optional, orNull } from "../schema/mappings.ts";
import { anyText, choice, expecting, flag, type Shape, text } from "../schema/shapes.ts";
import { type Column, PLAIN_COLUMNS } from "../text/columns.ts";
import type { OffsetUnit } from "../text/offsets.ts";
import { FILE_SCHEMES, type FileScheme } from "./file_scheme.ts";

/** The number or the name of a column. */
function column(): Shape<Column> {
  return expecting(
    "a column's number, from 0 and negative from the last, or its name in the header",
    (settings) => z.union([z.int(settings), z.string(settings).min(1, settings)], settings),
  );
}

/** The name of a text encoding that `TextDecoder` knows. */
function encodingName(): Shape<string> {
  const isKnown = (label: string) => {
    try {
      return new TextDecoder(label) !== undefined;
    } catch {
      return false;
    }
  };
  return expecting(
    "an encoding that TextDecoder knows, such as utf-8, latin1, utf-16le or gb18030",
    (settings) => z.string(settings).refine(isKnown, settings),
  );
}

/** A choice of files' schemes. */
function fileScheme(): Shape<FileScheme> {
  return choice(...FILE_SCHEMES);
}

/** The values of the keys; what each means is said there. */
export interface LayoutSettings {
  encoding: string;
  wordColumn: Column | null;
  tagColumn: Column | null;
  tagKey: string | null;
  separator: string | null;
  header: boolean | null;
  comments: string | null;
  documentMarks: string[];
  idColumn: Column | null;
  sentenceColumn: Column | null;
  sentenceEnd: string | null;
  wordPrefix: string | null;
  evenColumns: "file" | "sentence" | "no";
  scheme: FileScheme | null;
  tagOrder: "B-PER" | "PER-B";
  outside: string[];
  tagNames: string[] | null;
  labels: Record<string, string | null>;
  mendTags: boolean;
  offsets: OffsetUnit | null;
  onSpan: "refuse" | "widen" | "leave-out";
  onError: "refuse" | "skip-sentence";
}

/** The keys of some values. */
export type KeysOf<T> = { readonly [K in keyof T]-?: Key<T[K]> };

/** The keys. */
export const LAYOUT_KEYS: KeysOf<LayoutSettings> = {
  encoding: optional(encodingName(), "utf-8", "Encoding of the files"),
  wordColumn: optional(
    orNull(column()),
    null,
    "Column of the word, counted from 0, or field of the words; null for the format's own, in columns 0",
  ),
  tagColumn: optional(
    orNull(column()),
    null,
    "Column of the tag, or field of the tags; null for the format's own, in columns -1, the last",
  ),
  tagKey: optional(
    orNull(text()),
    PLAIN_COLUMNS.tagKey,
    "Key of the tag in a column of KEY=VALUE pairs that | separates; a word without it is O; null if the column is the tag",
  ),
  separator: optional(
    orNull(anyText()),
    PLAIN_COLUMNS.separator,
    "Separator of columns: tab, space, whitespace, comma, semicolon or a text; null for tabs if there are any, else spaces",
  ),
  header: optional(
    orNull(flag()),
    PLAIN_COLUMNS.header,
    "Whether the first line names the columns; null if it does where a column is given by name",
  ),
  comments: optional(
    orNull(text()),
    PLAIN_COLUMNS.comments,
    "Beginning of comments; a word that begins so is told from one by its tag; null if there are none",
  ),
  documentMarks: optional(
    list(text()),
    [...PLAIN_COLUMNS.documentMarks],
    "Beginnings of lines that begin a document",
  ),
  idColumn: optional(
    orNull(column()),
    PLAIN_COLUMNS.idColumn,
    "Column of word numbers, by which ranges (3-4) and empty nodes (3.1) are left out; null if there is none",
  ),
  sentenceColumn: optional(
    orNull(column()),
    PLAIN_COLUMNS.sentenceColumn,
    "Column whose value changes where a sentence begins; null if blank lines end sentences",
  ),
  sentenceEnd: optional(
    orNull(text()),
    PLAIN_COLUMNS.sentenceEnd,
    "Value in any column that ends a sentence after its word; null if there is none",
  ),
  wordPrefix: optional(
    orNull(text()),
    PLAIN_COLUMNS.wordPrefix,
    "Beginning of every word that is no part of it, as en: is; *: is any up to the first colon; null if there is none",
  ),
  evenColumns: optional(
    choice("file", "sentence", "no"),
    PLAIN_COLUMNS.evenColumns,
    "Which lines must have equally many columns",
  ),
  scheme: optional(
    orNull(fileScheme()),
    null,
    "Tag scheme of the files; tags are converted to data.scheme; null if it is that",
  ),
  tagOrder: optional(
    choice("B-PER", "PER-B"),
    "B-PER",
    "Whether the prefix of a tag stands before its type or after it",
  ),
  outside: optional(list(text()), [...PLAIN_COLUMNS.outside], "Tags of words outside of entities"),
  tagNames: optional(
    orNull(list(text())),
    null,
    "Names of tags that are given by number, in their order, or one JSON file with them; null for label.json beside the files",
  ),
  labels: optional(
    mapping("entity type", orNull(text())),
    {},
    "New names of entity types: {PER: person}; entities of a type with null are left out",
  ),
  mendTags: optional(
    flag(),
    false,
    "Whether tags that the scheme does not allow are read as conlleval.pl does, or are errors",
  ),
  offsets: optional(
    orNull(choice("utf16", "codepoints", "bytes")),
    null,
    "What places in a text count: UTF-16 code units, code points or UTF-8 bytes; null for what the format's tool counts",
  ),
  onSpan: optional(
    choice("refuse", "widen", "leave-out"),
    "refuse",
    "What is done with a span that does not begin and end where words do: an error, widen it to whole words, or leave it out",
  ),
  onError: optional(
    choice("refuse", "skip-sentence"),
    "refuse",
    "What is done with a sentence that has an error: refuse the file, or leave the sentence out and count it",
  ),
};

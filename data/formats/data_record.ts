/** Records of files: sentences of tagged words, or texts with entities. */
import { type Sentence, withOrigin } from "../text/sentence.ts";
import type { TextPart } from "../text/text_words.ts";

/** A file as text. */
export interface SourceFile {
  name: string;
  text: string;
  /** Errors in the encoding of lines, by line number. */
  damage?: ReadonlyMap<number, string> | undefined;
}

/** The name that a tool gives a record. */
export type RecordId = string | number;

interface AnyRecord {
  id?: RecordId;
  /** The document that it is a part of; records without one are documents of their own if they are texts. */
  document?: RecordId;
  /** The messages of all errors in it. */
  problems: string[];
}

/** A sentence with tags as the file writes them. */
export interface WordRecord extends AnyRecord {
  sentence: Sentence;
}

/** An entity in a record's text. */
export interface TextEntity {
  /** Its place, [start, end) in UTF-16 code units of the text. */
  start: number;
  end: number;
  entityType: string;
  /** Its name in the file. */
  id?: RecordId;
}

/** A text with entities. */
export interface TextRecord extends AnyRecord {
  text: string;
  entities: TextEntity[];
  /** Its words, where the file says them. */
  words?: TextPart[];
  /** File and line, for errors. */
  place: { source: string; line: number };
  /** Fields of the file that are kept when it is written in the same format. */
  fields?: Readonly<Record<string, unknown>>;
}

/** One sentence or text. */
export type DataRecord = WordRecord | TextRecord;

/** Tells whether a record is a text. */
export function isText(record: DataRecord): record is TextRecord {
  return "text" in record;
}

/** Makes a record of something that cannot be read at all. */
export function brokenRecord(source: string, line: number, rule: string, value?: string): WordRecord {
  return {
    sentence: withOrigin({ words: [], tags: [] }, { source, lines: [line] }),
    problems: [problemAt(source, line, rule, value)],
  };
}

/** Writes the error of a line. */
export function problemAt(source: string, line: number, rule: string, value?: string): string {
  const shown = value === undefined ? "" : `, current value is ${value}`;
  return `Cannot read "${source}" at ${source}:${line}: ${rule}${shown}`;
}

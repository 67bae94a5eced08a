/** From files of any format to tagged sentences, with what became of tags and spans on the way. */
import { wellFormedSchemes } from "../tags/check_tags.ts";
import type { Scheme } from "../tags/tag.ts";
import type { Sentence } from "../text/sentence.ts";
import { type DataRecord, isText, type RecordId, type SourceFile } from "./data_record.ts";
import type { FileScheme } from "./file_scheme.ts";
import { FORMATS } from "./formats.ts";
import type { ReadSettings } from "./read_settings.ts";
import { type ChangedSpan, readText } from "./span_reading.ts";
import { noTagCounts, readTags, type TagCounts } from "./tag_reading.ts";

/** A sentence, and where it comes from. */
export interface TaggedSentence {
  sentence: Sentence;
  id?: RecordId;
  /** Its document; undefined if the file has no documents. */
  document?: RecordId;
}

/** What became of a file on the way to tagged sentences. */
export interface ReadingCounts extends TagCounts {
  /** The schemes that tags were converted from and to; null if they were not. */
  converted: { from: FileScheme; to: Scheme } | null;
  /** Sentences left out because of an error. */
  nSkipped: number;
  /** The first errors of these. */
  skipped: string[];
  /** Spans widened to whole words, and spans left out. */
  widened: ChangedSpan[];
  leftOut: ChangedSpan[];
}

/** The contents of a file. */
export interface TaggedFile {
  sentences: TaggedSentence[];
  /** The messages of all errors, in the order of the file; of none if sentences with errors are left out. */
  problems: string[];
  /** The schemes that all tags are well-formed in, where there are errors. */
  fitting: Scheme[];
  counts: ReadingCounts;
}

/** The errors of left out sentences that are kept. */
const KEPT_ERRORS = 20;

/**
 * Reads the tagged sentences of a file, or of a folder's files.
 *
 * @param files One file, or all files of a folder.
 * @param to The scheme to give the tags in.
 */
export function readTagged(files: readonly SourceFile[], settings: ReadSettings, to: Scheme): TaggedFile {
  return tagRecords(FORMATS[settings.format].read(files, settings), settings, to);
}

/** Makes tagged sentences of records; see {@link readTagged}. */
export function tagRecords(records: readonly DataRecord[], settings: ReadSettings, to: Scheme): TaggedFile {
  const counts: ReadingCounts = {
    ...noTagCounts(),
    converted: null,
    nSkipped: 0,
    skipped: [],
    widened: [],
    leftOut: [],
  };
  // A name that no entity has is told as well: it may be misspelt.
  for (const type of Object.keys(settings.labels)) counts.ofLabels[type] = 0;
  const sentences: TaggedSentence[] = [];
  const problems: string[] = [];
  const written: Sentence[] = [];
  const take = (
    { id, document }: DataRecord,
    sentence: Sentence,
    found: readonly string[],
    part?: number,
  ) => {
    if (found.length > 0) {
      if (settings.onError === "refuse") problems.push(...found);
      else {
        counts.nSkipped++;
        counts.skipped.push(...found.slice(0, KEPT_ERRORS - counts.skipped.length));
      }
      return;
    }
    sentences.push({
      sentence,
      ...(id === undefined ? {} : { id: part === undefined ? id : `${id}.${part}` }),
      ...(document === undefined ? {} : { document }),
    });
  };
  for (const record of records) {
    if (record.problems.length > 0) {
      take(record, { words: [], tags: [] }, record.problems);
      continue;
    }
    if (isText(record)) {
      const read = readText(record, settings, to);
      counts.widened.push(...read.widened);
      counts.leftOut.push(...read.leftOut);
      addCounts(counts.ofLabels, read.ofLabels);
      const isOne = read.sentences.length === 1;
      const document = record.document ?? (isOne ? undefined : record.id ?? `line ${record.place.line}`);
      const named = { ...record, ...(document === undefined ? {} : { document }) };
      for (const [i, { sentence, problems }] of read.sentences.entries()) {
        take(named, sentence, problems, isOne ? undefined : i + 1);
      }
      continue;
    }
    const read = readTags(record.sentence, settings, to);
    counts.nMended += read.counts.nMended;
    counts.nConverted += read.counts.nConverted;
    addCounts(counts.ofLabels, read.counts.ofLabels);
    written.push(record.sentence);
    take(record, read.sentence, read.problems);
  }
  const isConverted = settings.scheme !== null && settings.scheme !== to;
  if (isConverted || settings.tagOrder === "PER-B") counts.converted = { from: settings.scheme ?? to, to };
  const fitting = problems.length > 0 && written.length > 0 ? wellFormedSchemes(written) : [];
  return { sentences, problems, fitting, counts };
}

function addCounts(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, n] of Object.entries(counts)) {
    sums[name] = (Object.hasOwn(sums, name) ? sums[name]! : 0) + n;
  }
}

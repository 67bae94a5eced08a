/** Between the two kinds of records: sentences of tagged words, and texts with entities. */
import type { Scheme } from "../tags/tag.ts";
import { tagsToSpans } from "../tags/tag_scheme.ts";
import { originOf } from "../text/sentence.ts";
import { type DataRecord, isText, type RecordId, type TextRecord, type WordRecord } from "./data_record.ts";
import type { Format } from "./format.ts";
import type { ReadSettings } from "./read_settings.ts";
import { type ReadingCounts, tagRecords } from "./read_tagged.ts";
import { renamed } from "./tag_reading.ts";

/** Records of the kind that a format holds. */
export interface ConvertedRecords {
  records: DataRecord[];
  /** The messages of all errors; of none if records with errors are left out. */
  problems: string[];
  counts: ReadingCounts;
}

/**
 * Makes records of the kind that a format holds, with their names.
 *
 * Texts that stay texts keep their entities wherever these begin and end. Words become a text with spaces between them.
 *
 * @param format The format, and whether the records come from it, so that what else it says of them is kept.
 * @param scheme The scheme of tags that are written.
 */
export function convertRecords(
  records: readonly DataRecord[],
  settings: ReadSettings,
  { holds, endings, isSame }: Pick<Format, "holds" | "endings"> & { isSame: boolean },
  scheme: Scheme,
): ConvertedRecords {
  const texts = holds === "texts" ? records.filter(isText) : [];
  const tagged = tagRecords(
    holds === "texts" ? records.filter((record) => !isText(record)) : records,
    settings,
    scheme,
  );
  const { counts } = tagged;
  const sentences = tagged.sentences.map(({ sentence, id, document }): WordRecord => ({
    sentence,
    ...(id === undefined ? {} : { id }),
    ...(document === undefined ? {} : { document }),
    problems: [],
  }));
  if (holds === "words") return { records: sentences, problems: tagged.problems, counts };
  const problems = [...tagged.problems];
  const kept: DataRecord[] = [];
  for (const record of texts) {
    if (record.problems.length > 0) {
      if (settings.onError === "refuse") problems.push(...record.problems);
      else {
        counts.nSkipped++;
        counts.skipped.push(...record.problems);
      }
      continue;
    }
    const entities = record.entities.flatMap((entity) => {
      const entityType = renamed(entity.entityType, settings.labels, counts.ofLabels);
      return entityType === null ? [] : [{ ...entity, entityType }];
    });
    const { fields, ...rest } = record;
    kept.push({ ...rest, entities, ...(isSame && fields !== undefined ? { fields } : {}) });
  }
  // A folder of documents has a file for each; elsewhere a sentence is a record.
  const written = endings.length === 0
    ? joinDocuments(sentences)
    : sentences.map((one) => textOf([one], one.id));
  return { records: [...kept, ...written], problems, counts };
}

/** Joins the sentences of each document, or all if there are no documents, one a line. */
function joinDocuments(sentences: readonly WordRecord[]): TextRecord[] {
  const documents = Map.groupBy(sentences, ({ document }) => document);
  const digits = String(documents.size).length;
  return [...documents].map(([document, own]) =>
    textOf(
      own,
      typeof document === "number" ? `document${String(document + 1).padStart(digits, "0")}` : document,
    )
  );
}

function textOf(sentences: readonly WordRecord[], id: RecordId | undefined): TextRecord {
  const lines: string[] = [];
  const entities: TextRecord["entities"] = [];
  let lineStart = 0;
  for (const { sentence: { words, tags } } of sentences) {
    const starts: number[] = [];
    let at = lineStart;
    for (const word of words) {
      starts.push(at);
      at += word.length + 1;
    }
    for (const { start, end, entityType } of tagsToSpans(tags)) {
      entities.push({ start: starts[start]!, end: starts[end - 1]! + words[end - 1]!.length, entityType });
    }
    lines.push(words.join(" "));
    lineStart = at;
  }
  const origin = originOf(sentences[0]!.sentence);
  return {
    ...(id === undefined ? {} : { id }),
    text: lines.join("\n"),
    entities,
    problems: [],
    place: { source: origin?.source ?? "text", line: origin?.lines[0] ?? 1 },
  };
}

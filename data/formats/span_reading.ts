/** From a text with entities to sentences of tagged words. */
import { spansToTags } from "../tags/spans_to_tags.ts";
import type { Scheme, Span } from "../tags/tag.ts";
import { splitText } from "../text/entities.ts";
import { type Sentence, withOrigin } from "../text/sentence.ts";
import type { TextPart } from "../text/text_words.ts";
import type { TextEntity, TextRecord } from "./data_record.ts";
import type { ReadSettings } from "./read_settings.ts";
import { renamed } from "./tag_reading.ts";

/** A span that was changed, with its file and line. */
export interface ChangedSpan {
  place: string;
  text: string;
}

/** The sentences of a text. */
export interface ReadText {
  sentences: { sentence: Sentence; problems: string[] }[];
  widened: ChangedSpan[];
  leftOut: ChangedSpan[];
  /** Entities of each type that `labels` names. */
  ofLabels: Record<string, number>;
}

/** An entity over words of a text. */
interface WordSpan extends Span {
  entity: TextEntity;
}

/**
 * Splits a text into sentences and words, and tags the words of its entities.
 *
 * A sentence end inside an entity is none. A span that does not begin and end where words do is an error of its
 * sentence, widened or left out, as `onSpan` says; so is, unless spans are left out, one that shares words with another.
 */
export function readText(
  record: TextRecord,
  { onSpan, labels }: Pick<ReadSettings, "onSpan" | "labels">,
  to: Scheme,
): ReadText {
  const { text } = record;
  const result: ReadText = { sentences: [], widened: [], leftOut: [], ofLabels: {} };
  const parts = record.words ? [record.words] : splitText(text);
  const words = parts.flat();
  const starts = new Set<number>();
  let nWords = 0;
  for (const part of parts) {
    starts.add(nWords);
    nWords += part.length;
  }

  const problems: { word: number; message: string }[] = [];
  const spans: WordSpan[] = [];
  const namedPlace = placeOfText(record);
  const refuse = (entity: TextEntity, word: number, rule: string) => {
    const { source } = record.place;
    const shown = JSON.stringify(text.slice(entity.start, entity.end)).slice(0, 80);
    problems.push({
      word: Math.min(Math.max(word, 0), Math.max(0, words.length - 1)),
      message: `Cannot use span ${shown} in "${source}" at ${namedPlace}: ${rule}, current value is ` +
        `${entity.start} to ${entity.end} (${entity.entityType})`,
    });
  };

  for (const given of record.entities.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const entityType = renamed(given.entityType, labels, result.ofLabels);
    if (entityType === null) continue;
    const entity = { ...given, entityType };
    const { start, end } = entity;
    const first = firstIndex(words, (word) => word.end > start);
    const last = firstIndex(words, (word) => word.start >= end);
    const changed = { place: namedPlace, text: text.slice(start, end) };
    const hasWords = first < last;
    const isExact = hasWords && words[first]!.start === start && words[last - 1]!.end === end;
    if (!isExact && onSpan === "leave-out") {
      result.leftOut.push(changed);
      continue;
    }
    if (!hasWords) {
      refuse(entity, first, "a span must hold a word");
      continue;
    }
    if (!isExact && onSpan === "refuse") {
      const whole = JSON.stringify(text.slice(words[first]!.start, words[last - 1]!.end)).slice(0, 80);
      refuse(entity, first, `a span must begin and end where words do, whole words are ${whole} (onSpan)`);
      continue;
    }
    if (!isExact) result.widened.push(changed);
    spans.push({ start: first, end: last, entityType, entity });
  }
  const kept = withoutSharedWords(spans, (span, other) => {
    if (onSpan === "leave-out") {
      result.leftOut.push({ place: namedPlace, text: text.slice(span.entity.start, span.entity.end) });
    } else {
      const name = JSON.stringify(text.slice(other.entity.start, other.entity.end)).slice(0, 80);
      refuse(
        span.entity,
        span.start,
        `spans must not share words, ${name} does (onSpan: leave-out takes the longer)`,
      );
    }
  });
  for (const { start, end } of kept) {
    for (let word = start + 1; word < end; word++) starts.delete(word);
  }

  const bounds = [...starts].sort((a, b) => a - b);
  for (const [i, start] of bounds.entries()) {
    const end = bounds[i + 1] ?? words.length;
    if (start === end) continue;
    const own = kept.filter((span) => span.start >= start && span.end <= end)
      .map(({ start: from, end: to, entityType }) => ({ start: from - start, end: to - start, entityType }));
    const sentence = sentenceOf(words.slice(start, end), own, to, record);
    const found = problems.filter(({ word }) => word >= start && word < end).map(({ message }) => message);
    result.sentences.push({ sentence, problems: found });
  }
  if (result.sentences.length === 0 && problems.length > 0) {
    const sentence = { words: [], tags: [] };
    result.sentences.push({ sentence, problems: problems.map(({ message }) => message) });
  }
  return result;
}

/** Names the place of a text: file, line, and its name where it has one. */
function placeOfText({ place: { source, line }, id }: TextRecord): string {
  return `${source}:${line}${id === undefined ? "" : ` (${id})`}`;
}

function sentenceOf(
  words: readonly TextPart[],
  spans: readonly Span[],
  to: Scheme,
  record: TextRecord,
): Sentence {
  const { source, line } = record.place;
  const sentence = {
    words: words.map(({ text }) => text),
    tags: spansToTags(spans, words.length, { scheme: to }),
  };
  return withOrigin(sentence, { source, lines: words.map(() => line) });
}

/** Returns the spans that share no words, of which longer ones come first; tells those that do and the kept ones. */
function withoutSharedWords(
  spans: readonly WordSpan[],
  tell: (span: WordSpan, other: WordSpan) => void,
): WordSpan[] {
  const kept: WordSpan[] = [];
  const ownerOf = new Map<number, WordSpan>();
  for (const span of spans.toSorted((a, b) => (b.end - b.start) - (a.end - a.start) || a.start - b.start)) {
    let other: WordSpan | undefined;
    for (let word = span.start; word < span.end; word++) other ??= ownerOf.get(word);
    if (other !== undefined) {
      // What is marked twice, or was by parts of one word, is one entity.
      const isSame = other.start === span.start && other.end === span.end &&
        other.entityType === span.entityType;
      if (!isSame) tell(span, other);
      continue;
    }
    for (let word = span.start; word < span.end; word++) ownerOf.set(word, span);
    kept.push(span);
  }
  return kept;
}

/** Returns the index of the first word for which something holds, as it does for all after it; else their number. */
function firstIndex(words: readonly TextPart[], holds: (word: TextPart) => boolean): number {
  let from = 0;
  let to = words.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(words[middle]!)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** From the tags of a file to those of a run: other schemes, other names of types, tags that need mending. */
import { tagProblems } from "../tags/check_tags.ts";
import { spansToTags } from "../tags/spans_to_tags.ts";
import { type Scheme, SCHEME_PREFIXES, type Span } from "../tags/tag.ts";
import { tagsToSpans } from "../tags/tag_scheme.ts";
import { originOf, placeOf, type Sentence, withOrigin } from "../text/sentence.ts";
import { readBrackets } from "./bracket_tags.ts";
import { type FileScheme, isScheme } from "./file_scheme.ts";
import type { ReadSettings } from "./read_settings.ts";

/** What became of tags. */
export interface TagCounts {
  /** Words whose tag the scheme does not allow, and that were read as conlleval.pl does. */
  nMended: number;
  /** Words whose tag is another in the scheme that it was converted to. */
  nConverted: number;
  /** Entities of each type that `labels` names. */
  ofLabels: Record<string, number>;
}

/** A sentence with the tags of the run. */
export interface ReadTags {
  sentence: Sentence;
  problems: string[];
  counts: TagCounts;
}

/** The keys that say how tags are read. */
export type TagSettings = Pick<
  ReadSettings,
  "scheme" | "tagOrder" | "outside" | "labels" | "mendTags" | "tagNames"
>;

/**
 * Reads the tags of a sentence.
 *
 * @param to The scheme to write them in.
 * @returns The sentence itself if its tags are of that scheme already.
 */
export function readTags(sentence: Sentence, settings: TagSettings, to: Scheme): ReadTags {
  const { tagOrder, outside, labels, mendTags } = settings;
  const from = settings.scheme ?? to;
  const isPlain = from === to && tagOrder === "B-PER" && !mendTags && Object.keys(labels).length === 0 &&
    outside.length === 1 && outside[0] === "O";
  if (isPlain) {
    return {
      sentence,
      problems: [...tagProblems([sentence], { scheme: to, wellFormed: true })],
      counts: noTagCounts(),
    };
  }
  const { words, tags } = sentence;
  const counts = noTagCounts();
  const { plain, scheme, problems } = plainTags(sentence, settings, from);
  const spans = tagsToSpans(plain);
  // In the others every word is read by itself, so that all tags are allowed everywhere.
  if (problems.length === 0 && (isScheme(from) || from === "BMES")) {
    for (const [word, tag] of spansToTags(spans, words.length, { scheme }).entries()) {
      if (tag === plain[word]) continue;
      if (mendTags) {
        counts.nMended++;
        continue;
      }
      const before = word === 0 ? "at the start of a sentence" : `after "${tags[word - 1]}"`;
      const rule = `${from} has "${inStyleOf(tag, from, tagOrder)}" ${before} here`;
      problems.push(tagProblem(sentence, word, rule));
    }
  }
  if (problems.length > 0) return { sentence, problems, counts: noTagCounts() };
  const named = spans.flatMap((span): Span[] => {
    const entityType = renamed(span.entityType, labels, counts.ofLabels);
    return entityType === null ? [] : [{ ...span, entityType }];
  });
  const written = spansToTags(named, words.length, { scheme: to });
  if (from !== to || tagOrder !== "B-PER") {
    const unnamed = spansToTags(spans, words.length, { scheme: to });
    counts.nConverted = unnamed.filter((tag, word) => tag !== tags[word]).length;
  }
  return { sentence: withOrigin({ words, tags: written }, originOf(sentence)), problems, counts };
}

/**
 * Reads the tags of a sentence as prefixes and types, "B-PER", without a look at their neighbours.
 *
 * @returns The tags, and the scheme that they are in.
 */
export function plainTags(
  sentence: Sentence,
  settings: TagSettings,
  from: FileScheme,
): { plain: string[]; scheme: Scheme; problems: string[] } {
  const { tags } = sentence;
  const problems: string[] = [];
  const refuse = (word: number, rule: string) => problems.push(tagProblem(sentence, word, rule));
  if (from === "brackets") {
    const spans = readBrackets(tags, settings.outside, refuse);
    return { plain: spansToTags(spans, tags.length), scheme: "IOB2", problems };
  }
  const read = createTagParser(from, settings);
  const plain = tags.map((tag, word) => {
    const found = read(tag);
    if (found === undefined) refuse(word, `expected ${expectedTags(from, settings)}`);
    return found ?? "O";
  });
  const scheme = isScheme(from) ? from : from === "BMES" ? "IOBES" : from === "raw" ? "IOB2" : "IOB1";
  return { plain, scheme, problems };
}

function tagProblem(sentence: Sentence, word: number, rule: string): string {
  const tag = sentence.tags[word]!;
  return `Cannot use tag "${tag}" at ${placeOf(sentence, word)}: ${rule}, current value is "${tag}"`;
}

/** Returns counts of nothing. */
export function noTagCounts(): TagCounts {
  return { nMended: 0, nConverted: 0, ofLabels: {} };
}

/** Returns the new name of an entity type, null if its entities are left out; counts those that `labels` names. */
export function renamed(
  entityType: string,
  labels: TagSettings["labels"],
  counts: Record<string, number>,
): string | null {
  if (!Object.hasOwn(labels, entityType)) return entityType;
  counts[entityType] = (Object.hasOwn(counts, entityType) ? counts[entityType]! : 0) + 1;
  return labels[entityType]!;
}

/** Creates a function that reads a tag as prefix and type, "B-PER"; it returns undefined for what is no tag. */
function createTagParser(
  scheme: FileScheme,
  { outside, tagOrder }: TagSettings,
): (tag: string) => string | undefined {
  const isOutside = new Set([...outside, "O"]);
  const prefixes = scheme === "BMES" ? "BMES" : isScheme(scheme) ? SCHEME_PREFIXES[scheme] : "I";
  const form = tagOrder === "B-PER" ? /^([A-Z])-(?<type>.+)$/s : /^(?<type>.+)-([A-Z])$/s;
  return (tag) => {
    if (isOutside.has(tag)) return "O";
    if (scheme === "bare") return `I-${tag}`;
    if (scheme === "raw") return `B-${tag}`;
    const found = form.exec(tag);
    const type = found?.groups?.type;
    const prefix = found === null ? undefined : tagOrder === "B-PER" ? tag[0]! : tag.at(-1)!;
    if (prefix !== undefined && prefixes.includes(prefix)) return `${prefix === "M" ? "I" : prefix}-${type}`;
    const isBare = scheme === "IO" && (prefix === undefined || !"BIESLUM".includes(prefix));
    return isBare ? `I-${tag}` : undefined;
  };
}

/** Writes a tag "B-PER" in the style of a file. */
function inStyleOf(tag: string, scheme: string, tagOrder: TagSettings["tagOrder"]): string {
  if (tag === "O") return tag;
  const prefix = scheme === "BMES" && tag[0] === "I" ? "M" : tag[0]!;
  return tagOrder === "B-PER" ? `${prefix}-${tag.slice(2)}` : `${tag.slice(2)}-${prefix}`;
}

function expectedTags(scheme: FileScheme, { outside, tagOrder }: TagSettings): string {
  const prefixes = scheme === "BMES" ? "BMES" : isScheme(scheme) ? SCHEME_PREFIXES[scheme] : "I";
  const tags = Array.from(prefixes, (prefix) => tagOrder === "B-PER" ? `${prefix}-` : `-${prefix}`);
  const bare = scheme === "IO" ? " or a type" : "";
  return `a tag of ${scheme} (${[...outside, ...tags].join(" ")}${bare})`;
}

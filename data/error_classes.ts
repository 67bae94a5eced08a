/** Which kinds of errors a system makes, on which entities, and which of them another system does not make. */
import type { Sentence } from "./conll.ts";
import { ERROR_KINDS, type ErrorKind, matchTags, type TagPair } from "./entity_errors.ts";
import type { Span } from "./tag.ts";
import { tagsToSpans } from "./tag_scheme.ts";

/** A sentence with both kinds of tags. */
export interface TaggedPair extends TagPair {
  words: readonly string[];
}

/** What training showed. */
export interface ErrorClassOptions {
  /** Surface forms of the training entities, see `surfaceForms`. */
  seenForms: ReadonlySet<string>;
  /** Entity types that the source has, too. */
  sharedTypes: ReadonlySet<string>;
}

/** Whether an entity's surface form was seen in training, and whether its type is one of the source's. */
export interface EntityClass {
  form: "seen" | "unseen";
  type: "shared" | "new";
}

/** The four classes of entities, in the order in which they are shown. */
export const ENTITY_CLASSES: readonly EntityClass[] = (["seen", "unseen"] as const).flatMap((form) =>
  (["shared", "new"] as const).map((type) => ({ form, type }))
);

/** Errors on the entities of one class. */
export interface ErrorCounts extends EntityClass {
  /** Gold entities of the class, and how many of them were found. */
  nGold: number;
  nCorrect: number;
  /** Errors by kind. Spurious ones are predicted entities of the class, the others gold ones. */
  errors: Record<ErrorKind, number>;
}

/** Gold entities' surface forms: lower case, words joined by one space. */
export function surfaceForms(sentences: readonly Pick<Sentence, "words" | "tags">[]): Set<string> {
  return new Set(
    sentences.flatMap(({ words, tags }) => tagsToSpans(tags).map((span) => formOf(words, span))),
  );
}

/**
 * Counts errors by kind and class of entity. The gold entity decides the class, of a spurious one the predicted.
 *
 * @returns One count a class, in the order of `ENTITY_CLASSES`.
 *
 * @example
 * ```ts
 * import { errorClasses } from "@laner/laner";
 *
 * const sentence = { words: ["Bell", "Labs"], gold: ["B-org", "I-org"], predicted: ["B-org", "O"] };
 * const [, , , unseenNew] = errorClasses([sentence], { seenForms: new Set(), sharedTypes: new Set() });
 * console.log(unseenNew.nGold, unseenNew.errors.boundary); // 1 1
 * ```
 */
export function errorClasses(sentences: readonly TaggedPair[], options: ErrorClassOptions): ErrorCounts[] {
  const counts = emptyCounts();
  for (const sentence of sentences) {
    for (const { kind, gold, predicted } of matchTags(sentence)) {
      const count = counts[classIndex(sentence.words, gold ?? predicted!, options)];
      if (gold) count.nGold++;
      if (kind === "correct") count.nCorrect++;
      else count.errors[kind]++;
    }
  }
  return counts;
}

/** Where one system errs and the other does not. */
export interface ErrorPlace {
  /** Index of the sentence. */
  sentence: number;
  kind: ErrorKind;
  /** The gold entity, or the spurious one. */
  span: Span;
}

/** The errors of one system that another does not make. */
export interface ErrorDifference {
  /** By class of entity, in the order of `ENTITY_CLASSES`; nGold and nCorrect are this system's. */
  counts: ErrorCounts[];
  places: ErrorPlace[];
}

/**
 * What one system gets wrong and the other does not, both ways: gold entities that only the other finds, and spurious
 * ones that the other does not predict.
 *
 * @param a Sentences with the first system's tags.
 * @param b The same sentences with the second's.
 * @throws If the sentences are not the same.
 */
export function errorDifferences(
  a: readonly TaggedPair[],
  b: readonly TaggedPair[],
  options: ErrorClassOptions,
): { onlyFirst: ErrorDifference; onlySecond: ErrorDifference } {
  const same = a.length === b.length &&
    a.every(({ words, gold }, i) =>
      words.join("\n") === b[i].words.join("\n") && gold.join() === b[i].gold.join()
    );
  if (!same) throw new Error("Cannot compare errors: both systems must have tagged the same sentences");
  return { onlyFirst: errorsOfOne(a, b, options), onlySecond: errorsOfOne(b, a, options) };
}

function errorsOfOne(
  own: readonly TaggedPair[],
  other: readonly TaggedPair[],
  options: ErrorClassOptions,
): ErrorDifference {
  const counts = errorClasses(own, options), places: ErrorPlace[] = [];
  for (const count of counts) count.errors = noErrors();
  own.forEach((sentence, i) => {
    const othersFound = new Set(tagsToSpans(other[i].predicted).map(keyOf));
    for (const { kind, gold, predicted } of matchTags(sentence)) {
      if (kind === "correct") continue;
      const span = gold ?? predicted!;
      // A gold entity that the other finds; a spurious one that the other leaves alone.
      if (othersFound.has(keyOf(span)) !== (gold !== null)) continue;
      counts[classIndex(sentence.words, span, options)].errors[kind]++;
      places.push({ sentence: i, kind, span });
    }
  });
  return { counts, places };
}

function emptyCounts(): ErrorCounts[] {
  return ENTITY_CLASSES.map((one) => ({ ...one, nGold: 0, nCorrect: 0, errors: noErrors() }));
}

function noErrors(): Record<ErrorKind, number> {
  return Object.fromEntries(ERROR_KINDS.map((kind) => [kind, 0])) as Record<ErrorKind, number>;
}

function classIndex(
  words: readonly string[],
  span: Span,
  { seenForms, sharedTypes }: ErrorClassOptions,
): number {
  const isSeen = seenForms.has(formOf(words, span)), isShared = sharedTypes.has(span.entityType);
  return (isSeen ? 0 : 2) + (isShared ? 0 : 1);
}

function formOf(words: readonly string[], { start, end }: Span): string {
  return words.slice(start, end).join(" ").toLowerCase();
}

function keyOf({ start, end, entityType }: Span): string {
  return `${start},${end},${entityType}`;
}

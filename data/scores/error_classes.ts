/** The errors of a system by kind and class of entity, and those that another system does not make. */
import type { TagReadingOptions } from "../tags/tag_scheme.ts";
import { classIndex, ENTITY_CLASSES, type EntityClass, type ErrorClassOptions } from "./entity_classes.ts";
import { type EntityMatch, ERROR_KINDS, type ErrorKind, matchSentences } from "./entity_errors.ts";
import { spanKey, type TagPair } from "./tag_pairs.ts";

export { ENTITY_CLASSES, type EntityClass, type ErrorClassOptions, surfaceForms } from "./entity_classes.ts";

/** The words of a sentence with gold and predicted tags. */
export interface TaggedPair extends TagPair {
  words: readonly string[];
}

/** Errors on the entities of one class: a row of a table. */
export interface ErrorCounts extends EntityClass {
  /** Gold entities of the class: the correct ones and all errors but the spurious ones. */
  nGold: number;
  /** Gold entities that were found. */
  nCorrect: number;
  /** Errors by kind. Spurious ones are predicted entities of the class, all others gold ones. */
  errors: Record<ErrorKind, number>;
}

/**
 * Counts errors by kind and class of entity.
 *
 * The gold entity decides the class; for a spurious error, which has none, the predicted entity does.
 *
 * @returns one row of counts a class, in the order of `ENTITY_CLASSES`
 * @throws naming the sentence (from 1) unless each word has a gold and a predicted tag, or if a tag is unknown
 *
 * @example
 * ```ts
 * import { errorClasses } from "@laner/laner";
 *
 * const sentence = { words: ["Bell", "Labs"], gold: ["B-org", "I-org"], predicted: ["B-org", "O"] };
 * const unseenNew = errorClasses([sentence], { seenForms: new Set(), sharedTypes: new Set() })[3]!;
 * console.log(unseenNew.nGold, unseenNew.errors.boundary); // 1 1
 * ```
 */
export function errorClasses(sentences: readonly TaggedPair[], options: ErrorClassOptions): ErrorCounts[] {
  return tally(sentences, matchWords(sentences, options), options).counts;
}

/** An error of one system that the other does not make. */
export interface ErrorPlace extends EntityMatch {
  kind: ErrorKind;
  /** Index of the sentence. */
  sentence: number;
}

/** The errors of one system that another system does not make. */
export interface ErrorDifference {
  /** Counts by class of entity, in the order of `ENTITY_CLASSES`; nGold and nCorrect are this system's. */
  counts: ErrorCounts[];
  /** The same errors, each with its sentence and spans, in the order of the text. */
  places: ErrorPlace[];
}

/**
 * Finds the errors that only one of two systems makes, both ways: gold entities that only the other finds, and spurious
 * ones that the other does not predict. Gold entities that both get wrong are left out, even if the errors differ.
 *
 * @param a sentences with the first system's tags
 * @param b the same sentences with the second's
 * @throws naming the sentence (from 1) if its words or gold tags differ between the two, or its tags cannot be read
 *
 * @example
 * ```ts
 * import { errorDifferences } from "@laner/laner";
 *
 * const words = ["Ann", "codes"], gold = ["B-person", "O"];
 * const a = [{ words, gold, predicted: ["O", "B-task"] }], b = [{ words, gold, predicted: ["B-person", "B-task"] }];
 * const options = { seenForms: new Set(["ann"]), sharedTypes: new Set(["person"]) };
 * const { onlyFirst, onlySecond } = errorDifferences(a, b, options);
 * console.log(onlyFirst.places);
 * // [{ sentence: 0, kind: "missed", gold: { start: 0, end: 1, entityType: "person" }, predicted: null }]
 * console.log(onlySecond.places); // []
 * ```
 */
export function errorDifferences(
  a: readonly TaggedPair[],
  b: readonly TaggedPair[],
  options: ErrorClassOptions,
): { onlyFirst: ErrorDifference; onlySecond: ErrorDifference } {
  checkSame(a, b);
  const [first, second] = [matchWords(a, options), matchWords(b, options)];
  return {
    onlyFirst: errorsOfOne(a, first, second, options),
    onlySecond: errorsOfOne(b, second, first, options),
  };
}

/** Returns the errors in a system's matches that are missing in the other system's. */
function errorsOfOne(
  sentences: readonly TaggedPair[],
  own: readonly EntityMatch[][],
  others: readonly EntityMatch[][],
  options: ErrorClassOptions,
): ErrorDifference {
  const othersFound = others.map((matches) =>
    new Set(matches.map(({ predicted }) => predicted).filter((span) => span !== null).map(spanKey))
  );
  return tally(sentences, own, options, (s, { gold, predicted }) => {
    const isFound = othersFound[s]!.has(spanKey(gold ?? predicted!));
    return gold === null ? !isFound : isFound;
  });
}

/** Counts entities by class, and the given errors among them. */
function tally(
  sentences: readonly TaggedPair[],
  matches: readonly EntityMatch[][],
  options: ErrorClassOptions,
  isAskedFor: (sentence: number, error: EntityMatch) => boolean = () => true,
): ErrorDifference {
  const counts = emptyCounts();
  const places: ErrorPlace[] = [];
  matches.forEach((ofSentence, s) => {
    for (const match of ofSentence) {
      const { kind, gold, predicted } = match;
      const count = counts[classIndex(sentences[s]!.words, gold ?? predicted!, options)]!;
      if (gold !== null) count.nGold++;
      if (kind === "correct") {
        count.nCorrect++;
      } else if (isAskedFor(s, match)) {
        count.errors[kind]++;
        places.push({ sentence: s, kind, gold, predicted });
      }
    }
  });
  return { counts, places };
}

/** Matches the entities of each sentence, after checking that there is a tag for each word. */
function matchWords(sentences: readonly TaggedPair[], options: TagReadingOptions): EntityMatch[][] {
  sentences.forEach(({ words, gold }, s) => {
    if (words.length === gold.length) return;
    throw new Error(
      `Cannot score sentence ${s + 1}: it must have one tag a word, ` +
        `current value is ${words.length} words and ${gold.length} tags`,
    );
  });
  return matchSentences(sentences, options);
}

function checkSame(a: readonly TaggedPair[], b: readonly TaggedPair[]): void {
  const rule = "both systems must have tagged the same sentences";
  if (a.length !== b.length) {
    throw new Error(
      `Cannot compare errors: ${rule}, current value is ${a.length} and ${b.length} sentences`,
    );
  }
  for (let s = 0; s < a.length; s++) {
    const [one, other] = [a[s]!, b[s]!].map(({ words, gold }) => JSON.stringify([words, gold]));
    if (one === other) continue;
    throw new Error(
      `Cannot compare errors at sentence ${s + 1}: ${rule}, current value is ${one} and ${other}`,
    );
  }
}

function emptyCounts(): ErrorCounts[] {
  return ENTITY_CLASSES.map((one) => ({ ...one, nGold: 0, nCorrect: 0, errors: noErrors() }));
}

function noErrors(): Record<ErrorKind, number> {
  return Object.fromEntries(ERROR_KINDS.map((kind) => [kind, 0])) as Record<ErrorKind, number>;
}

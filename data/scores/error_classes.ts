/** Which kinds of errors a system makes, on which entities, and which of them another system does not make. */
import type { TagReadingOptions } from "../tags/tag_scheme.ts";
import { classIndex, ENTITY_CLASSES, type EntityClass, type ErrorClassOptions } from "./entity_classes.ts";
import { type EntityMatch, ERROR_KINDS, type ErrorKind, matchSentences } from "./entity_errors.ts";
import { spanKey, type TagPair } from "./tag_pairs.ts";

export { ENTITY_CLASSES, type EntityClass, type ErrorClassOptions, surfaceForms } from "./entity_classes.ts";

/** A sentence's words with both kinds of tags. */
export interface TaggedPair extends TagPair {
  words: readonly string[];
}

/** Errors on the entities of one class: a row of a table. */
export interface ErrorCounts extends EntityClass {
  /** Gold entities of the class: those found and all errors but the spurious ones. */
  nGold: number;
  /** How many of them were found. */
  nCorrect: number;
  /** Errors by kind. Spurious ones are predicted entities of the class, the others gold ones. */
  errors: Record<ErrorKind, number>;
}

/**
 * Counts errors by kind and class of entity.
 *
 * The gold entity decides form and type; of a spurious one, which has none, the predicted.
 *
 * @returns one count a class, in the order of `ENTITY_CLASSES`
 * @throws naming the sentence (from 1) if it does not have a gold and a predicted tag a word, or one is unknown
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

/** The errors of one system that another does not make. */
export interface ErrorDifference {
  /** By class of entity, in the order of `ENTITY_CLASSES`; nGold and nCorrect are this system's. */
  counts: ErrorCounts[];
  /** The same errors, each with its sentence and spans, in the order of the text. */
  places: ErrorPlace[];
}

/**
 * What one system gets wrong and the other does not, both ways: gold entities that only the other finds, and spurious
 * ones that the other does not predict. A gold entity that both get wrong, be it in different ways, is in neither.
 *
 * @param a sentences with the first system's tags
 * @param b the same sentences with the second's
 * @throws naming the sentence (from 1) if the two do not have the same words or gold tags there, or its tags cannot be
 * read
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

/** The errors in a system's matches that the other system's do not show. */
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

/** Counts entities by class, and of the errors those that are asked for. */
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

/** The matches of each sentence, after checking that its tags are of its words. */
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

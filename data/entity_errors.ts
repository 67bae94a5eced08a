/** What predicted entities get wrong: each is matched with a gold entity, and the mismatches are named. */
import type { Span } from "./tag.ts";
import { type TagReadingOptions, tagsToSpans } from "./tag_scheme.ts";

/** Kinds of errors, in the order in which they are shown. */
export const ERROR_KINDS = ["boundary", "type", "boundary and type", "missed", "spurious"] as const;

/** The right type on other words, another type on the right words, both, nothing there, or nothing to find. */
export type ErrorKind = typeof ERROR_KINDS[number];

/** A gold entity and the predicted one that stands for it; one of them is null if it has no other. */
export interface EntityMatch {
  kind: "correct" | ErrorKind;
  gold: Span | null;
  predicted: Span | null;
}

/** Tags of a sentence, gold and predicted. */
export interface TagPair {
  gold: readonly string[];
  predicted: readonly string[];
}

/**
 * Matches gold and predicted entities of a sentence one to one: equal ones first, then those of the same words, then
 * those that overlap, same type before other types, more shared words before fewer, left before right. What is left
 * is missed or spurious.
 *
 * @returns Every entity of both in exactly one match, from left to right.
 *
 * @example
 * ```ts
 * import { matchEntities, tagsToSpans } from "@laner/laner";
 *
 * const gold = tagsToSpans(["B-task", "I-task", "O", "B-person"]), predicted = tagsToSpans(["O", "B-task", "O", "O"]);
 * console.log(matchEntities(gold, predicted).map(({ kind }) => kind)); // ["boundary", "missed"]
 * ```
 */
export function matchEntities(gold: readonly Span[], predicted: readonly Span[]): EntityMatch[] {
  const pairs = gold.flatMap((g) =>
    predicted.filter((p) => overlap(g, p) > 0).map((p) => ({ gold: g, predicted: p, rank: rankOf(g, p) }))
  );
  pairs.sort((a, b) => {
    const i = a.rank.findIndex((value, k) => value !== b.rank[k]);
    return i < 0 ? 0 : a.rank[i] - b.rank[i];
  });
  const taken = new Set<Span>(), matches: EntityMatch[] = [];
  for (const { gold, predicted } of pairs) {
    if (taken.has(gold) || taken.has(predicted)) continue;
    taken.add(gold).add(predicted);
    matches.push({ kind: kindOf(gold, predicted), gold, predicted });
  }
  for (const span of gold) {
    if (!taken.has(span)) matches.push({ kind: "missed", gold: span, predicted: null });
  }
  for (const span of predicted) {
    if (!taken.has(span)) matches.push({ kind: "spurious", gold: null, predicted: span });
  }
  const startOf = ({ gold, predicted }: EntityMatch) => (gold ?? predicted!).start;
  return matches.sort((a, b) => startOf(a) - startOf(b));
}

/** The matches of a sentence's tags. */
export function matchTags({ gold, predicted }: TagPair, options?: TagReadingOptions): EntityMatch[] {
  return matchEntities(tagsToSpans(gold, options), tagsToSpans(predicted, options));
}

/** Sorts the best pair first: fewest faults, most shared words, leftmost. */
function rankOf(gold: Span, predicted: Span): number[] {
  const faults = { "correct": 0, "type": 1, "boundary": 2, "boundary and type": 3 }[kindOf(gold, predicted)];
  return [faults, -overlap(gold, predicted), gold.start, predicted.start];
}

function kindOf(gold: Span, predicted: Span): "correct" | "boundary" | "type" | "boundary and type" {
  const sameWords = gold.start === predicted.start && gold.end === predicted.end;
  const sameType = gold.entityType === predicted.entityType;
  if (sameWords) return sameType ? "correct" : "type";
  return sameType ? "boundary" : "boundary and type";
}

function overlap(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.end, b.end) - Math.max(a.start, b.start));
}

/** Gold types against predicted types. */
export interface ConfusionMatrix {
  /** All types, in alphabetical order. */
  types: string[];
  /** Entities with the right words: [gold type][predicted type]; right ones are on the diagonal. */
  counts: number[][];
  /** Entities matched with one of other words, by gold type: of the same type, and of another. */
  boundary: number[];
  boundaryAndType: number[];
  /** By gold type. */
  missed: number[];
  /** By predicted type. */
  spurious: number[];
}

/**
 * Counts which types are taken for which.
 *
 * A gold type's counts, boundary errors and misses add up to its gold entities.
 *
 * @example
 * ```ts
 * import { confusionMatrix } from "@laner/laner";
 *
 * const { types, counts } = confusionMatrix([{ gold: ["B-task", "B-field"], predicted: ["B-task", "B-task"] }]);
 * console.log(types, counts); // ["field", "task"] [[0, 1], [0, 1]]
 * ```
 */
export function confusionMatrix(sentences: readonly TagPair[], options?: TagReadingOptions): ConfusionMatrix {
  const matches = sentences.flatMap((sentence) => matchTags(sentence, options));
  const types = [...new Set(matches.flatMap(({ gold, predicted }) => [gold, predicted]))]
    .filter((span) => span !== null).map(({ entityType }) => entityType);
  const sorted = [...new Set(types)].sort(), placeOf = new Map(sorted.map((type, i) => [type, i]));
  const zeros = () => sorted.map(() => 0);
  const matrix: ConfusionMatrix = {
    types: sorted,
    counts: sorted.map(zeros),
    ...{ boundary: zeros(), boundaryAndType: zeros(), missed: zeros(), spurious: zeros() },
  };
  for (const { kind, gold, predicted } of matches) {
    const g = placeOf.get(gold?.entityType ?? "")!, p = placeOf.get(predicted?.entityType ?? "")!;
    if (kind === "correct" || kind === "type") matrix.counts[g][p]++;
    else if (kind === "boundary") matrix.boundary[g]++;
    else if (kind === "boundary and type") matrix.boundaryAndType[g]++;
    else if (kind === "missed") matrix.missed[g]++;
    else matrix.spurious[p]++;
  }
  return matrix;
}

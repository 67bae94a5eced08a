/** A few examples of each entity type. */
import { createRandom } from "../random.ts";
import { tagsToSpans } from "../tags/tag_scheme.ts";
import type { Sentence } from "../text/sentence.ts";

/**
 * Chooses sentences with at least k entities of each type, and no sentence that could be left out.
 *
 * Rare types choose first, as their sentences have others, too. A type with fewer than k entities gets them all.
 *
 * @param k Entities of each type.
 * @param seed Seed of the choice.
 * @returns The chosen sentences, in their order.
 *
 * @example
 * ```ts
 * import { chooseShots } from "@laner/laner/corpus";
 * import { assertEquals } from "@std/assert";
 *
 * const sentences = ["x", "y", "x", "x"].map((type) => ({ words: ["a"], tags: [`B-${type}`] }));
 * assertEquals(chooseShots(sentences, 1, 13).length, 2);
 * ```
 */
export function chooseShots(sentences: readonly Sentence[], k: number, seed: number): Sentence[] {
  const order = createRandom(seed).fork("shots").shuffle(sentences.map((_, i) => i));
  const typesOf = sentences.map(({ tags }) => tagsToSpans(tags).map(({ entityType }) => entityType));
  const totals = new Map<string, number>();
  for (const type of typesOf.flat()) totals.set(type, (totals.get(type) ?? 0) + 1);
  const wanted = new Map([...totals].map(([type, n]) => [type, Math.min(n, k)]));
  const counts = new Map<string, number>();
  const add = (i: number, sign: 1 | -1) => {
    for (const type of typesOf[i]!) counts.set(type, (counts.get(type) ?? 0) + sign);
  };
  const chosen = new Set<number>();
  const byRarity = [...totals].sort(([a, n], [b, m]) => n - m || (a < b ? -1 : 1));
  for (const [type] of byRarity) {
    for (const i of order) {
      if ((counts.get(type) ?? 0) >= wanted.get(type)!) break;
      if (chosen.has(i) || !typesOf[i]!.includes(type)) continue;
      chosen.add(i);
      add(i, 1);
    }
  }
  // What was chosen for a rare type may have made an earlier choice needless.
  for (const i of [...chosen]) {
    add(i, -1);
    if (typesOf[i]!.every((type) => counts.get(type)! >= wanted.get(type)!)) chosen.delete(i);
    else add(i, 1);
  }
  return sentences.filter((_, i) => chosen.has(i));
}

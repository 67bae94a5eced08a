/** Ways to spoil bytes and JSON text, by a seeded generator. */
import type { Random } from "../../data/random.ts";

/** One of some values. */
export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(values.length)];
}

/** The bytes with one to four bits turned. */
export function flipBits(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const flipped = new Uint8Array(bytes);
  for (let n = 1 + random.integer(4); n > 0 && bytes.length > 0; n--) {
    flipped[random.integer(bytes.length)] ^= 1 << random.integer(8);
  }
  return flipped;
}

/** JSON text with one token replaced, left out, doubled, exchanged with another, or a run of them doubled. */
export function editTokens(json: string, others: readonly string[], random: Random): string {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[\w.+-]+|\s+|[^]/g) ?? [];
  if (tokens.length === 0) return pick(random, others);
  const i = random.integer(tokens.length), j = random.integer(tokens.length);
  const edits = [
    () => tokens[i] = pick(random, others),
    () => tokens.splice(i, 1),
    () => tokens.splice(i, 0, pick(random, others)),
    () => [tokens[i], tokens[j]] = [tokens[j], tokens[i]],
    // A whole member of an object, comma included, is often such a run.
    () => tokens.splice(i, 0, ...tokens.slice(i, i + 1 + random.integer(24))),
  ];
  pick(random, edits)();
  return tokens.join("");
}

/** Ways to spoil bytes and texts, by a seeded generator. */
import type { Random } from "../../data/random.ts";

/** One of some values. */
export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(values.length)]!;
}

/** The bytes with one to four bits turned. */
export function flipBits(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const flipped = new Uint8Array(bytes);
  for (let n = 1 + random.integer(4); n > 0 && bytes.length > 0; n--) {
    flipped[random.integer(bytes.length)]! ^= 1 << random.integer(8);
  }
  return flipped;
}

/** JSON text with one token replaced, left out, doubled, exchanged with another, or a run of them doubled. */
export function editTokens(json: string, others: readonly string[], random: Random): string {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[\w.+-]+|\s+|[^]/g) ?? [];
  if (tokens.length === 0) return pick(random, others);
  const i = random.integer(tokens.length);
  const j = random.integer(tokens.length);
  const edits = [
    () => tokens[i] = pick(random, others),
    () => tokens.splice(i, 1),
    () => tokens.splice(i, 0, pick(random, others)),
    () => [tokens[i], tokens[j]] = [tokens[j]!, tokens[i]!],
    // A whole member of an object, comma included, is often such a run.
    () => tokens.splice(i, 0, ...tokens.slice(i, i + 1 + random.integer(24))),
  ];
  pick(random, edits)();
  return tokens.join("");
}

/** A parsed JSON value: what mutations change in place. */
type Json = Record<string | number, unknown>;

/** Values that a reader may not expect, as JSON text. */
const HOSTILE_VALUES = [
  ..."null true false 0 1 -1 1.5 -0 1e12 1e308 2147483648 4294967296 9007199254740993".split(" "),
  '""',
  '"0"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"../../etc/passwd"',
  '"\\u0000\\ud800"',
  JSON.stringify("x".repeat(3000)),
  "[]",
  "{}",
  "[null]",
  '[["IOB2"]]',
  '{"__proto__":{"type":"WordPiece"},"length":1e9}',
  '{"toString":1}',
  '"DEEP"',
];

const NEW_KEYS = ["constructor", "toString", "length", "extra"];

/** JSON text with a value somewhere in it replaced by a hostile one, moved, left out or added. */
export function editValues(json: string, random: Random): string {
  const tree = JSON.parse(json);
  const hostile = () => JSON.parse(pick(random, HOSTILE_VALUES));
  if (random.integer(50) === 0) return pick(random, HOSTILE_VALUES);
  let at: Json = tree;
  while (Object.keys(at).length > 0) {
    const key = pick(random, Object.keys(at));
    const inner = at[key];
    if (
      typeof inner === "object" && inner !== null && Object.keys(inner).length > 0 && random.integer(4) > 0
    ) {
      at = inner as Json;
      continue;
    }
    const edits = [
      () => at[key] = hostile(),
      () => Array.isArray(at) ? at.splice(Number(key), 1) : delete at[key],
      () => Array.isArray(at) ? at.push(hostile()) : at[pick(random, NEW_KEYS)] = hostile(),
      () => at[key] = at[pick(random, Object.keys(at))],
    ];
    pick(random, edits)();
    break;
  }
  // Only as text can anything be nested more deeply than the stack of who wrote it.
  return JSON.stringify(tree).replaceAll('"DEEP"', "[".repeat(20_000) + "]".repeat(20_000));
}

/**
 * Damages bytes at some places: bytes of any value, pieces of `poison`, deletions, repetitions, a cut.
 *
 * @param poison Texts that are likely to break something.
 * @param n How many times.
 */
export function damage(
  random: Random,
  bytes: Uint8Array<ArrayBuffer>,
  poison: readonly string[],
  n: number,
): Uint8Array<ArrayBuffer> {
  for (let i = 0; i < n; i++) {
    const at = random.integer(bytes.length + 1);
    const end = Math.min(bytes.length, at + random.integer(20));
    const [before, piece] = [bytes.subarray(0, at), bytes.subarray(at, end)];
    switch (random.integer(8)) {
      case 0:
        bytes = join(before, Uint8Array.of(random.integer(256)), bytes.subarray(at));
        break;
      case 1:
        bytes = join(before, bytes.subarray(end));
        break;
      case 2:
        bytes = join(before, piece, piece, bytes.subarray(end));
        break;
      case 3:
        if (random.integer(4) === 0) bytes = join(before);
        break;
      default:
        bytes = join(before, new TextEncoder().encode(pick(random, poison)), bytes.subarray(at));
    }
  }
  return bytes;
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

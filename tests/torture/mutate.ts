/** Damaging texts at random. */
import type { Random } from "../../data/random.ts";

/** One of some values. */
export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.integer(values.length)];
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
    const at = random.integer(bytes.length + 1), end = Math.min(bytes.length, at + random.integer(20));
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

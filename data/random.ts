/**
 * Seeded random numbers: xoshiro128** (Blackman and Vigna), with a state filled by splitmix32.
 *
 * The same seed gives the same numbers on every machine, and a generator can be saved and restored.
 */

/** The whole state of a generator, as plain data for a checkpoint. */
export interface RandomState {
  /** The state it began with, from which {@link Random.fork} derives other generators. Four 32-bit words. */
  origin: number[];
  /** The current state. */
  words: number[];
  /** The second of a pair of normal numbers whose first has been returned. */
  spareNormal: number | null;
}

/** A seeded generator of random numbers; see {@link createRandom}. */
export interface Random {
  /** Returns the next 32 random bits, an integer from 0 to 2^32 - 1. */
  uint32(): number;
  /** Returns a number from 0 up to, not including, 1, with 53 random bits. */
  uniform(): number;
  /** Returns a number from the normal distribution with mean 0 and standard deviation 1. */
  normal(): number;
  /** Returns an integer from 0 to n - 1, each equally likely. Throws unless n is an integer from 1 to 2^32. */
  integer(n: number): number;
  /** Shuffles an array in place (Fisher-Yates) and returns it. */
  shuffle<T>(values: T[]): T[];
  /**
   * Makes a separate generator for the purpose that `label` names. It depends on the label and on how this generator
   * was made, not on how many numbers were drawn; forking draws none.
   */
  fork(label: string): Random;
  /** Returns the current state, from which {@link restoreRandom} makes the same generator again. */
  state(): RandomState;
}

/**
 * Makes a seeded generator of random numbers.
 *
 * @param seed an integer from 0 to 2^32 - 1
 * @throws if the seed is not such an integer
 *
 * @example
 * ```ts
 * import { createRandom } from "@laner/laner";
 *
 * const random = createRandom(555);
 * const order = random.shuffle([0, 1, 2, 3]);
 * const dropout = random.fork("dropout").uniform();
 * console.log(order, dropout, random.state());
 * ```
 */
export function createRandom(seed: number): Random {
  checkUint32("seed", seed);
  let state = seed;
  const words = Array.from({ length: 4 }, () => {
    state = (state + GOLDEN) >>> 0;
    return mix(state);
  });
  return restoreRandom({ origin: words, words, spareNormal: null });
}

/**
 * Makes a generator from its saved state; it continues with the numbers that the saved one would have drawn.
 *
 * @throws if the state is not a valid one
 */
export function restoreRandom(state: RandomState): Random {
  const origin = checkWords("origin", state.origin);
  let [a, b, c, d] = checkWords("words", state.words);
  let spareNormal = state.spareNormal;
  if (spareNormal !== null && !Number.isFinite(spareNormal)) {
    throw new Error(
      `Cannot restore random state "spareNormal": it must be a number or null, current value is ${spareNormal}`,
    );
  }

  function uint32(): number {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function uniform(): number {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** Draws by Marsaglia's polar method, which makes two numbers at a time. */
  function normal(): number {
    if (spareNormal !== null) {
      const spare = spareNormal;
      spareNormal = null;
      return spare;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square === 0 || square >= 1) continue;
      const scale = Math.sqrt(-2 * Math.log(square) / square);
      spareNormal = y * scale;
      return x * scale;
    }
  }

  function integer(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new Error(
        `Cannot draw an integer below ${n}: n must be an integer from 1 to 2^32, current value is ${n}`,
      );
    }
    if (n === 2 ** 32) return uint32();
    // Values in the last, incomplete run of n would make its numbers more likely.
    const size = n >>> 0;
    const lastRun = 2 ** 32 - n;
    for (;;) {
      const bits = uint32();
      const value = (bits >>> 0) % size;
      if (bits - value <= lastRun) return value;
    }
  }

  function shuffle<T>(values: T[]): T[] {
    for (let i = values.length - 1; i > 0; i--) {
      const j = integer(i + 1);
      [values[i], values[j]] = [values[j]!, values[i]!];
    }
    return values;
  }

  return {
    uint32,
    uniform,
    normal,
    integer,
    shuffle,
    fork(label) {
      const words = origin.map((word) => hashLabel(word, label));
      return restoreRandom({ origin: words, words, spareNormal: null });
    },
    state: () => ({ origin: [...origin], words: [a, b, c, d].map((word) => word >>> 0), spareNormal }),
  };
}

/** splitmix32's increment, 2^32 over the golden ratio. */
const GOLDEN = 0x9e3779b9;

/**
 * Mixes a word by the output function of splitmix32: a one-to-one map of 32-bit words that spreads every bit over all.
 */
function mix(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return (word ^ (word >>> 15)) >>> 0;
}

function hashLabel(start: number, label: string): number {
  let hash = mix(start + GOLDEN);
  for (let i = 0; i < label.length; i++) hash = mix((hash ^ label.charCodeAt(i)) + GOLDEN);
  return mix((hash ^ label.length) + GOLDEN);
}

function checkWords(name: string, words: readonly number[]): [number, number, number, number] {
  const [a, b, c, d, ...more] = Array.isArray(words) ? words : [];
  const isWhole = a !== undefined && b !== undefined && c !== undefined && d !== undefined;
  if (!isWhole || more.length > 0 || words.every((word) => word === 0)) {
    throw new Error(
      `Cannot restore random state "${name}": it must be four 32-bit words, not all 0, current value is ${words}`,
    );
  }
  for (const word of words) checkUint32(name, word);
  return [a, b, c, d];
}

function checkUint32(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw new Error(
      `Cannot use random ${name} "${value}": it must be an integer from 0 to 2^32 - 1, current value is ${value}`,
    );
  }
}

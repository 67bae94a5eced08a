/** The parameters of a linear-chain CRF, and the checks of their shapes. */
import type { NdArray } from "../engine/nd_array.ts";
import type { Parameters } from "../weights/parameters.ts";

/** The parameters that a CRF adds to the emissions; K tags. */
export interface CrfParameters {
  /** float32 [K, K]: the score of going from a tag (row) to the next word's (column). */
  transitions: NdArray;
  /** float32 [K]: the score of each tag at a sentence's first word. */
  start: NdArray;
  /** float32 [K]: the score of each tag at a sentence's last word. */
  end: NdArray;
}

/** Returns the names and shapes of a CRF's parameters for K tags. */
export const crfShapes = (K: number): Record<string, number[]> => ({
  "crf.transitions": [K, K],
  "crf.start": [K],
  "crf.end": [K],
});

/** The axes of those parameters that are tags. */
export const CRF_TAG_AXES: Record<string, readonly number[]> = {
  "crf.transitions": [0, 1],
  "crf.start": [0],
  "crf.end": [0],
};

/** Takes a CRF's parameters from among a system's. */
export function crfParameters(parameters: Parameters): CrfParameters {
  const [transitions, start, end] = Object.keys(CRF_TAG_AXES).map((name) => parameters[name]);
  return { transitions: transitions!, start: start!, end: end! };
}

/**
 * Checks that emissions, sentences and parameters fit each other.
 *
 * @returns K.
 */
export function checkCrf(
  emissions: NdArray,
  nWords: readonly number[],
  { transitions, start, end }: CrfParameters,
): number {
  const W = nWords.reduce((sum, n) => sum + n, 0);
  const [K = 0] = start.shape;
  const check = (name: string, { shape }: NdArray, expected: number[]) => {
    if (shape.join() === expected.join()) return;
    throw new Error(`Cannot use CRF ${name}: it must be [${expected}], current value is [${shape}]`);
  };
  check('"start"', start, [K]);
  check('"end"', end, [K]);
  check('"transitions"', transitions, [K, K]);
  check(`"emissions" of ${W} words`, emissions, [W, K]);
  return K;
}

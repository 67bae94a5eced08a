/** Sums of exponentials in log space, float64, without overflow or loss of the greatest terms. */

/** A matrix of logarithms made ready for `logProduct`. */
export interface LogMatrix {
  /** float64 [K, K]. */
  log: Float64Array;
  /** exp(log - max). */
  exp: Float64Array;
  /** The greatest element of `log`. */
  max: number;
}

/**
 * Products and sums that come out above it have lost nothing that counts: what of their terms was too small for
 * float64 (1e-308) is far below their precision. Below it they are computed again, with a scale of their own.
 */
const SURE = 1e-200;
const LOG_SURE = Math.log(SURE);

/** Makes a square matrix ready, with one exp an element, so that products need none in their inner loop. */
export function logMatrix(values: ArrayLike<number>): LogMatrix {
  const log = Float64Array.from(values);
  const max = greatest(log);
  return { log, max, exp: log.map((x) => Math.exp(x - max)) };
}

/** Returns the transpose. */
export function transposed({ log, exp, max }: LogMatrix): LogMatrix {
  const K = Math.sqrt(log.length);
  const turn = (from: Float64Array) => from.map((_, i) => from[(i % K) * K + Math.floor(i / K)]!);
  return { log: turn(log), exp: turn(exp), max };
}

/** Computes log Σ_i exp v_i. */
export function logSumExp(v: Float64Array): number {
  const max = greatest(v);
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += Math.exp(v[i]! - max);
  return max + Math.log(sum);
}

/**
 * Computes out_j = log Σ_i exp(v_i + M_ij).
 *
 * @param v float64 [K].
 * @param out float64 [K], overwritten; another array than `v`.
 */
export function logProduct(v: Float64Array, { log, exp, max }: LogMatrix, out: Float64Array): void {
  const K = v.length;
  const shift = greatest(v);
  out.fill(0);
  for (let i = 0; i < K; i++) {
    const x = Math.exp(v[i]! - shift);
    let ij = i * K;
    for (let j = 0; j < K; j++, ij++) out[j]! += x * exp[ij]!;
  }
  for (let j = 0; j < K; j++) {
    out[j] = out[j]! > SURE
      ? shift + max + Math.log(out[j]!)
      : logSumExp(v.map((x, i) => x + log[i * K + j]!));
  }
}

/**
 * Adds to sums: sums_ij += exp(u_i + M_ij + v_j - logZ), where no sum of u, M and v is much above logZ.
 *
 * @param sums float64 [K, K].
 * @param u float64 [K].
 * @param v float64 [K].
 */
export function addPairs(
  sums: Float64Array,
  u: Float64Array,
  { log, exp, max }: LogMatrix,
  v: Float64Array,
  logZ: number,
): void {
  const K = u.length;
  const [uMax, vMax] = [greatest(u), greatest(v)];
  const scale = uMax + max + vMax - logZ;
  if (scale > -LOG_SURE) {
    let ij = 0;
    for (let i = 0; i < K; i++) {
      for (let j = 0; j < K; j++, ij++) sums[ij]! += Math.exp(u[i]! + log[ij]! + v[j]! - logZ);
    }
    return;
  }
  const right = v.map((x) => Math.exp(x - vMax));
  let ij = 0;
  for (let i = 0; i < K; i++) {
    const left = Math.exp(u[i]! - uMax + scale);
    for (let j = 0; j < K; j++, ij++) sums[ij]! += left * exp[ij]! * right[j]!;
  }
}

function greatest(values: Float64Array): number {
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i]! > max) max = values[i]!;
  return max;
}

import type { Random } from "../random.ts";

/**
 * Fills `out` with dropout factors: 0 with probability `rate`, else 1 / (1 - rate).
 *
 * Draws the gap to the next dropped element instead of a number for every element. Gaps are geometric, P(gap = g) = (1
 * - rate)^g rate, which takes a tenth of the draws at the usual rate. A gap takes 16 random bits, so that its
 * distribution is right to 2^-16.
 *
 * @param out overwritten, any length
 * @param rate 0, which draws nothing, or from 1e-6 up to, not including, 1
 * @param random advanced by a number of draws that depends on the gaps
 * @throws if the rate is out of range
 */
export function fillDropout(out: Float32Array, rate: number, random: Random): Float32Array {
  if (!(rate === 0 || (rate >= 1e-6 && rate < 1))) {
    throw new Error(
      `Cannot fill dropout "rate": it must be 0 or from 1e-6 up to 1, current value is ${rate}`,
    );
  }
  out.fill(1 / (1 - rate));
  if (rate === 0) return out;
  const { gaps, reach } = gapTable(rate);
  const { length } = out;
  let position = 0;
  while (position < length) {
    const bits = random.uint32();
    const first = gaps[bits & 0xffff]!;
    position += first;
    if (first < reach && position < length) out[position++] = 0;
    const second = gaps[bits >>> 16]!;
    position += second;
    if (second < reach && position < length) out[position++] = 0;
  }
  return out;
}

/** Multiplies values by the factors of a mask, in place; leaves them as they are if the mask is null. */
export function applyDropout(values: Float32Array, mask: Float32Array | null): void {
  if (mask) { for (let i = 0; i < values.length; i++) values[i]! *= mask[i]!; }
}

interface GapTable {
  /** A gap for each value of 16 bits; `reach` stands for any gap of that length or longer. */
  gaps: Int32Array;
  reach: number;
}

const tableOfRate = new Map<number, GapTable>();

/**
 * Makes the table of the gaps below `reach`, each with as many entries as its probability demands.
 *
 * The rest of the entries, about a sixteenth, mean that nothing is dropped for `reach` elements. The distribution has
 * no memory, so another draw continues from there: the long gaps, for which single entries are too coarse, are products
 * of factors exact to 1e-4.
 */
function gapTable(rate: number): GapTable {
  let table = tableOfRate.get(rate);
  if (table === undefined) {
    const logKeep = Math.log1p(-rate);
    const reach = Math.max(1, Math.ceil(Math.log(1 / 16) / logKeep));
    const gaps = new Int32Array(65536).fill(reach);
    let entry = 0;
    for (let gap = 0; gap < reach; gap++) {
      const end = Math.round(-65536 * Math.expm1((gap + 1) * logKeep)); // 65536 P(gap' <= gap)
      if (end > entry) gaps.fill(gap, entry, end);
      entry = end;
    }
    tableOfRate.set(rate, table = { gaps, reach });
  }
  return table;
}

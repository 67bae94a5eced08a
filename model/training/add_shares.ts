/** Weighted sums of gradients in plain arrays. */
import { type Gradient, sumOf } from "./optimizer.ts";

/** Adds a share of gradients to a sum, which is changed in place; the gradients, a system's own, never are. */
export function addShares(
  sum: Record<string, Gradient>,
  gradients: Record<string, Gradient>,
  share: number,
): Record<string, Gradient> {
  for (const [name, gradient] of Object.entries(gradients)) {
    sum[name] = addShare(sum[name], gradient, share);
  }
  return sum;
}

/** Returns sum + share · gradient. */
function addShare(sum: Gradient | undefined, gradient: Gradient, share: number): Gradient {
  const { data } = gradient;
  if (sum === undefined || "rows" in gradient) {
    const scaled = { ...gradient, data: data.map((value) => share * value) };
    return sum === undefined ? scaled : sumOf([{ sum }, { sum: scaled }]).sum!;
  }
  for (let i = 0; i < data.length; i++) sum.data[i]! += share * data[i]!;
  return sum;
}

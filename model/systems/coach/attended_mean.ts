/** Means of states that are weighted by a softmax of their products with a query, on plain arrays. */

/** A mean of states, and how much each counts in it. */
export interface Attended {
  vector: Float32Array;
  weights: Float64Array;
}

/** Computes Σ softmax(states · query) states, over n rows from `first` on. */
export function attend(states: Float32Array, first: number, n: number, query: Float32Array): Attended {
  const H = query.length;
  const weights = new Float64Array(n);
  const vector = new Float32Array(H);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < H; j++) weights[i]! += states[(first + i) * H + j]! * query[j]!;
  }
  const most = weights.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = weights.reduce((total, score) => total + Math.exp(score - most), 0);
  for (let i = 0; i < n; i++) {
    weights[i] = Math.exp(weights[i]! - most) / sum;
    for (let j = 0; j < H; j++) vector[j]! += weights[i]! * states[(first + i) * H + j]!;
  }
  return { vector, weights };
}

/** Adds the gradients by states and query, from that of the mean. */
export function attendGradient(
  states: Float32Array,
  first: number,
  { vector, weights }: Attended,
  query: Float32Array,
  d: Float32Array,
  dStates: Float32Array,
  dQuery: Float32Array,
): void {
  const H = query.length;
  let along = 0;
  for (let j = 0; j < H; j++) along += d[j]! * vector[j]!;
  weights.forEach((weight, i) => {
    const row = (first + i) * H;
    let own = 0;
    for (let j = 0; j < H; j++) own += d[j]! * states[row + j]!;
    const dScore = weight * (own - along);
    for (let j = 0; j < H; j++) {
      dStates[row + j]! += weight * d[j]! + dScore * query[j]!;
      dQuery[j]! += dScore * states[row + j]!;
    }
  });
}

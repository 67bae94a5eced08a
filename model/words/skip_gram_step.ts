/** Input and output vectors, float32 [words, width] each, and room for a gradient, [width]. */
export interface SkipGramTables {
  input: Float32Array;
  output: Float32Array;
  width: number;
  gradient: Float64Array;
}

/**
 * Takes one step of stochastic gradient descent on the loss of a pair, -log σ(u_0·v) - Σ_{n>0} log σ(-u_n·v), in place.
 *
 * As in word2vec the targets are gone through one after another: one that comes twice meets its own change.
 *
 * @param row Row of v in `input`.
 * @param targets Rows of u in `output`: the word's own, then the negatives'.
 * @param nTargets How many of `targets` count.
 * @param rate What gradients are multiplied by.
 * @returns The loss before the step.
 */
export function skipGramStep(
  { input, output, width, gradient }: SkipGramTables,
  row: number,
  targets: ArrayLike<number>,
  nTargets: number,
  rate: number,
): number {
  const v = row * width;
  let loss = 0;
  gradient.fill(0);
  for (let t = 0; t < nTargets; t++) {
    const u = targets[t]! * width;
    let score = 0;
    for (let d = 0; d < width; d++) score += input[v + d]! * output[u + d]!;
    const sign = t === 0 ? 1 : -1;
    // d/dx -log σ(±x) = ∓σ(∓x), and e to a large power is no NaN here.
    const change = (sign * rate) / (1 + Math.exp(sign * score));
    loss += Math.log1p(Math.exp(-Math.abs(score))) + Math.max(0, -sign * score);
    for (let d = 0; d < width; d++) {
      gradient[d]! += change * output[u + d]!;
      output[u + d]! += change * input[v + d]!;
    }
  }
  for (let d = 0; d < width; d++) input[v + d]! += gradient[d]!;
  return loss;
}

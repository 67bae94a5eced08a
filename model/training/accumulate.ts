/** Gradient accumulation: the loss and gradients of a large batch, computed in parts that fit into memory. */
import type { Random } from "../../data/random.ts";
import { type Gradient, sumOf } from "./optimizer.ts";
import type { System, TaggedSentence } from "./system.ts";

/**
 * Computes the mean loss of several batches together and its gradients, as of one batch with all of their sentences.
 *
 * @param batches Each is computed on its own; all but one at a time are forgotten.
 * @param random Draws the dropout; without it there is none.
 */
export async function lossAndGradientsOf(
  system: System,
  batches: readonly (readonly TaggedSentence[])[],
  random?: Random,
): Promise<{ loss: number; gradients: Record<string, Gradient> }> {
  const [first] = batches;
  if (batches.length === 1) return await system.lossAndGradients(first!, random);
  const nTerms = batches.map((batch) => system.lossTerms?.(batch) ?? countWords(batch));
  const total = nTerms.reduce((sum, n) => sum + n, 0);
  const gradients: Record<string, Gradient> = {};
  let loss = 0;
  for (const [i, batch] of batches.entries()) {
    const share = nTerms[i]! / total;
    const found = await system.lossAndGradients(batch, random);
    loss += share * found.loss;
    for (const [name, gradient] of Object.entries(found.gradients)) {
      gradients[name] = addShare(gradients[name], gradient, share);
    }
  }
  return { loss, gradients };
}

function countWords(batch: readonly TaggedSentence[]): number {
  return batch.reduce((sum, { tagIds }) => sum + tagIds.length, 0);
}

/** Returns sum + share · gradient. A sum of whole arrays is changed in place; the gradient, a system's own, never is. */
function addShare(sum: Gradient | undefined, gradient: Gradient, share: number): Gradient {
  const { data } = gradient;
  if (sum === undefined || "rows" in gradient) {
    const scaled = { ...gradient, data: data.map((value) => share * value) };
    return sum === undefined ? scaled : sumOf([{ sum }, { sum: scaled }]).sum!;
  }
  for (let i = 0; i < data.length; i++) sum.data[i]! += share * data[i]!;
  return sum;
}

/** Gradient accumulation: the loss and gradients of a large batch, computed in parts that fit into memory. */
import type { Random } from "../../data/random.ts";
import type { Gradient } from "./optimizer.ts";
import type { ParameterStore } from "./parameter_store.ts";
import type { System, TaggedSentence } from "./system.ts";

/**
 * Computes the mean loss of several batches together and its gradients, as of one batch with all of their sentences.
 *
 * @param batches Each is computed on its own; all but one at a time are forgotten.
 * @param random Draws the dropout; without it there is none.
 * @param rDrop As `lossAndGradients` of a system has it.
 */
export async function lossAndGradientsOf(
  { addShares }: Pick<ParameterStore, "addShares">,
  system: System,
  batches: readonly (readonly TaggedSentence[])[],
  random?: Random,
  rDrop?: number,
): Promise<{ loss: number; gradients: Record<string, Gradient> }> {
  const [first] = batches;
  if (batches.length === 1) return await system.lossAndGradients(first!, random, rDrop);
  const nTerms = batches.map((batch) => system.lossTerms?.(batch) ?? countWords(batch));
  const total = nTerms.reduce((sum, n) => sum + n, 0);
  let gradients: Record<string, Gradient> = {};
  let loss = 0;
  for (const [i, batch] of batches.entries()) {
    const share = nTerms[i]! / total;
    const found = await system.lossAndGradients(batch, random, rDrop);
    loss += share * found.loss;
    gradients = await addShares(gradients, found.gradients, share);
  }
  return { loss, gradients };
}

function countWords(batch: readonly TaggedSentence[]): number {
  return batch.reduce((sum, { tagIds }) => sum + tagIds.length, 0);
}

/**
 * Ops that are one node of a graph for prediction. Where gradients may be asked for they are several, as those of the
 * whole would need values from within.
 */
import { type Tensor, type Tensors, tf } from "./tf.ts";

/** The ops: x Wᵀ + b of a linear layer, and x Φ(x). */
export type FusedOp = "FusedLinear" | "FusedGelu";

let isFusing = false;

/** Does something during which `fusedOp` gives nodes. */
export function whileFusing<T>(work: () => T): T {
  const before = isFusing;
  isFusing = true;
  try {
    return work();
  } finally {
    isFusing = before;
  }
}

/**
 * Adds an op as one node, if a graph for prediction is being recorded.
 *
 * @param inputs Those that fused_rules.ts names.
 * @returns Its result; null if the op is to be put together from others.
 */
export function fusedOp(op: FusedOp, inputs: Tensors): Tensor | null {
  return isFusing ? tf.engine().runKernel(op, inputs) as Tensor : null;
}

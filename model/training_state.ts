/** All that a training needs to go on exactly where it was: plain arrays, and plain data beside them. */
import type { Parameters } from "./parameters.ts";

/**
 * The state of a training after an epoch. Most arrays are the training's own, which its next step changes: whoever
 * keeps a state has to write or copy them before returning.
 */
export interface TrainingState {
  tensors: Parameters;
  /** What JSON can say. */
  values: Record<string, unknown>;
}

/** Where a training begins and what it hands its state to. */
export interface TrainingCheckpoint {
  /** The state to go on from; without it the training begins anew. */
  resume?: TrainingState | null;
  /** Is called after every epoch but the last, and waited for. */
  save(state: TrainingState): Promise<void>;
}

/** Tensors under names that begin with a prefix, so that several sets fit into one state. */
export function withPrefix(prefix: string, tensors: Parameters): Parameters {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor]));
}

/** The tensors of a prefix, under their own names. */
export function withoutPrefix(prefix: string, tensors: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]),
  );
}

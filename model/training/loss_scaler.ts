/** The scaling of losses for gradients in float16, by the rule of PyTorch's GradScaler. */
import { z } from "npm:zod@4.6.7";
import type { Gradients, ParameterStore } from "./parameter_store.ts";

/** Chooses the factor of the next step's loss: as large as its gradients allow without overflowing. */
export interface LossScaler {
  /** A power of 2. */
  readonly scale: number;
  /**
   * Takes in whether the gradients of a step were finite, and halves the scale if not; it is doubled after many steps
   * that were.
   */
  update(isFinite: boolean): void;
  /** Returns all that it goes on from. */
  state(): LossScalerState;
  /** Goes on from a state. */
  restore(state: LossScalerState): void;
}

/** The state of a loss scaler. */
export interface LossScalerState {
  scale: number;
  /** Steps since the scale changed, or since the last that was not finite. */
  nFinite: number;
}

/** The form of a state. */
export const LOSS_SCALER_STATE: z.ZodType<LossScalerState> = z.object({
  scale: z.number(),
  nFinite: z.number(),
});

/** Options of `createLossScaler`, with PyTorch's defaults. */
export interface LossScalerOptions {
  /** The first scale. Default: 65536. */
  scale?: number;
  /** Steps with finite gradients after which the scale is doubled. Default: 2000. */
  growthInterval?: number;
}

/** The largest power of 2 in float32. */
const LARGEST = 2 ** 127;

/**
 * Creates a loss scaler.
 *
 * @example
 * ```ts
 * import { createLossScaler } from "@laner/laner/training";
 *
 * const scaler = createLossScaler();
 * scaler.update(false); // the gradients of a step are infinite: it is skipped
 * console.log(scaler.scale); // 32768
 * ```
 */
export function createLossScaler(
  { scale = 65536, growthInterval = 2000 }: LossScalerOptions = {},
): LossScaler {
  let state: LossScalerState = { scale, nFinite: 0 };
  return {
    get scale() {
      return state.scale;
    },
    update(isFinite) {
      const { scale, nFinite } = state;
      if (!isFinite) state = { scale: scale / 2, nFinite: 0 };
      else if (nFinite + 1 < growthInterval) state = { scale, nFinite: nFinite + 1 };
      else state = { scale: Math.min(2 * scale, LARGEST), nFinite: 0 };
    },
    state: () => state,
    restore(saved) {
      state = saved;
    },
  };
}

/** Tells whether the gradients of a step are finite, so that it can be made, and chooses the next scale. */
export async function canUse(
  gradients: Gradients,
  scaler: LossScaler,
  store: ParameterStore,
): Promise<boolean> {
  const isFinite = await store.nameOfNotFinite(gradients) === undefined;
  scaler.update(isFinite);
  return isFinite;
}

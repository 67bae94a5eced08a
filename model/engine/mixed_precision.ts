/** Mixed precision: training steps whose matrix products are computed in a type of 16 bits, and all else in float32. */
import type { Engine } from "./engine.ts";
import { checkEngineHas, type Precision } from "./precision.ts";

/** The way in which training steps are computed in mixed precision. */
export interface MixedPrecision {
  /** The type of the operands of matrix products, and of their results before these become float32 again. */
  precision: Precision;
  /**
   * The factor by which the loss of the next step is multiplied, and its gradients are divided in float32, so that
   * those inside are not too small for float16; without it they are computed as they are.
   */
  lossScale?: { readonly scale: number } | undefined;
}

/**
 * Makes an engine compile training steps (`createGradientGraph`) in mixed precision; all else stays as it is. With
 * float16 the training needs the scaler of its losses, too.
 *
 * @throws If the engine does not have the precision, naming those that have it.
 *
 * @example
 * ```ts ignore
 * import { createBertTagger, createEngine, createLossScaler, mixedEngine, train } from "@laner/laner";
 *
 * const lossScaler = createLossScaler();
 * const engine = mixedEngine(await createEngine("cuda"), { precision: "float16", lossScale: lossScaler });
 * const tagger = createBertTagger({ engine, config, tags, parameters });
 * await train(tagger, sentences, { random, lossScaler });
 * ```
 */
export function mixedEngine(engine: Engine, mixed: MixedPrecision): Engine {
  checkEngineHas(engine, mixed.precision);
  return { ...engine, mixed };
}

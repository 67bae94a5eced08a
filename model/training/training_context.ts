import type { Random } from "../../data/random.ts";
import type { Progress } from "./progress.ts";
import type { TrainingCheckpoint } from "./training_state.ts";

/** The surroundings of a training, besides its settings. */
export interface TrainingContext {
  /** Draws all that is left to chance: order, dropout; the same seed gives the same losses. */
  random: Random;
  /** The name of what is trained, for `onProgress`. */
  stage?: string;
  onProgress?: Progress;
  /** Stops after the batch that is running. */
  signal?: AbortSignal;
  /** Makes a training that was stopped at any step go on exactly as if it had not been. */
  checkpoint?: TrainingCheckpoint;
}

/** The states of histories, as the predictor reads them. */
import type { NdArray } from "../../engine/nd_array.ts";

/** The states of histories, or their gradients: of the part that is left out, none. */
export interface HistoryStates {
  /** float32 [W, 2D]: the last state of each word's history. */
  lastStates?: NdArray | undefined;
  /** float32 [R, 2D]: the states of all pairs of a word and a place. */
  history?: NdArray | undefined;
}

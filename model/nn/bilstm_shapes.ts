/** Sizes of stacked bidirectional LSTMs, and the shapes of their parameters. */
import { BACKWARD, FORWARD, type Reading } from "./recurrent_cell.ts";

/** Sizes of an LSTM. */
export interface BiLstmOptions {
  /** The beginning of its parameters' names: `"lstm"` for `lstm.weight_ih_l0`. */
  name: string;
  /** Width of its input. */
  inputWidth: number;
  /** Width of a direction's states (H). */
  width: number;
  /** Number of layers, each of which reads the one before. Default: 1. */
  nLayers?: number;
  /** Share of the values that is dropped between layers. Default: 0. */
  dropout?: number;
  /** Directions of reading. Default: forward and backward. */
  readings?: readonly Reading[];
}

/** Returns the names and shapes of the parameters, as PyTorch's. */
export function biLstmShapes(
  { name, inputWidth, width: H, nLayers = 1, readings = [FORWARD, BACKWARD] }: BiLstmOptions,
): Record<string, number[]> {
  const shapes: Record<string, number[]> = {};
  for (let layer = 0; layer < nLayers; layer++) {
    const input = layer === 0 ? inputWidth : readings.length * H;
    for (const { suffix } of readings) {
      shapes[`${name}.weight_ih_l${layer}${suffix}`] = [4 * H, input];
      shapes[`${name}.weight_hh_l${layer}${suffix}`] = [4 * H, H];
      shapes[`${name}.bias_ih_l${layer}${suffix}`] = [4 * H];
      shapes[`${name}.bias_hh_l${layer}${suffix}`] = [4 * H];
    }
  }
  return shapes;
}

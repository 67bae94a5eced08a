/** The initial parameters of a BERT encoder: weights N(0, 0.02), biases 0, layer norms 1 and 0. */
import type { Random } from "../../data/random.ts";
import { type Parameters, sizeOf } from "../weights/parameters.ts";

/**
 * Draws new parameters of an encoder or of a masked language model's head.
 *
 * @param shapes `encoderShapes(config)` or `mlmHeadShapes(config)`.
 * @param random Each parameter draws from a stream of its own name.
 */
export function initialBert(shapes: Record<string, number[]>, random: Random): Parameters {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = new Float32Array(sizeOf(shape));
      if (name.endsWith("LayerNorm.weight")) data.fill(1);
      else if (!name.endsWith("bias")) {
        const stream = random.fork(name);
        for (let i = 0; i < data.length; i++) data[i] = 0.02 * stream.normal();
      }
      return [name, { shape, data }];
    }),
  );
}

import type { Random } from "../../data/random.ts";
import { initialBert } from "../bert/bert_init.ts";
import type { Parameters } from "../weights/parameters.ts";

const NORM = /(layer_norm|layernorm_embedding)\.weight$/;

/**
 * Draws new parameters of BART, as Hugging Face's start: weights N(0, 0.02), biases 0, layer norms 1 and 0.
 *
 * @param shapes `bartShapes(config)`.
 * @param random Each parameter draws from a stream of its own name.
 *
 * @example
 * ```ts
 * import { createRandom, initialBart } from "@laner/laner";
 *
 * const shapes = { "decoder.layernorm_embedding.weight": [4], "shared.weight": [300, 4] };
 * const parameters = initialBart(shapes, createRandom(1));
 * console.log(parameters["decoder.layernorm_embedding.weight"]?.data); // 1, 1, 1, 1
 * ```
 */
export function initialBart(shapes: Record<string, number[]>, random: Random): Parameters {
  const parameters = initialBert(shapes, random);
  for (const [name, { data }] of Object.entries(parameters)) if (NORM.test(name)) data.fill(1);
  return parameters;
}

/** Checks of what must be numbers: weights that are loaded, and scores that predictions are made of. */
import { showValue } from "../../data/show_value.ts";
import type { NdArray } from "../engine/nd_array.ts";
import type { Parameters } from "./parameters.ts";

/** Finds the place of the first value that is NaN or infinite, -1 if there is none. */
export function indexOfNotFinite(data: Float32Array): number {
  // What is not finite makes NaN of 0, and a sum of it; a loop without a branch is as fast as memory is.
  let zero = 0;
  for (let i = 0; i < data.length; i++) zero += 0 * data[i]!;
  return zero === 0 ? -1 : data.findIndex((value) => !Number.isFinite(value));
}

/** Finds the name of the first parameter that has a value which is NaN or infinite. */
export function nameOfNotFinite(parameters: Parameters): string | undefined {
  return Object.keys(parameters).find((name) => indexOfNotFinite(parameters[name]!.data) >= 0);
}

/**
 * Checks weights that were read from a file.
 *
 * @param source The file, for the message.
 * @throws If one value is NaN or infinite, naming the tensor.
 */
export function checkFiniteWeights(weights: Parameters, source: string): void {
  for (const [name, { data }] of Object.entries(weights)) {
    const at = indexOfNotFinite(data);
    if (at < 0) continue;
    throw new Error(
      `Cannot use tensor ${showValue(name)} at ${source}: all its values must be finite in 32 bits, ` +
        `current value at ${at} is ${data[at]}; its training ran away, or the file is damaged`,
    );
  }
}

/** Thrown when what a network computes is NaN or infinite. */
export class OverflowError extends Error {
  override name = "OverflowError";

  /** @param what "the scores of tags are NaN". */
  constructor(readonly what: string) {
    super(
      `Cannot go on from what is not finite: ${what}, as the model's weights are so large that its numbers overflow; ` +
        "train it anew, with a lower learning rate",
    );
  }
}

/**
 * Checks what a network computed, where it is read: of scores that are no numbers none is the greatest, and an LSTM
 * makes numbers of what is none.
 *
 * @param what What they are, in the plural: "scores of tags".
 * @throws {OverflowError} If one is NaN or infinite.
 */
export function checkFinite({ data }: Pick<NdArray, "data">, what: string): void {
  const at = indexOfNotFinite(data);
  if (at >= 0) throw new OverflowError(`the ${what} must be finite, current value is ${data[at]}`);
}

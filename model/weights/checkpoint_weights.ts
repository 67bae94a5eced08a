/** The tensors of a checkpoint by the names that the toolkit knows them by. */
import { showValue } from "../../data/show_value.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { checkFiniteWeights } from "./finite.ts";
import { type SafeTensor, toFloat32 } from "./safetensors.ts";

const FLOATS = ["F32", "F16", "BF16", "F64"];

/**
 * Checks numbers of layers of config.json, before the names of all their tensors are listed: every layer has tensors
 * of its own.
 *
 * @param layers The numbers by key.
 * @param source The file of the tensors, for the message.
 * @throws If there are more layers than tensors.
 */
export function checkLayers(
  layers: Record<string, number>,
  tensors: ReadonlyMap<string, unknown>,
  source: string,
): void {
  for (const [key, value] of Object.entries(layers)) {
    if (value <= tensors.size) continue;
    throw new Error(
      `Cannot use weights "${source}": ${key} of config.json must be at most the number of tensors, ` +
        `${tensors.size}, current value is ${value}`,
    );
  }
}

/**
 * Collects the tensors of a checkpoint under the names that the toolkit knows them by.
 *
 * @param tensors What the safetensors file holds.
 * @param nameOf That name by the file's; null for a tensor that is left out.
 * @returns The tensors, and one phrase for each that is given twice or is no float.
 */
export function collectWeights(
  tensors: ReadonlyMap<string, SafeTensor>,
  nameOf: (given: string) => string | null,
): { found: Record<string, SafeTensor>; misfits: string[] } {
  const misfits: string[] = [];
  const found: Record<string, SafeTensor> = Object.create(null);
  for (const [given, tensor] of tensors) {
    const name = nameOf(given);
    if (name === null) continue;
    if (name in found) misfits.push(`${showValue(name)} is given twice, once as ${showValue(given)}`);
    else if (!FLOATS.includes(tensor.dtype)) {
      misfits.push(
        `${showValue(given)} must be one of ${FLOATS.join(", ")}, current value is ${tensor.dtype}`,
      );
    }
    found[name] = tensor;
  }
  return { found, misfits };
}

/**
 * Returns some of those tensors as float32.
 *
 * @param source Where they came from, for messages.
 * @throws If a value is not finite in float32.
 */
export function weightsAsFloat32(
  found: Record<string, SafeTensor>,
  names: readonly string[],
  source: string,
): Record<string, NdArray> {
  const weights = Object.fromEntries(
    names.map((name) => [name, { shape: found[name]!.shape, data: toFloat32(found[name]!) }]),
  );
  checkFiniteWeights(weights, source);
  return weights;
}

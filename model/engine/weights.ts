/** Weights that no longer change: an engine may take them into its graphs instead of reading them in every run. */
import type { Arrays, Axes, Engine } from "./engine.ts";
import { HeldArray } from "./held_array.ts";
import type { NdArray } from "./nd_array.ts";

/** Arrays that keep their values; each is known as the object that is passed to runs. */
export interface Weights {
  /** Inputs that an engine may make constants of a graph. */
  readonly constants: ReadonlySet<unknown>;
  /** Those of the constants whose linear layers, x Wᵀ + b, are computed in int8 (int8.ts); none by default. */
  readonly int8?: ReadonlySet<unknown> | undefined;
}

/** The most bytes of a model's constants: one of 2 GiB cannot be loaded, and the rest of it needs room too. */
const MOST_BYTES = 2 ** 31 - 2 ** 26;

const NO_WEIGHTS: Weights = { constants: new Set() };

/**
 * Returns an engine whose compiled functions may keep some arrays as constants, for models that only predict: results
 * are the same up to the last bits, and no weights travel to a GPU or into WebAssembly in every run. Gradients cannot be
 * asked for. An engine that has no use for constants reads the arrays in every run.
 *
 * @param weights Arrays that must not change as long as a function that the engine has compiled is used.
 * @throws If products are to be computed in int8 and the engine cannot.
 */
export function withWeights(engine: Engine, weights: Weights): Engine {
  if (weights.int8 && !engine.hasInt8) {
    throw new Error(
      `Cannot compute in int8: the engine must be onnx, onnx-ffi or wasm, current value is ${engine.name}`,
    );
  }
  return {
    ...engine,
    compile: (label, fn, axes, options) => engine.compile(label, fn, axes, { ...options, weights }),
  };
}

/**
 * Returns the inputs of a run that become constants: of those that may, in the order of the inputs, as many as fit a
 * model. The others stay inputs.
 *
 * @param mostBytes Bytes that fit.
 * @throws If one whose products are computed in int8 does not fit.
 */
export function weightsAmong(
  inputs: Arrays,
  axes: Axes,
  { constants, int8 }: Weights = NO_WEIGHTS,
  mostBytes = MOST_BYTES,
): Map<string, NdArray> {
  const chosen = new Map<string, NdArray>();
  let nBytes = 0;
  for (const [name, array] of Object.entries(inputs)) {
    const varies = axes[name]?.some((axis) => typeof axis === "string");
    if (varies || !constants.has(array) || !isFloats(array)) continue;
    const isInt8 = int8?.has(array) ?? false;
    const after = nBytes + (isInt8 ? array.data.length : array.data.byteLength);
    if (after <= mostBytes) {
      nBytes = after;
      chosen.set(name, array);
    } else if (isInt8) {
      const rule = `the weights before it and it must fit ${mostBytes} bytes`;
      throw new Error(`Cannot compute with ${name} in int8: ${rule}, current value is ${after}`);
    }
  }
  return chosen;
}

/** Tells whether a run is given the arrays that are constants of a graph. */
export function hasWeights(inputs: Arrays, weights: ReadonlyMap<string, NdArray>): boolean {
  for (const [name, array] of weights) if (inputs[name] !== array) return false;
  return true;
}

/** Tells whether an array is of float32, with its values at hand. */
function isFloats(array: Arrays[string]): array is NdArray {
  return !(array instanceof HeldArray) && array.data instanceof Float32Array;
}

/** Values of ONNX Runtime: over arrays of the program, and in memory of a device. */
import { dtypeOf } from "../held_array.ts";
import type { NdArray } from "../nd_array.ts";
import type { Api } from "./api.ts";
import { type Address, addressOf, nativeText } from "./foreign.ts";
import type { Provider } from "./library.ts";

/** Types of elements by name. */
const ELEMENTS = { float32: 1, int32: 6 } as const;
/** A type of elements. */
export type ElementType = keyof typeof ELEMENTS;
/** A device's own allocator, and its ordinary memory. */
const DEVICE_ALLOCATOR = 0;
const ORDINARY = 0;

/** An array, float32 or int32 by the class of its data [any shape]. */
export type AnyArray = NdArray<Float32Array> | NdArray<Int32Array>;

/** Makes a description of memory: the processor's, or the first GPU's. */
export function memoryOf(api: Api, provider: Provider): Address {
  const names = { cpu: "Cpu", cuda: "Cuda" };
  return api.make("CreateMemoryInfo", nativeText(names[provider]), DEVICE_ALLOCATOR, 0, ORDINARY);
}

/**
 * Makes a value over an array, without a copy; the caller keeps the array alive.
 *
 * @param memory Describes the processor's memory.
 */
export function valueOver(api: Api, memory: Address, array: AnyArray): Address {
  const { shape, data } = array;
  return api.make(
    "CreateTensorWithDataAsOrtValue",
    memory,
    addressOf(data),
    BigInt(data.byteLength),
    BigInt64Array.from(shape, BigInt),
    BigInt(shape.length),
    ELEMENTS[dtypeOf(array)],
  );
}

/** Makes a value in the memory of an allocator, with whatever is there. */
export function emptyValue(
  api: Api,
  allocator: Address,
  shape: readonly number[],
  dtype: ElementType,
): Address {
  const dims = BigInt64Array.from(shape, BigInt);
  return api.make("CreateTensorAsOrtValue", allocator, dims, BigInt(shape.length), ELEMENTS[dtype]);
}

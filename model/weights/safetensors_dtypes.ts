/** Typed arrays that a tensor's bytes are read into. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Number formats of safetensors that are read and written here: those of whole bytes in common use. */
export type SafetensorsDtype =
  | "BOOL"
  | "U8"
  | "I8"
  | "I16"
  | "U16"
  | "F16"
  | "BF16"
  | "I32"
  | "U32"
  | "F32"
  | "F64"
  | "I64"
  | "U64";

/** The typed array that holds each format; float16 and bfloat16 are kept as their bits. */
export const DTYPE_ARRAYS = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  I16: Int16Array,
  U16: Uint16Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I32: Int32Array,
  U32: Uint32Array,
  F32: Float32Array,
  F64: Float64Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
} as const;

/** Formats that a typed array is written as when none is named. */
const DTYPE_OF_ARRAY = new Map<unknown, SafetensorsDtype>([
  [Uint8Array, "U8"],
  [Int8Array, "I8"],
  [Int16Array, "I16"],
  [Uint16Array, "U16"],
  [Int32Array, "I32"],
  [Uint32Array, "U32"],
  [Float32Array, "F32"],
  [Float64Array, "F64"],
  [BigInt64Array, "I64"],
  [BigUint64Array, "U64"],
]);

/** Returns the format in which a typed array is written when none is named. */
export function dtypeOf(data: TensorData): SafetensorsDtype | undefined {
  return DTYPE_OF_ARRAY.get(data.constructor);
}

/** Reads a float16 (IEEE 754 binary16) from its bits. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Gives a tensor's values as float32: exactly for F32, F16 and BF16, rounded for the others.
 *
 * @param tensor A tensor as `readSafetensors` returns it.
 * @returns Its values; for F32 the same array, not a copy.
 */
export function toFloat32(tensor: { dtype: SafetensorsDtype; data: TensorData }): Float32Array {
  const { dtype, data } = tensor;
  if (data instanceof Float32Array) return data;
  if (dtype === "F16") return Float32Array.from(data as Uint16Array, float16);
  if (dtype === "BF16") {
    // A bfloat16 is the upper half of a float32.
    return new Float32Array(Uint32Array.from(data as Uint16Array, (bits) => bits << 16).buffer);
  }
  const values = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) values[i] = Number(data[i]);
  return values;
}

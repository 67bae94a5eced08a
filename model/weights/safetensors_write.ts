import { DTYPE_ARRAYS, dtypeOf, type SafetensorsDtype, type TensorData } from "./safetensors_dtypes.ts";

/** A tensor to be written; without `dtype` it is that of the array (Float32Array: F32). */
export interface WritableTensor {
  dtype?: SafetensorsDtype;
  shape: number[];
  data: TensorData;
}

function entriesOf<T>(items: ReadonlyMap<string, T> | Readonly<Record<string, T>>): [string, T][] {
  return items instanceof Map ? [...items] : Object.entries(items);
}

function checkText(text: string, what: string): string {
  if (!text.isWellFormed()) {
    throw new TypeError(`Cannot write ${what} ${JSON.stringify(text)}: text must not hold lone surrogates`);
  }
  return text;
}

/**
 * Writes tensors as a safetensors file.
 *
 * As the format's library does, wide formats come first and names are sorted, and the header is padded with spaces,
 * so that all data is aligned and equal input gives equal bytes.
 *
 * @param tensors Tensors by name.
 * @param metadata Text by key for `__metadata__`; left out if `null`.
 * @returns The whole file.
 * @throws {Error} If a shape does not fit its data, a dtype its array, or a name cannot be written.
 *
 * @example Write and read back
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@laner/laner";
 *
 * const bytes = writeSafetensors({ bias: { shape: [2], data: new Float32Array([0.5, -1]) } });
 * const { tensors } = readSafetensors(bytes);
 * console.log(tensors.get("bias")!.data); // Float32Array(2) [ 0.5, -1 ]
 * ```
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, WritableTensor> | Readonly<Record<string, WritableTensor>>,
  metadata: ReadonlyMap<string, string> | Readonly<Record<string, string>> | null = null,
): Uint8Array<ArrayBuffer> {
  const sorted = entriesOf(tensors).sort(([a, { data: x }], [b, { data: y }]) =>
    y.BYTES_PER_ELEMENT - x.BYTES_PER_ELEMENT || (a < b ? -1 : 1)
  );
  const fields: string[] = [];
  if (metadata !== null) {
    // Text by text, as an object would not take "__proto__" for a key like any other.
    const texts = entriesOf(metadata).map(([key, value]) =>
      `${JSON.stringify(checkText(key, "metadata key"))}:${
        JSON.stringify(checkText(value, "metadata value"))
      }`
    );
    fields.push(`"__metadata__":{${texts.join(",")}}`);
  }
  let length = 0;
  for (const [name, { shape, data, dtype = dtypeOf(data) }] of sorted) {
    const fail = (rule: string, value: unknown): never => {
      throw new TypeError(`Cannot write tensor ${JSON.stringify(name)}: ${rule}, current value is ${value}`);
    };
    if (checkText(name, "tensor name") === "__metadata__") fail("this name is the format's own", name);
    if (dtype === undefined || !(data instanceof DTYPE_ARRAYS[dtype])) {
      return fail("data must be an array of its dtype", `${data.constructor.name} for ${dtype}`);
    }
    if (!shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0)) {
      fail("dimensions must be whole numbers from 0", `[${shape}]`);
    }
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (size !== data.length) fail(`data must have ${size} values for shape [${shape}]`, data.length);
    const entry = { dtype, shape, data_offsets: [length, length + data.byteLength] };
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    length += data.byteLength;
  }
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  const dataStart = 8 + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(dataStart + length);
  bytes.fill(0x20, 8, dataStart);
  bytes.set(header, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(dataStart - 8), true);
  let at = dataStart;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

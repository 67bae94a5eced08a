import { showValue } from "../../data/show_value.ts";
import { DTYPE_ARRAYS, type SafetensorsDtype, type TensorData } from "./safetensors_dtypes.ts";
import { type HeaderEntry, parseSafetensorsHeader, type SafetensorsHeader } from "./safetensors_header.ts";

export { toFloat32 } from "./safetensors_dtypes.ts";
export type { SafetensorsDtype, TensorData } from "./safetensors_dtypes.ts";
export { writeSafetensors } from "./safetensors_write.ts";
export type { WritableTensor } from "./safetensors_write.ts";

/** One tensor of a safetensors file. */
export interface SafeTensor {
  dtype: SafetensorsDtype;
  shape: number[];
  /** The values, row-major; F16 and BF16 as their bits, see {@linkcode toFloat32}; BOOL as bytes. */
  data: TensorData;
}

/** The contents of a safetensors file. Maps, as any text may be a name, `__proto__` too. */
export interface SafetensorsFile {
  /** The `__metadata__` of the header; `null` if there is none. */
  metadata: Map<string, string> | null;
  /** The tensors by name, in the order of the header. */
  tensors: Map<string, SafeTensor>;
}

const MAX_HEADER = 100_000_000n;
const MAX_SIZE = 2n ** 64n - 1n;

/** Bytes of a tensor by its shape and dtype; null for a product that overflows 64 bits, as in the format's library. */
function byteLength(entry: HeaderEntry, bytesPerValue: number): bigint | null {
  let product = 1n;
  // The library counts bits in 64 bits.
  for (const dimension of [...entry.shape, bytesPerValue * 8]) {
    product *= BigInt(dimension);
    if (product > MAX_SIZE) return null;
  }
  return product / 8n;
}

/** Checks one tensor's description on its own. */
function checkEntry(name: string, entry: HeaderEntry): void {
  const refuse = (rule: string): never => {
    throw new RangeError(`tensor ${showValue(name)}: ${rule}`);
  };
  const { dtype, shape, dataOffsets: [begin, end] } = entry;
  if (!Object.hasOwn(DTYPE_ARRAYS, dtype)) {
    const known = Object.keys(DTYPE_ARRAYS).join(", ");
    refuse(`dtype must be one of ${known}, current value is ${showValue(dtype)}`);
  }
  if (end < begin) {
    refuse(`data_offsets must not end before they begin, current value is [${begin}, ${end}]`);
  }
  const expected = byteLength(entry, DTYPE_ARRAYS[dtype as SafetensorsDtype].BYTES_PER_ELEMENT);
  if (expected === null) return refuse(`the product of shape [${shape}] overflows 64 bits`);
  if (BigInt(end - begin) !== expected) {
    refuse(`shape [${shape}] of ${dtype} takes ${expected} bytes, current data_offsets span ${end - begin}`);
  }
}

function readHeader(bytes: Uint8Array): { header: SafetensorsHeader; dataStart: number } {
  if (bytes.length < 8) {
    throw new RangeError(
      `the file must begin with 8 bytes of header length, current size is ${bytes.length} bytes`,
    );
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER) {
    throw new RangeError(`the header must be at most ${MAX_HEADER} bytes long, current value is ${length}`);
  }
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length) {
    throw new RangeError(
      `the header must end within the file, current end is ${dataStart} of ${bytes.length} bytes`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, dataStart));
  } catch {
    throw new SyntaxError("the header must be UTF-8");
  }
  return { header: parseSafetensorsHeader(text), dataStart };
}

/** Checks that the tensors, by their place, cover the data without gap or overlap. */
function checkCoverage(tensors: Map<string, HeaderEntry>, dataLength: number): void {
  const sorted = [...tensors].sort(([, a], [, b]) =>
    a.dataOffsets[0] - b.dataOffsets[0] || a.dataOffsets[1] - b.dataOffsets[1]
  );
  let covered = 0;
  for (const [name, { dataOffsets: [begin, end] }] of sorted) {
    if (begin !== covered) {
      throw new RangeError(
        `tensor ${showValue(name)} ${
          begin < covered ? "overlaps the one before" : "leaves a gap before it"
        }: ` +
          `it must begin at byte ${covered} of the data, current value is ${begin}`,
      );
    }
    covered = end;
  }
  if (covered !== dataLength) {
    throw new RangeError(
      `the tensors must cover the data: they end at byte ${covered}, the file's data at ${dataLength}`,
    );
  }
}

/**
 * Reads a safetensors file from memory.
 *
 * All rules of the format are checked; where its reference library is more lenient than the format (keys given
 * twice, unknown fields, padding other than spaces), the file is refused. Data that is aligned in the file is not
 * copied: the arrays are views of `bytes`. Whatever the bytes are, reading takes time in proportion to their number
 * and, besides them and a copy of what is not aligned, at most 16 times the memory of the header, which is for
 * headers of nothing but tensors without values; a tensor has at most 64 dimensions, as in PyTorch and NumPy.
 *
 * @param bytes The whole file, little-endian as the format wants it.
 * @param source Where it came from, for messages.
 * @returns Metadata and tensors.
 * @throws {Error} `Cannot read safetensors "SOURCE": …` with the rule that is broken and the tensor's name.
 *
 * @example Read a file
 * ```ts
 * import { readSafetensors } from "@laner/laner";
 *
 * // 8 bytes of header length, little-endian, then the header: here no tensor at all.
 * const bytes = new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, ...new TextEncoder().encode("{}")]);
 * console.log(readSafetensors(bytes).tensors.size); // 0
 * ```
 */
export function readSafetensors(bytes: Uint8Array, source = "bytes"): SafetensorsFile {
  try {
    const { header, dataStart } = readHeader(bytes);
    for (const [name, entry] of header.tensors) checkEntry(name, entry);
    checkCoverage(header.tensors, bytes.length - dataStart);
    const tensors = new Map<string, SafeTensor>();
    for (const [name, entry] of header.tensors) {
      const dtype = entry.dtype as SafetensorsDtype;
      const ArrayType = DTYPE_ARRAYS[dtype];
      const [begin, end] = entry.dataOffsets.map((offset) => dataStart + offset);
      const aligned = (bytes.byteOffset + begin!) % ArrayType.BYTES_PER_ELEMENT === 0;
      const part = aligned ? bytes.subarray(begin, end) : bytes.slice(begin, end);
      const data = new ArrayType(
        part.buffer as ArrayBuffer,
        part.byteOffset,
        part.length / ArrayType.BYTES_PER_ELEMENT,
      );
      tensors.set(name, { dtype, shape: entry.shape, data });
    }
    return { metadata: header.metadata, tensors };
  } catch (error) {
    throw new Error(`Cannot read safetensors "${source}": ${(error as Error).message}`, { cause: error });
  }
}

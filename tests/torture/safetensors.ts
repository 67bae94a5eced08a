/** Mutated safetensors files: refused by a rule of the format, or read as a second, lenient reader reads them. */
import { assert, assertEquals } from "@std/assert";
import type { Random } from "../../data/random.ts";
import {
  readSafetensors,
  type SafetensorsDtype,
  type SafetensorsFile,
} from "../../model/weights/safetensors.ts";
import { writeSafetensors } from "../../model/weights/safetensors.ts";
import { fileOf } from "../model/weights/hostile_headers.ts";
import { editTokens, flipBits, pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

/** Refused or read exactly: never another error, never other values. */
export const SAFETENSORS: Torture = {
  name: "safetensors",
  what: "mutated safetensors files",
  tries: { test: 10_000, torture: 10_000 },
  begin() {
    const files = validFiles();
    for (const bytes of files) assertReadsAs(bytes, readSafetensors(bytes));
    return (random) => {
      let bytes = pick(random, files);
      for (let n = 1 + random.integer(2); n > 0; n--) bytes = pick(random, MUTATIONS)(bytes, random);
      let file: SafetensorsFile;
      try {
        file = readSafetensors(bytes, "mutated");
      } catch (error) {
        const { message, cause } = error as Error;
        assert(message.startsWith('Cannot read safetensors "mutated": '), message);
        // Anything else would be an accident on the way, not a check.
        assert(cause instanceof SyntaxError || cause instanceof RangeError, `${cause}`);
        assert(!/call stack|Invalid|allocation/.test(message), message);
        return "refused";
      }
      assertReadsAs(bytes, file);
      return "read";
    };
  },
};

/** Reads one value of each format; half precision as its bits. */
const READERS: Readonly<Record<SafetensorsDtype, [size: number, read: keyof DataView]>> = {
  BOOL: [1, "getUint8"],
  U8: [1, "getUint8"],
  I8: [1, "getInt8"],
  I16: [2, "getInt16"],
  U16: [2, "getUint16"],
  F16: [2, "getUint16"],
  BF16: [2, "getUint16"],
  I32: [4, "getInt32"],
  U32: [4, "getUint32"],
  F32: [4, "getFloat32"],
  F64: [8, "getFloat64"],
  I64: [8, "getBigInt64"],
  U64: [8, "getBigUint64"],
};

/** The second reader: no rule but JSON's, each value by itself, and every byte of the data in one tensor. */
function assertReadsAs(bytes: Uint8Array, { metadata, tensors }: SafetensorsFile): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const { __metadata__, ...entries } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  assertEquals(metadata, __metadata__ === undefined ? null : new Map(Object.entries(__metadata__)));
  assertEquals(new Set(tensors.keys()), new Set(Object.keys(entries)));
  const nReaders = new Uint8Array(bytes.length - start);
  for (const [name, { dtype, shape, data }] of tensors) {
    const { dtype: wanted, shape: sizes, data_offsets: [begin, end] } = entries[name];
    assertEquals([dtype, shape], [wanted, sizes]);
    const [size, read] = READERS[dtype];
    const get = view[read] as (at: number, little: boolean) => number | bigint;
    assertEquals([data.length, size * data.length], [
      sizes.reduce((a: number, b: number) => a * b, 1),
      end - begin,
    ]);
    for (let i = 0; i < data.length; i++) {
      assert(Object.is(data[i], get.call(view, start + begin + i * size, true)), `${name} ${i}`);
    }
    for (let i = begin; i < end; i++) nReaders[i]!++;
  }
  assert(nReaders.every((n) => n === 1), "a byte of the data belongs to no tensor or to several");
}

function validFiles(): Uint8Array<ArrayBuffer>[] {
  const tensor = (dtype: string, shape: string, from: number, to: number) =>
    `{ "data_offsets" : [${from}, ${to}], "shape":[${shape}],\t"dtype":"${dtype}"}`;
  return [
    writeSafetensors({}),
    writeSafetensors({ "embeddings.LayerNorm.bias": { shape: [3], data: new Float32Array([1.5, -0, NaN]) } }),
    writeSafetensors({
      a: { dtype: "F16", shape: [2, 1], data: new Uint16Array([0x3c00, 0xfc00]) },
      b: { shape: [1], data: new BigInt64Array([-1n]) },
      c: { dtype: "BOOL", shape: [0, 7], data: new Uint8Array() },
      d: { dtype: "BF16", shape: [], data: new Uint16Array([0x7fc1]) },
      e: { shape: [2, 2], data: new Float64Array([0.1, -1e308, 5e-324, 2]) },
      f: { shape: [3], data: new Int8Array([-128, 0, 127]) },
    }, { format: "pt", 'quote"\n': "\u{1f600}" }),
    // As a person writes it: bytes out of line, tensors out of order, names that mean something on objects.
    fileOf(
      `{"b":${tensor("U8", "2", 5, 7)},\n"__proto__":${tensor("F32", "1", 1, 5)},"constructor":${
        tensor("I8", "1,1", 0, 1)
      },"\\u00e9":${tensor("U16", "0", 7, 7)}, "__metadata__":{"__proto__":"x","":"\\\\"}}  `,
      [1, 2, 3, 4, 5, 6, 7],
    ),
  ];
}

type Mutation = (bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>;

/** The bytes with another text for a header, whose length fits again. */
function withHeader(bytes: Uint8Array, edit: (header: string) => string): Uint8Array<ArrayBuffer> {
  if (bytes.length < 8) return bytes.slice();
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  return fileOf(edit(header), bytes.subarray(8 + length));
}

/** What may stand where a value or a bracket stood. */
const TOKENS = [
  ...'{}[],:"\\-',
  "0",
  "1",
  "-1",
  "2.0",
  "1e3",
  "01",
  "4294967296,4294967296",
  "9007199254740992",
  "18446744073709551616",
  "9".repeat(400),
  "null",
  "true",
  "NaN",
  '""',
  '"U8"',
  '"F64"',
  '"shape"',
  '"data_offsets"',
  '"__metadata__"',
  '"__proto__"',
  '"\\ud800"',
  '"\\x"',
  '"\u0000"',
  `"${"a".repeat(60)}`,
  `"${"\\n".repeat(2000)}"`,
  "[".repeat(5000),
  '{"a":'.repeat(2000),
  "0,".repeat(70),
  "\ufeff",
  " ".repeat(9),
];

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  (bytes, random) => bytes.slice(0, random.integer(bytes.length + 1)),
  (bytes, random) => {
    const longer = new Uint8Array(bytes.length + 1 + random.integer(9));
    longer.set(bytes);
    return longer;
  },
  (bytes, random) => {
    const changed = bytes.slice();
    if (changed.length < 8) return changed;
    const view = new DataView(changed.buffer);
    const length = view.getBigUint64(0, true);
    const other = pick(random, [
      length + 1n,
      length - 1n,
      length * 2n,
      0n,
      2n ** 63n,
      2n ** 64n - 1n,
      100_000_001n,
    ]);
    view.setBigUint64(0, BigInt.asUintN(64, other), true);
    return changed;
  },
  ...Array<Mutation>(4).fill((bytes, random) =>
    withHeader(bytes, (header) => editTokens(header, TOKENS, random))
  ),
  // A gap: what begins or ends from some byte on is moved, and the data is longer by as much.
  (bytes, random) => {
    const by = 1 + random.integer(8);
    const longer = new Uint8Array(bytes.length + by);
    longer.set(bytes);
    const from = random.integer(2) * random.integer(9);
    return withHeader(
      longer,
      (header) =>
        header.replace(/(data_offsets"\s*:\s*\[)(\d+),\s*(\d+)/g, (_, start, ...ends) => {
          const moved = ends.slice(0, 2).map(Number).map((end) => end >= from ? end + by : end);
          return `${start}${moved}`;
        }),
    );
  },
  // Another number near the old one: offsets and shapes that nearly fit.
  (bytes, random) =>
    withHeader(
      bytes,
      (header) =>
        header.replace(/\d+/g, (n) =>
          random.integer(6) ? n : String(Math.max(0, Number(n) + random.integer(5) - 2))),
    ),
];

import { assert, assertEquals, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  readSafetensors,
  type SafeTensor,
  toFloat32,
  writeSafetensors,
} from "../../../model/weights/safetensors.ts";
import { fileOf } from "./hostile_headers.ts";

const entry = (dtype: string, shape: string, offsets: string) =>
  `{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${offsets}]}`;

Deno.test("readSafetensors() says what is wrong with a broken file", () => {
  const two = (a: string, b: string) => `{"a":${entry("U8", "2", a)},"b":${entry("U8", "2", b)}}`;
  const cases: [Uint8Array, string][] = [
    [new Uint8Array(7), "must begin with 8 bytes of header length, current size is 7 bytes"],
    [new Uint8Array(8).fill(255), "at most 100000000 bytes long, current value is 18446744073709551615"],
    [fileOf("{}").subarray(0, 9), "must end within the file, current end is 10 of 9 bytes"],
    [fileOf(new Uint8Array([0x7b, 0xff])), "the header must be UTF-8"],
    [fileOf("\ufeff{}"), "must begin with {"],
    [fileOf("[]"), "must begin with {"],
    [fileOf("{}\0"), "padded with spaces"],
    [fileOf("{} {}"), "padded with spaces"],
    [fileOf('{"a"'), "needs :, current value at character 4 of the header is the end"],
    [fileOf('{"a":1}'), 'tensor "a" needs {'],
    [fileOf(`{"a":${entry("U8", "1", "0,1")},}`, [1]), "a key of the header must be a JSON string"],
    [fileOf('{"\\ud800":1}'), "without lone surrogates"],
    [
      fileOf(`{"a":${entry("U8", "1.0", "0,1")}}`, [1]),
      'a dimension of tensor "a" must be a whole number from 0',
    ],
    [fileOf(`{"a":${entry("U8", "-1", "0,1")}}`, [1]), "must be a whole number from 0"],
    [fileOf(`{"a":${entry("U8", "01", "0,1")}}`, [1]), 'shape of tensor "a" needs ]'],
    [fileOf(`{"a":${entry("U8", "1e0", "0,1")}}`, [1]), "without point or exponent"],
    [fileOf(`{"a":${entry("U8", "9007199254740992", "0,1")}}`, [1]), "below 2^53"],
    [
      fileOf(`{"a":${entry("U8", "1", "0,1,1")}}`, [1]),
      'data_offsets of tensor "a" must be two numbers, not 3',
    ],
    [fileOf('{"a":{"dtype":"U8","data_offsets":[0,1]}}', [1]), 'tensor "a" has no shape'],
    [fileOf('{"a":{"dtype":"U8","dtype":"U8"}}'), 'tensor "a" has the key "dtype" twice'],
    [fileOf('{"a":{"device":"cpu"}}'), 'not "device"'],
    [fileOf('{"__metadata__":{"a":1}}'), '__metadata__ value of "a" must be a JSON string'],
    [fileOf('{"__metadata__":{"a":"1","\\u0061":"2"}}'), '__metadata__ has the key "a" twice'],
    [fileOf(`{"a":${entry("F31", "1", "0,1")}}`, [1]), 'tensor "a": dtype must be one of BOOL, U8'],
    [fileOf(`{"a":${entry("toString", "1", "0,1")}}`, [1]), 'current value is "toString"'],
    [
      fileOf(`{"a":${entry("U8", "1", "1,0")}}`, [1]),
      "must not end before they begin, current value is [1, 0]",
    ],
    [
      fileOf(`{"a":${entry("F32", "1", "0,1")}}`, [1]),
      "shape [1] of F32 takes 4 bytes, current data_offsets span 1",
    ],
    [fileOf(`{"a":${entry("F32", "4503599627370496,4503599627370496", "0,0")}}`), "overflows 64 bits"],
    [fileOf(two("0,2", "1,3"), [1, 2, 3]), 'tensor "b" overlaps the one before: it must begin at byte 2'],
    [fileOf(two("0,2", "3,5"), [1, 2, 3, 4, 5]), 'tensor "b" leaves a gap before it'],
    [fileOf(two("0,2", "2,4"), [1, 2, 3]), "they end at byte 4, the file's data at 3"],
    [fileOf(two("0,2", "2,4"), [1, 2, 3, 4, 5]), "they end at byte 4, the file's data at 5"],
  ];
  for (const [bytes, message] of cases) {
    const error = assertThrows(() => readSafetensors(bytes, "x.safetensors"), Error, message);
    assert(error.message.startsWith('Cannot read safetensors "x.safetensors": '), error.message);
  }
});

Deno.test("readSafetensors() refuses in no time names, numbers and shapes that do not end", () => {
  // A pattern that checks strings and their escapes at once takes years for the first.
  for (const header of [`{"${"a".repeat(50)}`, `{"a":{"shape":[${"9".repeat(1e6)}]}}`]) {
    assertThrows(() => readSafetensors(fileOf(header)), Error, "must be a");
  }
  const shape = (nDimensions: number) =>
    fileOf(`{"a":${entry("U8", Array(nDimensions).fill("1").join(), "0,1")}}`, [1]);
  assertEquals(readSafetensors(shape(64)).tensors.get("a")!.shape.length, 64);
  assertThrows(() => readSafetensors(shape(65)), Error, 'shape of tensor "a" must have at most 64 numbers');
});

Deno.test("readSafetensors() reads a name of a million escapes", () => {
  const name = "\n".repeat(1e6);
  const { tensors } = readSafetensors(fileOf(`{${JSON.stringify(name)}:${entry("U8", "1", "0,1")}}`, [7]));
  assertEquals([...tensors.get(name)!.data], [7]);
  assertThrows(
    () => readSafetensors(fileOf(`{"${"\\n".repeat(1e6)}\\x":1}`)),
    Error,
    "must be a JSON string",
  );
});

Deno.test("readSafetensors() takes at most 16 times the size of the worst header", async () => {
  const megabytes = 4;
  const itself = 30;
  const script = fileURLToPath(new URL("./hostile_headers.ts", import.meta.url));
  const limit = `--v8-flags=--max-old-space-size=${itself + 16 * megabytes}`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", limit, script, String(megabytes * 1e6)],
  }).output();
  const outcomes = new TextDecoder().decode(stdout).trim().split("\n").map((line) => line.split(": ")[1]);
  const refused = Array(5).fill("refused in few words");
  assertEquals(outcomes, [...Array(4).fill("read"), ...refused], new TextDecoder().decode(stderr));
});

Deno.test("readSafetensors() takes an empty tensor wherever the header lists it", () => {
  const header = `{"a":${entry("U8", "2", "0,2")},"empty":${entry("F32", "0", "0,0")}}`;
  const { tensors } = readSafetensors(fileOf(header, [5, 6]));
  assertEquals([...tensors.get("a")!.data], [5, 6]);
  assertEquals(tensors.get("empty")!.data, new Float32Array());
});

Deno.test("readSafetensors() shares aligned data and copies the rest", () => {
  const file = writeSafetensors({ a: { shape: [2], data: new Float32Array([1.5, -2]) } });
  const tensor = readSafetensors(file).tensors.get("a")!;
  assert(tensor.data.buffer === file.buffer);
  const shifted = new Uint8Array(file.length + 1);
  shifted.set(file, 1);
  const copied = readSafetensors(shifted.subarray(1)).tensors.get("a")!;
  assert(copied.data.buffer !== shifted.buffer);
  assertEquals(copied, tensor);
});

Deno.test("toFloat32() widens float16 and bfloat16 exactly", () => {
  const f16 = new Uint16Array([
    0x0000,
    0x8000,
    0x3c00,
    0xc000,
    0x7bff,
    0x0001,
    0x03ff,
    0x7c00,
    0xfc00,
    0x7e00,
  ]);
  const values = toFloat32({ dtype: "F16", data: f16 });
  const tiny = 2 ** -24;
  assertEquals([...values], [0, -0, 1, -2, 65504, tiny, 1023 * tiny, Infinity, -Infinity, NaN]);
  const bf16 = new Uint16Array([0x3f80, 0xc000, 0x8000, 0x7f80, 0x0001]);
  assertEquals([...toFloat32({ dtype: "BF16", data: bf16 })], [1, -2, -0, Infinity, 2 ** -133]);
  assertEquals([...toFloat32({ dtype: "I64", data: new BigInt64Array([-3n]) })], [-3]);
});

Deno.test("writeSafetensors() writes what readSafetensors() reads, metadata and odd names too", () => {
  const tensors = new Map<string, SafeTensor>([
    ["wide", { dtype: "I64", shape: [1], data: new BigInt64Array([-(2n ** 63n)]) }],
    ["__proto__", { dtype: "F32", shape: [2, 1], data: new Float32Array([NaN, -0]) }],
    ["naïve 北\u0000", { dtype: "BF16", shape: [], data: new Uint16Array([0x3f80]) }],
    ["", { dtype: "BOOL", shape: [3], data: new Uint8Array([1, 0, 1]) }],
    ["empty", { dtype: "U8", shape: [0, 4], data: new Uint8Array() }],
  ]);
  const metadata = new Map([["__proto__", "x"], ["note", '"\n😀']]);
  const read = readSafetensors(writeSafetensors(tensors, metadata));
  assertEquals(read.metadata, metadata);
  assertEquals(new Map([...read.tensors].sort()), new Map([...tensors].sort()));
  assertEquals(readSafetensors(writeSafetensors({})), { metadata: null, tensors: new Map() });
});

Deno.test("writeSafetensors() gives equal bytes for equal tensors in any order", () => {
  const a = { shape: [1], data: new Float32Array([1]) };
  const b = { shape: [1], data: new Float32Array([2]) };
  assertEquals(writeSafetensors({ a, b }), writeSafetensors({ b, a }));
});

Deno.test("writeSafetensors() refuses what a file cannot hold", () => {
  const data = new Float32Array(2);
  const cases: [Record<string, { shape: number[]; data: Float32Array; dtype?: "I64" }>, string][] = [
    [
      { a: { shape: [3], data } },
      'Cannot write tensor "a": data must have 3 values for shape [3], current value is 2',
    ],
    [{ a: { shape: [-1, -2], data } }, "dimensions must be whole numbers from 0"],
    [{ a: { shape: [2], data, dtype: "I64" } }, "current value is Float32Array for I64"],
    [{ __metadata__: { shape: [2], data } }, "the format's own"],
    [{ "\ud800": { shape: [2], data } }, "lone surrogates"],
  ];
  for (const [tensors, message] of cases) assertThrows(() => writeSafetensors(tensors), TypeError, message);
});

/** A small assembler of WebAssembly: just what loops over arrays of numbers need. */

/** Instructions in WebAssembly's binary form; of an expression, those that leave its value on the stack. */
export type Code = readonly number[];

/** A function that works on the module's own memory. */
export interface WasmFunction {
  /** Number of its int32 parameters, which come first. */
  nIntegers: number;
  /** Number of its float64 parameters. */
  nFloats: number;
  /** Number of its v128 locals; they are numbered after the parameters. */
  nVectors: number;
  body: Code;
}

/** Makes a module that exports a function as `run` and its memory, at first of one page of 64 KiB, as `memory`. */
export function wasmModule(
  { nIntegers, nFloats, nVectors, body }: WasmFunction,
): Uint8Array<ArrayBuffer> {
  const parameters = [...Array<number>(nIntegers).fill(I32), ...Array<number>(nFloats).fill(F64)];
  const code = [...list([[...unsigned(nVectors), V128]]), ...body, END];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...section(1, [[0x60, ...unsigned(parameters.length), ...parameters, 0]]), // type 0, without a result
    ...section(3, [[0]]), // function 0 is of type 0
    ...section(5, [[0, 1]]),
    ...section(7, [[...text("memory"), 2, 0], [...text("run"), 0, 0]]),
    ...section(10, [[...unsigned(code.length), ...code]]),
  ]);
}

const I32 = 0x7f;
const F64 = 0x7c;
const V128 = 0x7b;
const END = 0x0b;

const section = (id: number, items: readonly Code[]): Code => {
  const content = list(items);
  return [id, ...unsigned(content.length), ...content];
};

const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];

const text = (name: string): Code => list(Array.from(new TextEncoder().encode(name), (byte) => [byte]));

/** Writes a whole number as LEB128. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [value % 128 + 128, ...unsigned(Math.floor(value / 128))];
}

/** Reads a parameter or local. */
export const get = (local: number): Code => [0x20, ...unsigned(local)];

/** Sets a parameter or local. */
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];

/** Adds two int32. */
export const addIntegers = (a: Code, b: Code): Code => [...a, ...b, 0x6a];

/** Takes a constant below 64 from an int32 parameter. */
export const decrease = (local: number, by: number): Code => set(local, [...get(local), 0x41, by, 0x6b]);

/** Repeats instructions, at least once, as long as an int32 is not 0 after them. */
export const repeatWhile = (body: Code, condition: Code): Code => [
  ...[0x03, 0x40, ...body],
  ...[...condition, 0x0d, 0, END],
];

const simd =
  (opcode: number) => (...operands: Code[]): Code => [...operands.flat(), 0xfd, ...unsigned(opcode)];

/** Makes a pair of float64 of one. */
export const splat: (value: Code) => Code = simd(0x14);
export const add: (a: Code, b: Code) => Code = simd(0xf0);
export const subtract: (a: Code, b: Code) => Code = simd(0xf1);
export const multiply: (a: Code, b: Code) => Code = simd(0xf2);
export const divide: (a: Code, b: Code) => Code = simd(0xf3);
export const squareRoot: (value: Code) => Code = simd(0xef);

const promote = simd(0x5f);
const demote = simd(0x5e);
/** Aligned to 8 bytes, at a constant distance from the address. */
const place = (offset: number): Code => [3, ...unsigned(offset)];

/** Loads two float32 at an address, an int32, plus `offset` bytes as a pair of float64. */
export const loadPair = (address: Code, offset: number): Code =>
  promote([...simd(0x5d)(address), ...place(offset)]);

/** Stores a pair of float64 as two float32. */
export const storePair = (address: Code, offset: number, value: Code): Code => [
  ...simd(0x5b)(address, demote(value)),
  ...place(offset),
  0, // the lower half
];

/** Reading arrays wherever they are. */
import type { Engine } from "./engine.ts";
import { HeldArray } from "./held_array.ts";
import type { NdArray } from "./nd_array.ts";

/** Returns arrays as plain ones: those that the engine holds are copied, the others are handed out as they are. */
export async function readArrays<Arrays extends object>(engine: Engine, arrays: Arrays): Promise<Arrays> {
  const read = async (array: NdArray) =>
    array instanceof HeldArray ? await engine.memory!.read(array) : array;
  const entries = Object.entries(arrays as Record<string, NdArray>);
  const plain = entries.map(async ([name, array]) => [name, await read(array)] as const);
  return Object.fromEntries(await Promise.all(plain)) as Arrays;
}

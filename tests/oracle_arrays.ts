/** Arrays among the expected outputs of systems. */
import type { Parameters } from "../model/weights/parameters.ts";
import { readSafetensors } from "../model/weights/safetensors.ts";

/** The arrays of a safetensors file of tests/oracle/systems, by its path without the ending. */
export function arraysOf(path: string): Parameters {
  const bytes = Deno.readFileSync(`${import.meta.dirname}/oracle/systems/${path}.safetensors`);
  const { tensors } = readSafetensors(bytes, path);
  return Object.fromEntries(
    [...tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]),
  );
}

/** The arrays whose names begin with a prefix, under their names without it. */
export function part(arrays: Parameters, prefix: string): Parameters {
  return Object.fromEntries(
    Object.entries(arrays).filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
}

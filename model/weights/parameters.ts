/** Parameters: plain arrays by name, outside of any engine; and how new ones start. */
import type { Random } from "../../data/random.ts";
import type { NdArray } from "../engine/nd_array.ts";

/** Parameters, or their gradients, by name. */
export type Parameters = Record<string, NdArray>;

/** Counts the elements of an array of the given shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Draws new parameters as PyTorch's layers start: linear layers and convolutions U(±1/√in), LSTMs U(±1/√H), embeddings
 * N(0, 1); CRFs as pytorch-crf's, U(±0.1); vectors of words and characters as NCRF++'s, U(±√(3/width)).
 *
 * @param shapes Shapes by name: `….weight` and `….bias` of linear layers, `….weight_ih_l0` and such, with
 * `….weight_hh_l0` beside them, of LSTMs, `…embedding.weight`, `crf.…`, `words.weight`, `characters.weight`.
 * @param random Each parameter draws from a stream of its own name, so that leaving one out changes no other.
 */
export function initialParameters(shapes: Record<string, number[]>, random: Random): Parameters {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const data = new Float32Array(sizeOf(shape));
      const stream = random.fork(name);
      if (name.endsWith("embedding.weight")) {
        for (let i = 0; i < data.length; i++) data[i] = stream.normal();
      } else {
        const bound = uniformBound(name, shapes);
        for (let i = 0; i < data.length; i++) data[i] = (2 * stream.uniform() - 1) * bound;
      }
      return [name, { shape, data }];
    }),
  );
}

function uniformBound(name: string, shapes: Record<string, number[]>): number {
  if (/(^|\/)crf\./.test(name)) return 0.1;
  if (/^(words|characters)\.weight$/.test(name)) return Math.sqrt(3 / shapes[name]![1]!);
  const recurrent = name.replace(/(weight|bias)(_ih|_hh)?(?=(_l\d+)?(_reverse)?$)/, "weight_hh");
  if (recurrent in shapes) return 1 / Math.sqrt(shapes[recurrent]!.at(-1)!);
  // A bias has no inputs of its own: its layer's weight tells them.
  return 1 / Math.sqrt(sizeOf(shapes[name.replace(/bias$/, "weight")]!.slice(1)));
}

/** Returns some parameters by their names. */
export function pickParameters(parameters: Parameters, names: readonly string[]): Parameters {
  return Object.fromEntries(names.map((name) => [name, parameters[name]!]));
}

/** Returns a deep copy. */
export function copyParameters(parameters: Parameters): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map((
      [name, { shape, data }],
    ) => [name, { shape: [...shape], data: data.slice() }]),
  );
}

/** Copies values into existing arrays of the same names, in place. */
export function assignParameters(target: Parameters, source: Parameters): void {
  for (const [name, { data }] of Object.entries(source)) target[name]!.data.set(data);
}

/** Counts the values in all arrays together. */
export function countParameters(parameters: Parameters): number {
  return Object.values(parameters).reduce((total, { data }) => total + data.length, 0);
}

/** Puts values under names that begin with a prefix, so that several sets fit into one. */
export function withPrefix<T>(prefix: string, values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}/${name}`, value]));
}

/** Returns the values of a prefix, under their own names. */
export function withoutPrefix<T>(prefix: string, values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => name.startsWith(`${prefix}/`))
      .map(([name, value]) => [name.slice(prefix.length + 1), value]),
  );
}

/** The inner loop of Adam, in TypeScript and as WebAssembly: the same bits, from float64 that are rounded when stored. */
import {
  add,
  addIntegers,
  type Code,
  decrease,
  divide,
  get,
  loadPair,
  multiply,
  repeatWhile,
  set,
  splat,
  squareRoot,
  storePair,
  subtract,
  wasmModule,
} from "./wasm_code.ts";

/** The numbers of a step, which are the same for all values of a parameter. */
export interface AdamCoefficients {
  beta1: number;
  beta2: number;
  /** The share of a value that weight decay leaves. */
  keep: number;
  /** Learning rate over the bias of the first moment. */
  stepSize: number;
  /** 1 over the root of the bias of the second moment. */
  correction: number;
  epsilon: number;
}

/**
 * Updates values and their moments in place; all arrays are float32 of the same length.
 *
 * @param g Gradient; null for 0.
 */
export function adamLoop(
  p: Float32Array,
  m: Float32Array,
  v: Float32Array,
  g: Float32Array | null,
  { beta1, beta2, keep, stepSize, correction, epsilon }: AdamCoefficients,
): void {
  for (let i = 0; i < p.length; i++) {
    const gradient = g === null ? 0 : g[i]!;
    const first = m[i] = beta1 * m[i]! + (1 - beta1) * gradient;
    const second = v[i] = beta2 * v[i]! + (1 - beta2) * gradient * gradient;
    p[i] = keep * p[i]! - stepSize * first / (Math.sqrt(second) * correction + epsilon);
  }
}

/**
 * Values that are copied into WebAssembly's memory at a time. Copies of more than 2 KiB were found to be slower a byte,
 * which made up for all that the loop gains.
 */
export const CHUNK = 512;

/** Byte offsets in the module's memory: of the chunk's values, of their gradients, and of the first moments. */
export const PLACES = { values: 0, gradients: 4 * CHUNK, moments: 8 * CHUNK } as const;

/** The float64 parameters of the module's function; the rest of a beta is 1 - beta. */
const FLOATS = ["beta1", "rest1", "beta2", "rest2", "keep", "stepSize", "correction", "epsilon"] as const;

/** Runs the loop over an even number of values: their bytes, where their moments are, and `FLOATS`. */
export type RunAdam = (nBytes: number, m: number, v: number, ...floats: number[]) => void;

/** Assembles the loop over pairs of values: exports `run` (see `RunAdam`) and `memory`. */
export function assembleAdam(): Uint8Array<ArrayBuffer> {
  const [AT, M_FROM, V_FROM, FIRST_FLOAT] = [0, 1, 2, 3];
  const FIRST_PAIR = FIRST_FLOAT + FLOATS.length;
  const [G, M, V] = [0, 1, 2].map((i) => FIRST_PAIR + FLOATS.length + i) as [number, number, number];
  const pair = (name: typeof FLOATS[number]): Code => get(FIRST_PAIR + FLOATS.indexOf(name));
  const [m, v] = [M_FROM, V_FROM].map((from) => addIntegers(get(from), get(AT))) as [Code, Code];
  const step = multiply(pair("stepSize"), get(M));
  const scale = add(multiply(squareRoot(get(V)), pair("correction")), pair("epsilon"));
  const changed = subtract(multiply(pair("keep"), loadPair(get(AT), PLACES.values)), divide(step, scale));
  const body = [
    ...decrease(AT, 8),
    ...set(G, loadPair(get(AT), PLACES.gradients)),
    ...set(M, add(multiply(pair("beta1"), loadPair(m, 0)), multiply(pair("rest1"), get(G)))),
    ...set(
      V,
      add(multiply(pair("beta2"), loadPair(v, 0)), multiply(multiply(pair("rest2"), get(G)), get(G))),
    ),
    ...storePair(m, 0, get(M)),
    ...storePair(v, 0, get(V)),
    ...storePair(get(AT), PLACES.values, changed),
  ];
  const pairs = FLOATS.flatMap((_, i) => set(FIRST_PAIR + i, splat(get(FIRST_FLOAT + i))));
  return wasmModule({
    nIntegers: 3,
    nFloats: FLOATS.length,
    nVectors: FLOATS.length + 3,
    body: [...pairs, ...repeatWhile(body, get(AT))],
  });
}

/** Adam's moments, in WebAssembly's memory where its loop runs, and else in plain arrays. */
import { type AdamCoefficients, adamLoop, assembleAdam, CHUNK, PLACES, type RunAdam } from "./adam_loop.ts";

/** First and second moments of one parameter, 0 at first. */
export interface Moments {
  /** Both, float32 of the parameter's length; to be used before other moments are made. */
  arrays(): { m: Float32Array; v: Float32Array };
  /**
   * Updates values of the parameter, in place, and their moments.
   *
   * @param p The values, float32.
   * @param from Where they begin in the parameter.
   * @param g Their gradient, float32 of their length; null for 0.
   */
  update(p: Float32Array, from: number, g: Float32Array | null, coefficients: AdamCoefficients): void;
}

/** Makes the moments of a parameter of so many values. */
export type MakeMoments = (length: number) => Moments;

/** Makes moments in plain arrays, which are updated in TypeScript. */
export function plainMoments(length: number): Moments {
  const m = new Float32Array(length);
  const v = new Float32Array(length);
  return {
    arrays: () => ({ m, v }),
    update(p, from, g, coefficients) {
      const to = from + p.length;
      adamLoop(p, m.subarray(from, to), v.subarray(from, to), g, coefficients);
    },
  };
}

/** Fewer values than these, as in a row of a narrow table, are not worth the copies. */
const FEWEST = 256;

/**
 * Prepares a memory for the moments of an optimiser. Moments for which it has no room are in plain arrays.
 *
 * @returns Null where there is no WebAssembly with vectors, or none is allowed.
 */
export function vectorMoments(): MakeMoments | null {
  const instance = instantiate();
  if (instance === null) return null;
  const { memory, run } = instance;
  let end: number = PLACES.moments;

  /** Finds a place for some bytes that are 0; null if there is no room. */
  function allocate(nBytes: number): number | null {
    const nPages = Math.ceil((end + nBytes - memory.buffer.byteLength) / 65536);
    try {
      if (nPages > 0) memory.grow(nPages);
    } catch {
      return null;
    }
    const place = end;
    end += nBytes;
    return place;
  }

  const chunkViews = () => ({
    values: new Float32Array(memory.buffer, PLACES.values, CHUNK),
    gradients: new Float32Array(memory.buffer, PLACES.gradients, CHUNK),
  });
  let chunk = chunkViews();

  /** Updates an even number of values whose moments begin at some places of the memory. */
  function updateChunk(
    p: Float32Array,
    m: number,
    v: number,
    g: Float32Array | null,
    { beta1, beta2, keep, stepSize, correction, epsilon }: AdamCoefficients,
  ): void {
    // A memory that grows has another buffer.
    if (chunk.values.buffer !== memory.buffer) chunk = chunkViews();
    const { values, gradients } = chunk;
    const n = p.length;
    values.set(p);
    if (g) gradients.set(g);
    else gradients.fill(0, 0, n);
    run(4 * n, m, v, beta1, 1 - beta1, beta2, 1 - beta2, keep, stepSize, correction, epsilon);
    p.set(n === CHUNK ? values : values.subarray(0, n));
  }

  return (length) => {
    const place = allocate(8 * length);
    if (place === null) return plainMoments(length);
    const atM = (i: number) => place + 4 * i;
    const atV = (i: number) => place + 4 * (length + i);
    const arrays = (from = 0, n = length) => ({
      m: new Float32Array(memory.buffer, atM(from), n),
      v: new Float32Array(memory.buffer, atV(from), n),
    });
    return {
      arrays: () => arrays(),
      update(p, from, g, coefficients) {
        const nPaired = p.length < FEWEST ? 0 : p.length - p.length % 2;
        for (let i = 0; i < nPaired; i += CHUNK) {
          const to = Math.min(i + CHUNK, nPaired);
          const part = g && g.subarray(i, to);
          updateChunk(p.subarray(i, to), atM(from + i), atV(from + i), part, coefficients);
        }
        if (nPaired === p.length) return;
        const { m, v } = arrays(from + nPaired, p.length - nPaired);
        adamLoop(p.subarray(nPaired), m, v, g && g.subarray(nPaired), coefficients);
      },
    };
  };
}

/** Makes the loop, from the instructions that this toolkit assembles and no others. */
function instantiate() {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembleAdam()));
    return { memory: exports.memory as WebAssembly.Memory, run: exports.run as RunAdam };
  } catch {
    // There is no WebAssembly with vectors, no address space is left, or a page's policy forbids it.
    return null;
  }
}

/** The most that this machine computes: large matrix products on the same engine and threads. */
import type { Engine } from "../../model/engine/engine.ts";
import { tf } from "../../model/engine/tf.ts";

/** Rows, inner size and columns of the products: one that is large all round, and one as narrow as an encoder's. */
const PRODUCTS = [[1024, 1024, 1024], [768, 1536, 384]] as const;
/** Of a processor that has been idle the first ones are slow. */
const RUNS = 40;

/**
 * Measures the peak.
 *
 * @returns Floating-point operations a second of the fastest of many runs.
 */
export async function measurePeak(engine: Engine): Promise<number> {
  let peak = 0;
  for (const [M, K, N] of PRODUCTS) {
    const product = engine.compile("peak", ({ a, b }) => ({ y: tf.matMul(a!, b!) }), {});
    const inputs = { a: filled(M, K), b: filled(K, N) };
    // Room that is made anew would be counted, too.
    const y = new Float32Array(M * N);
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      await product.run(inputs, () => y);
      peak = Math.max(peak, 2 * M * K * N / ((performance.now() - start) / 1000));
    }
    product.dispose();
  }
  return peak;
}

function filled(rows: number, columns: number) {
  return {
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, (_, i) => (i % 7) / 7),
  };
}

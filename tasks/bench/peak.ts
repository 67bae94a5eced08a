/** The most that this machine computes: a large matrix product on the same engine and threads. */
import type { Engine } from "../../model/engine/engine.ts";
import { tf } from "../../model/engine/tf.ts";

/** Rows, inner size and columns of the product. */
const [M, K, N] = [2048, 1024, 1024] as const;
const RUNS = 12;

/**
 * Measures the peak.
 *
 * @returns Floating-point operations a second of the fastest of some runs.
 */
export async function measurePeak(engine: Engine): Promise<number> {
  const product = engine.compile("peak", ({ a, b }) => ({ y: tf.matMul(a!, b!) }), {});
  const filled = (rows: number, columns: number) => ({
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, (_, i) => (i % 7) / 7),
  });
  const inputs = { a: filled(M, K), b: filled(K, N) };
  let least = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await product.run(inputs);
    least = Math.min(least, performance.now() - start);
  }
  product.dispose();
  return 2 * M * K * N / (least / 1000);
}

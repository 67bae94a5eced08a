import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import type { RowGradient } from "../../../model/nn/embedding_table.ts";
import { clipGradients, createAdam, denseGradient } from "../../../model/training/adam.ts";
import type { Gradient } from "../../../model/training/optimizer.ts";
import { assertClose } from "../../close.ts";

const array = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });

/** Adam as the paper writes it, on float64. */
function naiveAdam(p: number[], steps: number[][], rates: number[], weightDecay: number): number[] {
  const m = p.map(() => 0);
  const v = p.map(() => 0);
  steps.forEach((g, s) => {
    const t = s + 1;
    p = p.map((value, i) => {
      m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
      v[i] = 0.999 * v[i]! + 0.001 * g[i]! ** 2;
      const mHat = m[i] / (1 - 0.9 ** t);
      const vHat = v[i] / (1 - 0.999 ** t);
      return value - rates[s]! * weightDecay * value - rates[s]! * mHat / (Math.sqrt(vHat) + 1e-8);
    });
  });
  return p;
}

Deno.test("createAdam() equals Adam written plainly, with and without weight decay and rates of single steps", () => {
  const random = createRandom(1);
  for (const weightDecay of [0, 0.1]) {
    for (const changing of [false, true]) {
      const start = Array.from({ length: 6 }, () => random.normal());
      const steps = Array.from(
        { length: 12 },
        () => start.map(() => random.normal() * 10 ** random.integer(3)),
      );
      const rates = steps.map((_, s) => (changing ? 0.01 * (s + 1) : 0.01));
      const parameters = { p: array(...start) };
      const adam = createAdam({ learningRate: 0.01, weightDecay });
      steps.forEach((g, s) => adam.step(parameters, { p: array(...g) }, changing ? rates[s] : undefined));
      assertClose(parameters.p.data, naiveAdam(start, steps, rates, weightDecay), 1e-5, "parameters");
    }
  }
});

Deno.test("createAdam() adds ε to the root of the corrected second moment", () => {
  const parameters = { p: array(0, 0) };
  // The corrected moments of a first step are g and g²: a step of rate · g / (|g| + ε).
  createAdam({ learningRate: 1 }).step(parameters, { p: array(1e-8, -3e-8) });
  assertClose(parameters.p.data, [-1 / 2, 3 / 4], 1e-5, "after one step");
  const other = { p: array(0) };
  createAdam({ learningRate: 1, epsilon: 1 }).step(other, { p: array(1) });
  assertClose(other.p.data, [-1 / 2], 1e-6, "with another ε");
});

Deno.test("createAdam() steps by the paper's learning rate when none is told", () => {
  const parameters = { p: array(1, 1) };
  createAdam().step(parameters, { p: array(3, -0.01) });
  assertClose(parameters.p.data, [1 - 5e-5, 1 + 5e-5], 1e-7, "after one step");
});

Deno.test("createAdam() gives the same to the bit for rows of a table as for all of it, as rows come and go", () => {
  const shape = [7, 3];
  for (const weightDecay of [0, 0.1]) {
    const random = createRandom(2);
    const start = Float32Array.from({ length: 21 }, () => random.normal());
    const tables = [start.slice(), start.slice()].map((data) => ({ table: { shape, data } }));
    const adams = tables.map(() => createAdam({ learningRate: 0.01, weightDecay }));
    for (let step = 0; step < 40; step++) {
      // Row 6 is never used; the others come in changing order, sometimes none.
      const rows = Int32Array.from(random.shuffle([0, 1, 2, 3, 4, 5]).slice(0, random.integer(5)));
      const data = Float32Array.from({ length: rows.length * 3 }, () => random.normal());
      const gradient: RowGradient = { shape, rows, data };
      adams[0]!.step(tables[0]!, { table: gradient });
      adams[1]!.step(tables[1]!, { table: { shape, data: denseGradient(gradient) } });
      assertEquals(tables[0]!.table.data, tables[1]!.table.data, `step ${step}`);
    }
    assert(tables[0]!.table.data.subarray(0, 18).every((value, i) => value !== start[i]));
    if (weightDecay === 0) assertEquals(tables[0]!.table.data.subarray(18), start.subarray(18));
  }
});

Deno.test("createAdam() goes on with rows of a table from a state of the whole table", () => {
  const shape = [4, 2];
  const row = (row: number): RowGradient => ({
    shape,
    rows: Int32Array.of(row),
    data: Float32Array.of(1, -2),
  });
  const start = () => ({ table: { shape, data: new Float32Array(8) } });
  const [table, whole] = [start(), start()];
  const adam = createAdam();
  for (const i of [0, 1, 1]) adam.step(table, { table: row(i) });
  const dense = createAdam();
  for (const i of [0, 1, 1]) dense.step(whole, { table: { shape, data: denseGradient(row(i)) } });
  const restored = createAdam();
  restored.restore(whole, dense.state());
  for (const i of [2, 2]) {
    adam.step(table, { table: row(i) });
    restored.step(whole, { table: row(i) });
  }
  assertEquals(whole, table);
});

Deno.test("denseGradient() puts rows in their places and leaves the others 0", () => {
  const gradient = { shape: [4, 2], rows: Int32Array.of(3, 1), data: Float32Array.of(1, 2, 3, 4) };
  assertEquals([...denseGradient(gradient)], [0, 0, 3, 4, 0, 0, 1, 2]);
});

Deno.test("clipGradients() scales all gradients in place by their common norm, when it is too great", () => {
  const make = (): Record<string, Gradient> => ({
    a: array(3, 0),
    rows: { shape: [9, 2], rows: Int32Array.of(4), data: Float32Array.of(0, 4) },
  });
  const gradients = make();
  const { a, rows } = gradients;
  assertClose([clipGradients(gradients, 1)], [5], 1e-7, "norm before");
  assert(gradients.a === a && gradients.rows === rows);
  const scale = 1 / (5 + 1e-6); // PyTorch's
  assertClose([...a!.data, ...rows!.data], [3 * scale, 0, 0, 4 * scale], 1e-7, "clipped");
  const small = make();
  assertClose([clipGradients(small, 5.1)], [5], 1e-7, "norm of small ones");
  assertEquals(small, make());
});

/** Checks of gradients that need no other program: finite differences, and batches against single sentences. */
import { assert } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { denseGradient } from "../../model/training/adam.ts";
import type { Gradient } from "../../model/training/optimizer.ts";
import type { Parameters } from "../../model/weights/parameters.ts";
import { assertClose } from "../close.ts";

/** A loss with its gradients and the number of rows (words, pieces) that it is the mean of. */
export interface Weighted {
  nRows: number;
  loss: number;
  gradients: Record<string, Gradient>;
}

/** A gradient's values, copied, as a system may overwrite them. */
export function valuesOf(gradient: Gradient): Float32Array {
  return "rows" in gradient ? denseGradient(gradient) : gradient.data.slice();
}

/**
 * Asserts that a gradient is another program's: by each value, and as a whole, ‖a - b‖ ≤ 1e-4 ‖b‖. Most values are so
 * small that a gradient which is off by a factor passes by each of them. Engines differ from PyTorch's by 4e-6 of the
 * norm at most.
 *
 * What is 0 but for rounding (a bias of attention's keys) has no norm to speak of: 1e-7 a value is allowed besides.
 */
export function assertGradient(
  gradient: Gradient | undefined,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  assert(gradient !== undefined, `${what}: there must be a gradient`);
  const values = valuesOf(gradient);
  assertClose(values, expected, tolerance, what);
  const norm = (of: (i: number) => number) => Math.hypot(...Array.from(values, (_, i) => of(i)));
  const difference = norm((i) => values[i]! - expected[i]!);
  const allowed = 1e-4 * norm((i) => expected[i]!) + 1e-7 * Math.sqrt(values.length);
  assert(difference <= allowed, `${what}: differs by a norm of ${difference}, allowed are ${allowed}`);
}

/** Asserts that gradients are slopes of the loss: by each parameter, in a few random directions. Maxima, which have kinks, want short steps. */
export async function assertSlopes(
  parameters: Parameters,
  gradients: Record<string, Gradient>,
  loss: () => Promise<number>,
  step = 1e-2,
): Promise<void> {
  const copies = Object.entries(gradients).map(([name, gradient]) => [name, valuesOf(gradient)] as const);
  const random = createRandom(1);
  let greatest = 0;
  for (const [name, g] of copies) {
    const { data } = parameters[name]!;
    const start = data.slice();
    for (let direction = 0; direction < 4; direction++) {
      const values = Array.from(g, () => random.normal());
      const norm = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0));
      const at = async (sign: number) => {
        for (let i = 0; i < data.length; i++) data[i] = start[i]! + sign * step * values[i]! / norm;
        return await loss();
      };
      const slope = (await at(1) - await at(-1)) / (2 * step);
      data.set(start);
      const expected = g.reduce((sum, x, i) => sum + x * values[i]! / norm, 0);
      const allowed = 1e-3 + 0.02 * Math.abs(expected);
      assert(Math.abs(slope - expected) <= allowed, `${name}: the slope is ${slope}, not ${expected}`);
      greatest = Math.max(greatest, Math.abs(slope));
    }
  }
  assert(greatest > 0.05, `the slopes are too small to tell: ${greatest}`);
}

/** Asserts that loss and gradients of a batch are the means of those of its members. */
export function assertMeans(batch: Weighted, members: readonly Weighted[]): void {
  const mean = (of: (member: Weighted) => number) =>
    members.reduce((sum, member) => sum + member.nRows * of(member), 0) / batch.nRows;
  assertClose([batch.loss], [mean(({ loss }) => loss)], 1e-5, "loss");
  for (const [name, gradient] of Object.entries(batch.gradients)) {
    const values = members.map((member) => valuesOf(member.gradients[name]!));
    const expected = valuesOf(gradient).map((_, i) => mean((member) => values[members.indexOf(member)]![i]!));
    assertGradient(gradient, expected, 2e-5, name);
  }
}

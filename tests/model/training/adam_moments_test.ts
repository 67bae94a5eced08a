import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { CHUNK } from "../../../model/training/adam_loop.ts";
import { plainMoments, vectorMoments } from "../../../model/training/adam_moments.ts";

const bitsOf = (array: Float32Array) => [...new Uint32Array(array.slice().buffer)];

Deno.test("vectorMoments() steps to the same bits as TypeScript's loop, at any length and place", () => {
  const random = createRandom(1);
  const makeMoments = vectorMoments();
  assert(makeMoments);
  const draw = (n: number) =>
    Float32Array.from({ length: n }, () => random.normal() * 10 ** random.integer(9));
  for (const n of [1, 2, 255, 256, 257, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 77]) {
    const values = draw(n + 5);
    // Moments of others lie before and after.
    const [before, mine, after] = [7, n + 5, 6].map(makeMoments);
    const sides = [{ moments: mine!, p: values.slice() }, {
      moments: plainMoments(n + 5),
      p: values.slice(),
    }];
    for (const step of [1, 2, 3]) {
      const coefficients = {
        beta1: 0.9,
        beta2: 0.999,
        keep: 1 - 0.01 * step,
        stepSize: 0.05 / step,
        correction: 2.5,
        epsilon: 1e-8,
      };
      const g = step === 2 ? null : draw(n);
      for (const { moments, p } of sides) moments.update(p.subarray(3, n + 3), 3, g, coefficients);
    }
    const [vector, plain] = sides.map(({ moments, p }) => ({ p, ...moments.arrays() }));
    for (const name of ["p", "m", "v"] as const) {
      assertEquals(bitsOf(vector![name]), bitsOf(plain![name]), `${name} of ${n}`);
    }
    assert(vector!.m.some((value) => value !== 0));
    for (const other of [before!, after!]) {
      for (const array of Object.values(other.arrays())) assert(array.every((value) => value === 0));
    }
  }
});

Deno.test("vectorMoments() puts moments for which its memory has no room into plain arrays", () => {
  const makeMoments = vectorMoments()!;
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError("no room");
  };
  try {
    const { buffer } = makeMoments(10).arrays().m;
    assert(makeMoments(20_000).arrays().m.buffer !== buffer);
    assert(makeMoments(10).arrays().m.buffer === buffer);
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
});

import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { readArrays } from "../../../model/engine/read_arrays.ts";
import { createHeldDropout } from "../../../model/nn/held_dropout.ts";
import { HELD_ENGINES } from "../held_engines.ts";

const SITES = {
  states: { axes: ["T", 96], rate: 0.1 },
  probabilities: { axes: ["B", 2, "P", "P"], rate: 0.5 },
  nothing: { axes: ["T", 5], rate: 0 },
};

for (const [name, load] of Object.entries(HELD_ENGINES)) {
  Deno.test({
    name: `${name}: createHeldDropout() drops each element with its rate, whatever else is dropped`,
    ignore: load === null,
    async fn() {
      const engine = await load!();
      const dropout = createHeldDropout(engine, SITES);
      const draw = async (seed: number) =>
        await readArrays(engine, await dropout.draw({ T: 200, B: 3, P: 40 }, createRandom(seed)));
      const masks = await draw(1);
      assertEquals(masks.states!.shape, [200, 96]);
      assertEquals(masks.probabilities!.shape, [3, 2, 40, 40]);
      assert(masks.nothing!.data.every((value) => value === 1));
      assertEquals(await draw(1), masks);
      for (const [site, width, height] of [["states", 96, 200], ["probabilities", 40, 240]] as const) {
        const { rate } = SITES[site];
        const kept = Math.fround(1 / (1 - rate));
        const { data } = masks[site]!;
        assert(data.every((value) => value === 0 || Math.abs(value - kept) < 1e-6));
        /** An element as a number whose mean is 0 and whose variance is 1. */
        const at = (i: number, j: number) =>
          (Number(data[i * width + j] === 0) - rate) / Math.sqrt(rate * (1 - rate));
        assertMeanIsZero(height, width, at, `${site}: elements`);
        for (const [di, dj] of [[0, 1], [1, 0], [1, 1], [7, 3]] as const) {
          const other = (i: number, j: number) => at((i + di) % height, (j + dj) % width);
          assertMeanIsZero(height, width, (i, j) => at(i, j) * other(i, j), `${site}: pairs by ${di}, ${dj}`);
        }
        // A hash that added up rows and columns would tie the corners of rectangles.
        const corners = (i: number, j: number) => {
          const [k, l] = [(i + 5) % height, (j + 11) % width];
          return at(i, j) * at(i, l) * at(k, j) * at(k, l);
        };
        assertMeanIsZero(height, width, corners, `${site}: rectangles`);
        const next = (await draw(2))[site]!.data;
        const both = (i: number, j: number) => {
          const place = i * width + j;
          return at(i, j) * (Number(next[place] === 0) - rate) / Math.sqrt(rate * (1 - rate));
        };
        assertMeanIsZero(height, width, both, `${site}: masks of two draws`);
      }
      dropout.dispose();
    },
  });
}

/** Asserts that the mean of numbers of variance 1 is 0, within 4.5 standard errors. */
function assertMeanIsZero(n: number, m: number, at: (i: number, j: number) => number, what: string) {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) sum += at(i, j);
  const z = sum / Math.sqrt(n * m);
  assert(Math.abs(z) < 4.5, `${what}: ${z} standard errors from 0`);
}

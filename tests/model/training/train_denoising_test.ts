import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createRandom, type Random } from "../../../data/random.ts";
import { NotFiniteError } from "../../../model/training/not_finite_error.ts";
import { trainDenoising } from "../../../model/training/train_denoising.ts";

/** A network with one number, whose gradient is always 1: Adam then moves it by the learning rate. */
function createNumber() {
  const data = new Float32Array(1);
  const values: number[] = [0];
  const seen: string[][] = [];
  return {
    parameters: { x: { shape: [1], data } },
    lossAndGradients: (blocks: readonly string[]) => {
      seen.push([...blocks]);
      return Promise.resolve({
        loss: blocks.length,
        gradients: { x: { shape: [1], data: Float32Array.of(1) } },
      });
    },
    /** To be called after each step. */
    look: () => void values.push(data[0]!),
    rates: () => values.slice(1).map((value, i) => values[i]! - value),
    seen,
  };
}

const SETTINGS = { epochs: 1, batchSize: 1, learningRate: 0.1, warmup: 0, clipNorm: 10, stage: "test" };

Deno.test("trainDenoising() raises the rate to the whole, never above, and lowers it towards 0", async () => {
  const number = createNumber();
  const random = createRandom(1);
  const blocks = [1, 2, 3, 4, 5].map((id) => Int32Array.of(id));
  const hiding = { hide: String, random: random.fork("hide") };
  const { losses } = await trainDenoising(number, blocks, hiding, {
    ...SETTINGS,
    warmup: 0.3,
    random,
    onProgress: number.look,
  });
  assertEquals(losses, [1]);
  const expected = [1 / 1.5, 1, 3 / 3.5, 2 / 3.5, 1 / 3.5];
  for (const [i, rate] of number.rates().entries()) assertAlmostEquals(rate, 0.1 * expected[i]!, 1e-6);
  assertEquals(number.rates().length, 5);
});

Deno.test("trainDenoising() does not end with parameters that the last step has spoilt", async () => {
  const number = createNumber();
  const random = createRandom(1);
  const blocks = [1, 2, 3].map((id) => Int32Array.of(id));
  const hiding = { hide: String, random: random.fork("hide") };
  const lossAndGradients = async (blocks: readonly string[]) => {
    const { loss, gradients } = await number.lossAndGradients(blocks);
    gradients.x.data[0] = number.seen.length === 3 ? NaN : 1;
    return { loss, gradients };
  };
  await assertRejects(
    () => trainDenoising({ ...number, lossAndGradients }, blocks, hiding, { ...SETTINGS, random }),
    NotFiniteError,
    'Cannot go on training at epoch 1, batch 3: "x" has values that are not finite',
  );
});

Deno.test("trainDenoising() passes over batches of which nothing is hidden, and hides anew in each epoch", async () => {
  const number = createNumber();
  const random = createRandom(1);
  const blocks = [1, 2, 3, 4].map((id) => Int32Array.of(id));
  const hiding = {
    hide: (ids: Int32Array, random: Random) => (ids[0]! < 4 ? `${ids[0]} ${random.uint32()}` : ""),
    isAny: (text: string) => text !== "",
    random: random.fork("hide"),
  };
  const { losses } = await trainDenoising(number, blocks, hiding, { ...SETTINGS, epochs: 2, random });
  assertEquals(losses, [3 / 4, 3 / 4]);
  const texts = number.seen.flat();
  assertEquals(texts.map((text) => text[0]).sort(), ["1", "1", "2", "2", "3", "3"]);
  assertEquals(new Set(texts).size, 6);
});

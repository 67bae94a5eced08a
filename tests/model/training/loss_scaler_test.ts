import { assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Engine } from "../../../model/engine/engine.ts";
import { createLossScaler, type LossScaler } from "../../../model/training/loss_scaler.ts";
import { NotFiniteError } from "../../../model/training/not_finite_error.ts";
import type { System, TaggedSentence } from "../../../model/training/system.ts";
import { train } from "../../../model/training/train.ts";
import type { TrainingState } from "../../../model/training/training_state.ts";
import LOSS_SCALES from "../../oracle/optimisers/loss_scales.json" with { type: "json" };
import { TINY_TAGS } from "../tiny.ts";

const SENTENCE: TaggedSentence = { ids: [0], firstPieces: [0], tagIds: [0] };

/** Writes out numbers that come several times in a row. */
const written = (runs: number[][]) => runs.flatMap(([number, n]) => Array<number>(n!).fill(number!));

/** Rounds to float16 what has few digits: only what is too large changes. */
const half = (value: number) => Math.abs(value) > 65504 ? Math.sign(value) * Infinity : value;

/** A system of two weights times the next inputs, `size` and -4 · `size`, with gradients in float16. */
function productSystem(sizes: readonly number[], scaler: LossScaler, holder: Engine | undefined) {
  let nCalls = 0;
  const weights = { shape: [2], data: Float32Array.of(0.5, -0.25) };
  const system: System = {
    tags: TINY_TAGS,
    parameters: { weights },
    holder,
    lossAndGradients() {
      const inputs = [sizes[nCalls]!, -4 * sizes[nCalls++]!];
      const gradients = inputs.map((x) => half(half(scaler.scale) * x) / scaler.scale);
      const loss = inputs.reduce((sum, x, i) => sum + x * weights.data[i]!, 0);
      return Promise.resolve({
        loss,
        gradients: { weights: { shape: [2], data: Float32Array.from(gradients) } },
      });
    },
    predict: () => Promise.reject(new Error("not asked for")),
    dispose() {},
  };
  return { system, weights: () => [...weights.data], nCalls: () => nCalls };
}

/** Where parameters may be in a training. */
const HOLDERS = [
  ["plain arrays", undefined],
  ["arrays that an engine holds", await createEngine("onnx-ffi", { nThreads: 1 })],
] as const;

const SGD = { decay: null, weightDecay: null, patience: null };

/** Trains one step for each size, and returns what PyTorch's numbers are compared with. */
async function trainOn(sizes: readonly number[], scaler: LossScaler, holder?: Engine) {
  const { system, weights, nCalls } = productSystem(sizes, scaler, holder);
  const scales: number[] = [];
  await train(system, [SENTENCE], {
    epochs: sizes.length,
    learningRate: 0.125,
    sgd: SGD,
    random: createRandom(1),
    lossScaler: scaler,
    onProgress: () => scales.push(scaler.scale),
  });
  return { scales, weights: weights(), nCalls: nCalls() };
}

Deno.test("createLossScaler() never grows beyond float32", () => {
  const scaler = createLossScaler({ scale: 2 ** 126, growthInterval: 1 });
  for (let step = 0; step < 3; step++) scaler.update(true);
  assertEquals(scaler.scale, 2 ** 127);
});

for (const [place, holder] of HOLDERS) {
  Deno.test(`createLossScaler() makes the steps and scales of PyTorch's GradScaler, on ${place}`, async () => {
    for (const { growthInterval, sizes, scales, nFinite, end } of LOSS_SCALES) {
      const scaler = growthInterval === 2000 ? createLossScaler() : createLossScaler({ growthInterval });
      const trained = await trainOn(written(sizes), scaler, holder);
      assertEquals(trained.scales, written(scales));
      assertEquals(trained.weights, end);
      assertEquals(scaler.state(), { scale: trained.scales.at(-1)!, nFinite });
    }
  });

  Deno.test(`train() passes over exactly the step whose gradients overflow, on ${place}`, async () => {
    const quiet = 2 ** -4;
    const scaler = createLossScaler({ scale: 1024 });
    // 4 · 32 · 1024 is above 65504.
    const { scales, weights, nCalls } = await trainOn([quiet, 32, quiet, quiet], scaler, holder);
    assertEquals(scales, [1024, 512, 512, 512]);
    assertEquals(nCalls, 4);
    const without = await trainOn([quiet, quiet, quiet], createLossScaler({ scale: 1024 }), holder);
    assertEquals(weights, without.weights);
  });

  Deno.test(`train() fails where gradients overflow although the loss is not scaled, on ${place}`, async () => {
    const scaler = createLossScaler({ scale: 4 });
    const error = await assertRejects(() => trainOn(Array(9).fill(2 ** 15), scaler, holder), NotFiniteError);
    assertEquals(
      error.message,
      "Cannot go on training at epoch 3, batch 1: the gradients are not finite, though the loss is not scaled",
    );
  });

  Deno.test(`train() averages the ends of epochs although a step was passed over, and goes on so, on ${place}`, async () => {
    const sizes = [2 ** -4, 2 ** -4, 32, 2 ** -4, 2 ** -4, 2 ** -4];
    const average = { decay: null, from: 1 };
    const states: TrainingState[] = [];
    const run = async (resume: TrainingState | null) => {
      const scaler = createLossScaler({ scale: 1024 });
      const { system, weights } = productSystem(resume ? sizes.slice(3) : sizes, scaler, holder);
      await train(system, [SENTENCE, SENTENCE], {
        epochs: 3,
        batchSize: 1,
        learningRate: 0.125,
        sgd: SGD,
        average,
        random: createRandom(1),
        lossScaler: scaler,
        checkpoint: {
          resume,
          save: async (state) => {
            const { tensors, values } = await state();
            const copied = Object.entries(tensors).map(([name, { shape, data }]) =>
              [name, { shape, data: data.slice() }] as const
            );
            states.push({ tensors: Object.fromEntries(copied), values: structuredClone(values) });
          },
        },
      });
      return weights();
    };
    // Epochs of two batches, at whose ends 2, 3 and 5 steps were made, each by -1/128 · (1, -4).
    const mean = (2 + 3 + 5) / 3 / 128;
    const whole = await run(null);
    assertEquals(whole.map((value) => Math.round(value * 2 ** 20)), [
      Math.round((0.5 - mean) * 2 ** 20),
      Math.round((-0.25 + 4 * mean) * 2 ** 20),
    ]);
    // After the step that was passed over.
    const third = states.find(({ values }) => values.epoch === 2 && values.batch === 1)!;
    assertEquals(await run(third), whole);
  });
}

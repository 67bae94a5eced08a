import { assert, assertEquals, assertRejects } from "@std/assert";
import { maskPieces } from "../../../data/batches/mask_pieces.ts";
import { createRandom } from "../../../data/random.ts";
import { initialBert } from "../../../model/bert/bert_init.ts";
import { encoderShapes, mlmHeadShapes } from "../../../model/bert/bert_shapes.ts";
import { createMaskedLm, type MaskedLm } from "../../../model/bert/masked_lm.ts";
import { maskedPerplexity, trainMaskedLm } from "../../../model/bert/train_masked_lm.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Engine } from "../../../model/engine/engine.ts";
import { tf } from "../../../model/engine/tf.ts";
import type { ProgressEvent } from "../../../model/training/progress.ts";
import { assertClose } from "../../close.ts";
import { assertMeans, assertSlopes, type Weighted } from "../gradient_checks.ts";
import { TINY_BERT } from "../tiny.ts";

const MASK = { maskId: 4, vocabularySize: TINY_BERT.vocabularySize, specialIds: [0, 2, 3] };

/** Blocks of text in which pieces follow each other in one order: 5 6 7 8 9 10 5 6 … from any start. */
const BLOCKS = Array.from(
  { length: 12 },
  (_, b) => Int32Array.from([2, ...Array.from({ length: 8 }, (_, i) => 5 + (b + i) % 6), 3]),
);

function tinyLm(engine: Engine, seed: number) {
  const shapes = { ...encoderShapes(TINY_BERT), ...mlmHeadShapes(TINY_BERT) };
  return createMaskedLm(engine, TINY_BERT, initialBert(shapes, createRandom(seed)));
}

Deno.test("trainMaskedLm() makes the loss and the perplexity of a regular text fall, the same twice to the bit", async () => {
  const engine = await createEngine("onnx");
  const run = async () => {
    const lm = tinyLm(engine, 1);
    const perplexity = () =>
      maskedPerplexity(lm, BLOCKS, { mask: MASK, random: createRandom(9), batchSize: 5 });
    const before = await perplexity();
    const { losses, stopped } = await trainMaskedLm(lm, BLOCKS, {
      epochs: 12,
      batchSize: 4,
      learningRate: 2e-2,
      warmup: 0.1,
      mask: MASK,
      random: createRandom(2),
    });
    const after = await perplexity();
    lm.dispose();
    return { before, losses, stopped, after };
  };
  const first = await run();
  const { before, losses, stopped, after } = first;
  assertEquals(stopped, false);
  assertEquals(losses.length, 12);
  assertClose([before], [TINY_BERT.vocabularySize], 0.2, "a new model guesses among all pieces");
  assert(losses[11]! < 0.75 * losses[0]!, `losses: ${losses}`);
  assert(after < before / 2, `perplexity ${before}, then ${after}`);
  assertEquals(await run(), first);
});

Deno.test("createMaskedLm() gives the same losses on onnx and cpu over 20 training steps, and leaves no tensor", async () => {
  const lossesOf = async (engine: Engine) => {
    const lm = tinyLm(engine, 3);
    const events: ProgressEvent[] = [];
    const onProgress = (event: ProgressEvent) => events.push(event);
    await trainMaskedLm(lm, BLOCKS.slice(0, 4), {
      epochs: 20,
      batchSize: 4,
      learningRate: 1e-3,
      mask: MASK,
      random: createRandom(4),
      onProgress,
    });
    lm.dispose();
    return events.map(({ metrics }) => metrics!.loss!);
  };
  const onnx = await lossesOf(await createEngine("onnx"));
  const cpu = await createEngine("cpu");
  const nTensors = tf.memory().numTensors;
  const losses = await lossesOf(cpu);
  assertEquals(tf.memory().numTensors, nTensors);
  assertClose(onnx, losses, 1e-4, "losses");
  assertEquals(losses.length, 20);
});

Deno.test("lossAndGradients() of a masked language model gives means over pieces, and the slopes of the loss", async () => {
  const lm = tinyLm(await createEngine("onnx"), 5);
  const random = createRandom(5);
  for (const { data } of Object.values(lm.parameters)) {
    for (let i = 0; i < data.length; i++) data[i]! += 0.2 * random.normal();
  }
  const masked = BLOCKS.slice(0, 6).map((ids, b) =>
    maskPieces(ids.subarray(0, 10 - b), { ...MASK, random, probability: 0.5 })
  ).filter(({ positions }) => positions.length > 0);
  assert(masked.length > 2);
  const weighted = async (sequences: typeof masked): Promise<Weighted> => ({
    nRows: sequences.reduce((sum, { positions }) => sum + positions.length, 0),
    ...structuredClone(await lm.lossAndGradients(sequences)),
  });
  const batch = await weighted(masked);
  const alone: Weighted[] = [];
  for (const sequence of masked) alone.push(await weighted([sequence]));
  assertMeans(batch, alone);
  assertClose([await lm.loss(masked)], [batch.loss], 1e-5, "loss()");
  assertEquals(Object.keys(batch.gradients).sort(), Object.keys(lm.parameters).sort());
  await assertSlopes(lm.parameters, batch.gradients, () => lm.loss(masked));
  lm.dispose();
});

Deno.test("trainMaskedLm() stops at a signal after the batch that runs", async () => {
  const lm = tinyLm(await createEngine("onnx"), 6);
  const controller = new AbortController();
  const events: ProgressEvent[] = [];
  const { losses, stopped } = await trainMaskedLm(lm, BLOCKS, {
    epochs: 5,
    batchSize: 4,
    learningRate: 5e-5,
    mask: MASK,
    random: createRandom(6),
    stage: "dapt",
    signal: controller.signal,
    onProgress(event) {
      events.push(event);
      if (event.done === 5) controller.abort();
    },
  });
  assertEquals({ epochs: losses.length, stopped }, { epochs: 1, stopped: true });
  const seen = events.map(({ stage, done, total, epoch, epochs }) => ({ stage, done, total, epoch, epochs }));
  assertEquals(
    seen,
    [1, 2, 3, 4, 5].map((done) => ({ stage: "dapt", done, total: 15, epoch: done > 3 ? 2 : 1, epochs: 5 })),
  );
  lm.dispose();
});

Deno.test("trainMaskedLm() clips gradients and lets the learning rate rise, then fall to 0, linearly", async () => {
  const p = Float32Array.of(0, 0);
  const gradient = Float32Array.of(0, 0);
  const values: number[] = [];
  const lm: MaskedLm = {
    parameters: { p: { shape: [2], data: p } },
    lossAndGradients() {
      values.push(p[0]!);
      gradient.set([-30, -40]);
      return Promise.resolve({ loss: 1, gradients: { p: { shape: [2], data: gradient } } });
    },
    loss: () => Promise.reject(new Error("not asked for")),
    dispose() {},
  };
  await trainMaskedLm(lm, BLOCKS, {
    epochs: 2,
    batchSize: 3,
    learningRate: 1,
    warmup: 0.5,
    clipNorm: 0.5,
    mask: MASK,
    random: createRandom(8),
  });
  assertClose(gradient, [-0.3, -0.4], 1e-5, "clipped gradient");
  // With a constant gradient, each step of Adam adds the learning rate of the step.
  const rates = [...values.slice(1), p[0]!].map((value, i) => value - values[i]!);
  assertClose(rates, [0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25], 1e-4, "learning rates");
});

Deno.test("trainMaskedLm() throws when the text fills no block", async () => {
  const lm = tinyLm(await createEngine("onnx"), 7);
  await assertRejects(
    () =>
      trainMaskedLm(lm, [], {
        epochs: 1,
        batchSize: 1,
        learningRate: 1,
        mask: MASK,
        random: createRandom(7),
      }),
    Error,
    "the text fills no block",
  );
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom, type Random } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { defaultsOf } from "../../../model/settings/defaults.ts";
import { TRAIN } from "../../../model/settings/training_keys.ts";
import { createSystem } from "../../../model/systems/create_system.ts";
import { NotFiniteError } from "../../../model/training/not_finite_error.ts";
import type { ProgressEvent } from "../../../model/training/progress.ts";
import type { System, TaggedSentence } from "../../../model/training/system.ts";
import { train, type TrainOptions } from "../../../model/training/train.ts";
import type { TrainingState } from "../../../model/training/training_state.ts";
import { OverflowError } from "../../../model/weights/finite.ts";
import { assertClose } from "../../close.ts";
import { TINY_TAGS, tinyModel, tinySentences } from "../tiny.ts";

/** Five sentences that differ in their one piece. */
const SENTENCES: TaggedSentence[] = [0, 1, 2, 3, 4].map((id) => ({
  ids: [id],
  firstPieces: [0],
  tagIds: [0],
}));

/** A system of one parameter that counts its steps, with a loss for each. */
function countingSystem(lossOf: (step: number) => number = () => 1) {
  const batches: number[][] = [];
  const draws: number[] = [];
  const system: System = {
    tags: TINY_TAGS,
    parameters: { p: { shape: [1], data: Float32Array.of(0) } },
    lossAndGradients(sentences, random?: Random) {
      batches.push(sentences.map(({ ids }) => ids[0]!));
      if (random) draws.push(random.uint32());
      return Promise.resolve({
        loss: lossOf(batches.length),
        gradients: { p: { shape: [1], data: Float32Array.of(-1) } },
      });
    },
    predict: () => Promise.reject(new Error("not asked for")),
    dispose() {},
  };
  return { system, batches, draws, p: () => Math.round(system.parameters.p!.data[0]!) };
}

/** With a constant gradient, each step of Adam at rate 1 adds 1 to the parameter: it is the number of steps. */
const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  learningRate: 1,
  batchSize: 2,
  random: createRandom(5),
  ...more,
});

const scripted = (scores: number[]) => () => Promise.resolve(scores.shift()!);

Deno.test("train() leaves the system with the parameters of its best epoch on dev, the first of equals", async () => {
  const { system, p, batches } = countingSystem();
  const record = await train(system, SENTENCES, options({ epochs: 4, evaluate: scripted([1, 7, 7, 3]) }));
  assertEquals(batches.length, 12); // three batches an epoch
  assertEquals(p(), 6);
  assertEquals(record.bestEpoch, 2);
  assertEquals(record.stoppedBy, "epochs");
  assertEquals(record.epochs.map(({ devF1 }) => devF1), [1, 7, 7, 3]);
});

Deno.test("train() stops after as many epochs without a better score as patience says", async () => {
  const { system, p } = countingSystem();
  const scores = [1, 2, 2, 3, 0, 3, 9];
  const record = await train(
    system,
    SENTENCES,
    options({ epochs: 9, patience: 2, evaluate: scripted(scores) }),
  );
  assertEquals(record.stoppedBy, "patience");
  assertEquals(record.epochs.length, 6);
  assertEquals(record.bestEpoch, 4);
  assertEquals(p(), 12);
  assertEquals(scores, [9]);
});

Deno.test("train() runs all epochs and keeps the best when patience is null or 0", async () => {
  for (const patience of [null, 0]) {
    const { system, p } = countingSystem();
    const scores = [3, 9, 1, 1, 1, 1];
    const record = await train(
      system,
      SENTENCES,
      options({ epochs: 6, patience, evaluate: scripted(scores) }),
    );
    assertEquals([record.stoppedBy, record.epochs.length, record.bestEpoch, p()], ["epochs", 6, 2, 6]);
  }
});

Deno.test("train() has the defaults of an experiment's train when nothing is set", async () => {
  const { epochs, patience, batchSize } = defaultsOf(TRAIN);
  assert(batchSize > SENTENCES.length);
  const scored = countingSystem();
  const evaluate = scripted(Array.from({ length: epochs }, (_, i) => i === 0 ? 1 : 0));
  const random = createRandom(5);
  const { stoppedBy, epochs: records } = await train(scored.system, SENTENCES, { random, evaluate });
  assertEquals([stoppedBy, records.length, scored.batches.length], [
    "patience",
    1 + patience!,
    1 + patience!,
  ]);
  const unscored = await train(countingSystem().system, SENTENCES, { random });
  assertEquals([unscored.stoppedBy, unscored.epochs.length], ["epochs", epochs]);
});

Deno.test("train() keeps the last epoch when there is no dev score", async () => {
  const { system, p } = countingSystem((step) => step);
  const record = await train(system, SENTENCES, options({ epochs: 2, patience: 1 }));
  assertEquals(p(), 6);
  assertEquals(record, {
    epochs: [{ epoch: 1, loss: 2 }, { epoch: 2, loss: 5 }],
    bestEpoch: 2,
    stoppedBy: "epochs",
  });
});

Deno.test("train() keeps the last epoch instead of the best when it is told to, and counts patience as ever", async () => {
  const { system, p } = countingSystem();
  const evaluate = scripted([1, 7, 7, 3, 9]);
  const record = await train(system, SENTENCES, options({ epochs: 5, patience: 2, keep: "last", evaluate }));
  assertEquals([p(), record.bestEpoch, record.epochs.length, record.stoppedBy], [12, 4, 4, "patience"]);
});

Deno.test("train() stops at a signal after the batch that runs and keeps the best epoch", async () => {
  const controller = new AbortController();
  const { system, p, batches } = countingSystem();
  const record = await train(
    system,
    SENTENCES,
    options({
      epochs: 9,
      evaluate: scripted([2, 1]),
      signal: controller.signal,
      onProgress: ({ epoch, done }) => epoch === 3 && done === 9 && controller.abort(),
    }),
  );
  assertEquals(record.stoppedBy, "signal");
  assertEquals(batches.length, 7);
  assertEquals(record.epochs.length, 2);
  assertEquals(record.bestEpoch, 1);
  assertEquals(p(), 3);
});

Deno.test("train() takes no step when the signal came before", async () => {
  const { system, p } = countingSystem();
  const record = await train(
    system,
    SENTENCES,
    options({ evaluate: scripted([]), signal: AbortSignal.abort() }),
  );
  assertEquals(p(), 0);
  assertEquals(record, { epochs: [], bestEpoch: 0, stoppedBy: "signal" });
});

Deno.test("train() throws when a loss is not finite", async () => {
  for (const bad of [NaN, Infinity]) {
    const { system, batches } = countingSystem((step) => (step === 5 ? bad : 1));
    const error = await assertRejects(
      () => train(system, SENTENCES, options({ epochs: 3 })),
      NotFiniteError,
      `Cannot go on training at epoch 2, batch 2: the loss is ${bad}`,
    );
    assertEquals(error.members.map((i) => SENTENCES[i]!.ids[0]), batches.at(-1));
  }
});

Deno.test("train() clips gradients only where it is told to, and does not go on from a norm that is not finite", async () => {
  const parametersAfter = async (slopes: number[], clip: { clipNorm?: number | null } = {}) => {
    const { system } = countingSystem();
    system.lossAndGradients = () =>
      Promise.resolve({ loss: 1, gradients: { p: { shape: [1], data: Float32Array.of(slopes.shift()!) } } });
    await train(system, SENTENCES, options({ epochs: 1, ...clip }));
    return system.parameters.p!.data[0]!;
  };
  const clipped = await parametersAfter([1, 100, 3], { clipNorm: 2 });
  const same = await parametersAfter([1, 2, 2], { clipNorm: 2 });
  assert(Math.abs(clipped - same) < 1e-5);
  const free = await parametersAfter([1, 100, 3]);
  assert(Math.abs(clipped - free) > 0.1);
  assertEquals(await parametersAfter([1, 100, 3], { clipNorm: null }), free);
  assertEquals(await parametersAfter([1, 100, 3], { clipNorm: 1e6 }), free);
  await assertRejects(
    () => parametersAfter([1, Infinity, 3], { clipNorm: 2 }),
    NotFiniteError,
    "the norm of the gradients is Infinity",
  );
});

Deno.test("train() hands over no state whose parameters are not finite", async () => {
  const { system } = countingSystem();
  system.lossAndGradients = () =>
    Promise.resolve({ loss: 1, gradients: { p: { shape: [1], data: Float32Array.of(NaN) } } });
  const save = async (state: () => Promise<TrainingState>) => void await state();
  await assertRejects(
    () => train(system, SENTENCES, options({ epochs: 1, checkpoint: { save } })),
    Error,
    'Cannot go on training: "p" has values that are not finite',
  );
});

Deno.test("train() neither scores dev nor ends with parameters that the last step has spoilt", async () => {
  const { system } = countingSystem();
  const gradients = { p: { shape: [1], data: Float32Array.of(0) } };
  let steps = 0;
  system.lossAndGradients = () => {
    gradients.p.data[0] = ++steps === 3 ? NaN : 1;
    return Promise.resolve({ loss: 1, gradients });
  };
  let scored = 0;
  const evaluate = () => Promise.resolve(++scored);
  const error = await assertRejects(
    () => train(system, SENTENCES, options({ epochs: 1, batchSize: 2, evaluate })),
    NotFiniteError,
    '"p" has values that are not finite',
  );
  assertEquals([error.at, scored], [{ epoch: 1, batch: 3 }, 0]);
});

Deno.test("train() says which step has made a network overflow on dev", async () => {
  const { system } = countingSystem();
  const evaluate = () => Promise.reject(new OverflowError("the scores of tags must be finite"));
  const error = await assertRejects(
    () => train(system, SENTENCES, options({ epochs: 1, evaluate })),
    NotFiniteError,
    "Cannot go on training at epoch 1, batch 3: dev cannot be scored, the scores of tags must be finite",
  );
  assertEquals(error.members.length, 1);
});

Deno.test("train() names the batch of which a network's numbers overflow", async () => {
  const engine = await createEngine("onnx");
  const model = tinyModel("lstm-crf", 1);
  model.parameters["bilstm.weight_ih_l0"]!.data.fill(3e38);
  const system = createSystem(engine, model);
  const random = createRandom(1);
  const error = await assertRejects(
    () => train(system, tinySentences(random, 4), { epochs: 1, random }),
    NotFiniteError,
    "Cannot go on training at epoch 1, batch 1: the gates of bilstm, layer 0 must be finite",
  );
  assertEquals(error.members.toSorted(), [0, 1, 2, 3]);
  system.dispose();
});

Deno.test("train() throws when there is no sentence", async () => {
  await assertRejects(() => train(countingSystem().system, [], options()), Error, "no training sentences");
});

Deno.test("train() sees every sentence once an epoch, in an order that the seed decides", async () => {
  const run = async (seed: number) => {
    const { system, batches, draws } = countingSystem();
    await train(system, SENTENCES, options({ epochs: 3, random: createRandom(seed) }));
    return { batches, draws };
  };
  const { batches, draws } = await run(5);
  const orders = [0, 3, 6].map((start) => batches.slice(start, start + 3).flat());
  for (const order of orders) assertEquals([...order].sort(), [0, 1, 2, 3, 4]);
  assert(orders[0]!.join() !== orders[1]!.join(), "shuffled anew each epoch");
  assertEquals(draws.length, 9);
  assertEquals(new Set(draws).size, 9);
  assertEquals(await run(5), { batches, draws });
  assert((await run(6)).batches.join() !== batches.join());
});

Deno.test("train() tells its progress after every batch and every scoring", async () => {
  const events: ProgressEvent[] = [];
  const { system } = countingSystem((step) => step);
  await train(
    system,
    SENTENCES,
    options({ epochs: 2, stage: "fine-tune", evaluate: scripted([4, 3]), onProgress: (e) => events.push(e) }),
  );
  assert(events.every(({ stage, total, epochs }) => stage === "fine-tune" && total === 8 && epochs === 2));
  const seen: unknown[] = events.map(({ epoch, done, metrics }) => ({ epoch, done, ...metrics }));
  assertEquals(seen, [
    { epoch: 1, done: 1, loss: 1 },
    { epoch: 1, done: 2, loss: 1.5 },
    { epoch: 1, done: 3, loss: 2 },
    { epoch: 1, done: 4, loss: 2, devF1: 4, best: 4 },
    { epoch: 2, done: 5, loss: 4 },
    { epoch: 2, done: 6, loss: 4.5 },
    { epoch: 2, done: 7, loss: 5 },
    { epoch: 2, done: 8, loss: 5, devF1: 3, best: 4 },
  ]);
});

Deno.test("train() scores and keeps the average of the weights, and trains on with the weights themselves", async () => {
  // Each step adds 1 to the parameter, three in an epoch: the epochs end with 3, 6, 9 and 12.
  const run = async (average: TrainOptions["average"] & object, more: Partial<TrainOptions> = {}) => {
    const { system } = countingSystem();
    const value = () => system.parameters.p!.data[0]!;
    const scored: number[] = [];
    const evaluate = () => Promise.resolve(scored.push(value()));
    const { bestEpoch } = await train(system, SENTENCES, options({ epochs: 4, average, evaluate, ...more }));
    return { scored, bestEpoch, kept: value() };
  };
  const swa = await run({ decay: null, from: 2 });
  assertClose(swa.scored, [3, 6, 7.5, 9], 1e-4, "SWA from the second epoch");
  assertEquals([swa.bestEpoch, swa.kept], [4, swa.scored[3]]);
  const ema = await run({ decay: 0.5, from: 1 });
  // 1, 1.5, 2.25, …: the steps' numbers less 1, but for what remains of the first.
  assertClose(ema.scored, [3, 6, 9, 12].map((n) => n - 1 + 2 ** (1 - n)), 1e-4, "EMA");
  const last = await run({ decay: null, from: 1 }, { keep: "last", evaluate: undefined });
  assertClose([last.kept], [7.5], 1e-4, "SWA without dev");
  assertClose([(await run({ decay: null, from: 5 })).kept], [12], 1e-4, "an average that never began");
});

Deno.test("train() takes the rate of each step from the schedule over the steps of all epochs", async () => {
  const { system } = countingSystem();
  const course: number[] = [];
  const onProgress = () => void course.push(system.parameters.p!.data[0]!);
  const sgd = { decay: null, weightDecay: null, patience: null };
  const more = { epochs: 2, sgd, onProgress };
  await train(system, SENTENCES, options({ ...more, schedule: "linear", warmup: 1 / 3 }));
  // Six steps, of which two are warm-up: rates 0, 1/2, 1, 3/4, 1/2, 1/4.
  assertClose(course, [0, 0.5, 1.5, 2.25, 2.75, 3], 1e-6, "sums of rates");
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { initialBert } from "../../model/bert/bert_init.ts";
import { encoderShapes, mlmHeadShapes } from "../../model/bert/bert_shapes.ts";
import { createMaskedLm } from "../../model/bert/masked_lm.ts";
import { trainMaskedLm } from "../../model/bert/train_masked_lm.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Engine } from "../../model/engine/engine.ts";
import { mixedEngine } from "../../model/engine/mixed_precision.ts";
import { matrixShape } from "../../model/engine/nd_array.ts";
import { createLossScaler, type LossScalerState } from "../../model/training/loss_scaler.ts";
import { train, type TrainOptions } from "../../model/training/train.ts";
import type { TrainingState } from "../../model/training/training_state.ts";
import { copyParameters, type Parameters } from "../../model/weights/parameters.ts";
import { SYSTEM_NAMES } from "./families.ts";
import { TINY_BERT, tinySentences, tinySystem } from "./tiny.ts";

/** Keeps a copy of every state, as a file would: values go through JSON. */
function keeper(resume: TrainingState | null = null) {
  const states: TrainingState[] = [];
  const save = async (state: () => Promise<TrainingState>) => {
    const { tensors, values } = await state();
    states.push({ tensors: copyParameters(tensors), values: JSON.parse(JSON.stringify(values)) });
  };
  return { states, checkpoint: { resume, save } };
}

function bitsOf(parameters: Parameters): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { data }]) => [name, [...new Uint32Array(data.buffer)]]),
  );
}

/** Trains a new system, scored by made-up numbers that only depend on the epoch. */
async function trainTiny(
  engine: Engine,
  name: typeof SYSTEM_NAMES[number],
  resume: TrainingState | null,
  more: Partial<TrainOptions> = {},
  hasDropout = true,
) {
  const system = tinySystem(engine, name, 3);
  const { lossAndGradients } = system;
  if (!hasDropout) system.lossAndGradients = (sentences) => lossAndGradients(sentences);
  const { states, checkpoint } = keeper(resume);
  const scores = [0.1, 0.4, 0.3, 0.2, 0.4, 0.1];
  let epoch = resume ? (resume.values.records as unknown[]).length : 0;
  const record = await train(system, tinySentences(createRandom(4), 7), {
    epochs: 6,
    patience: 4,
    batchSize: 3,
    learningRate: 1e-2,
    random: createRandom(5).fork("train"),
    evaluate: () => Promise.resolve(scores[epoch++]!),
    checkpoint,
    ...more,
  });
  const bits = bitsOf(system.parameters);
  system.dispose();
  return { record, bits, states };
}

for (const name of SYSTEM_NAMES) {
  Deno.test(`train() of ${name} goes on from any step to the same bits, with dropout`, async () => {
    for (const engineName of ["onnx", "cpu", "onnx-ffi"] as const) {
      const engine = await createEngine(engineName);
      const random = createRandom(7).fork(`${name} ${engineName}`);
      const whole = await trainTiny(engine, name, null);
      // Best at the second epoch of six: the kept parameters and the patience have to come along.
      assertEquals([whole.record.bestEpoch, whole.record.epochs.length], [2, 6]);
      // Three batches and the score on dev in each epoch.
      assertEquals(whole.states.length, 6 * 4);
      for (const state of random.shuffle([...whole.states]).slice(0, 6)) {
        const { record, bits, states } = await trainTiny(engine, name, state);
        assertEquals(record, whole.record);
        assertEquals(bits, whole.bits);
        // Everything: optimiser, generators, best epoch, losses.
        const [last, wholeLast] = [states.at(-1)!, whole.states.at(-1)!];
        assertEquals(last.values, wholeLast.values);
        assertEquals(bitsOf(last.tensors), bitsOf(wholeLast.tensors));
      }
    }
  });
}

/** Settings of how steps are made, and which model is kept of them. */
const STEPS: readonly Partial<TrainOptions>[] = [
  { schedule: "cosine", warmup: 0.2, weightDecay: 0.1, headRate: 5, layerDecay: 0.5 },
  { average: { decay: null, from: 2 }, schedule: "linear", keep: "last" },
  { average: { decay: 0.9, from: 1 }, accumulate: 2, weightDecay: 0.1 },
  { average: { decay: 0.9, from: 2 }, accumulate: 2, sgd: { decay: 0.1, weightDecay: 0.1, patience: null } },
  { accumulate: 2, keep: "last", patience: 3, rDrop: 0.5 },
];

for (const engineName of ["onnx", "onnx-ffi"] as const) {
  Deno.test(`${engineName}: train() with schedules, rates, averages and accumulation goes on from any step to the same bits`, async () => {
    const engine = await createEngine(engineName);
    const isOfEncoder = (name: string) => name.startsWith("encoder.");
    for (const steps of STEPS) {
      const more = { isOfEncoder, ...steps };
      const whole = await trainTiny(engine, "bert-tagger", null, more);
      for (const state of createRandom(7).shuffle([...whole.states]).slice(0, 5)) {
        const { record, bits, states } = await trainTiny(engine, "bert-tagger", state, more);
        assertEquals([record, bits], [whole.record, whole.bits]);
        assertEquals(bitsOf(states.at(-1)!.tensors), bitsOf(whole.states.at(-1)!.tensors));
      }
    }
  });
}

Deno.test("train() goes on from checkpoints of engines that hold arrays, and of others", async () => {
  const [plain, held] = await Promise.all([createEngine("onnx"), createEngine("onnx-ffi")]);
  const cases = [["bert-tagger", {}], ["bert-tagger", STEPS[3]], ["laner", STEPS[1]], [
    "bert-crf",
    STEPS[2],
  ]] as const;
  for (const [name, settings] of cases) {
    const steps = { ...settings, learningRate: 1e-3 };
    // Masks are drawn otherwise where the engine holds them.
    const whole = await trainTiny(plain, name, null, steps, false);
    const other = await trainTiny(held, name, null, steps, false);
    assertClosest(other.bits, whole.bits, `${name} on ${held.name}`);
    const there = await trainTiny(held, name, whole.states[9]!, steps, false);
    assertClosest(there.bits, whole.bits, `${name} from ${plain.name}`);
    const back = await trainTiny(plain, name, other.states[9]!, steps, false);
    assertClosest(back.bits, whole.bits, `${name} from ${held.name}`);
  }
});

/**
 * Compares parameters of trainings whose arithmetic differs in last bits: by their mean difference, as Adam makes whole
 * steps of gradients that are nothing but rounding.
 */
function assertClosest(actual: Record<string, number[]>, expected: Record<string, number[]>, what: string) {
  const values = (bits: number[]) => new Float32Array(Uint32Array.from(bits).buffer);
  for (const [name, bits] of Object.entries(expected)) {
    // Its gradient is 0 but for rounding.
    if (name.endsWith("key.bias")) continue;
    const [ours, theirs] = [values(actual[name]!), values(bits)];
    const mean = ours.reduce((sum, value, i) => sum + Math.abs(value - theirs[i]!), 0) / ours.length;
    assert(mean < 1e-4, `${name} of ${what}: the mean difference is ${mean}`);
  }
}

Deno.test("train() in float16 goes on from any step to the same bits, while the scale of its loss falls and rises", async () => {
  const plain = await createEngine("onnx-ffi");
  const run = (resume: TrainingState | null) => {
    const lossScaler = createLossScaler({ scale: 2 ** 28, growthInterval: 5 });
    const engine = mixedEngine(plain, { precision: "float16", lossScale: lossScaler });
    return trainTiny(engine, "laner", resume, { lossScaler });
  };
  const whole = await run(null);
  const scales = whole.states.map(({ values }) => (values.lossScaler as LossScalerState).scale);
  const changes = scales.slice(1).map((scale, i) => Math.sign(scale - scales[i]!));
  assert(changes.includes(-1) && changes.includes(0) && changes.includes(1), `${scales}`);
  for (const [i, state] of whole.states.entries()) {
    // One after a step that was passed over, one after a change upwards, and some others.
    if (i % 5 !== 0 && changes[i - 1] !== 1) continue;
    const { record, bits, states } = await run(state);
    assertEquals([record, bits], [whole.record, whole.bits]);
    assertEquals(states.at(-1)!.values, whole.states.at(-1)!.values);
  }
  const { lossScaler: _, ...values } = whole.states[0]!.values;
  await assertRejects(
    () => run({ ...whole.states[0]!, values }),
    Error,
    'Cannot go on training from "lossScaler" of the saved state',
  );
});

Deno.test("train() without a dev score goes on to the same bits", async () => {
  const engine = await createEngine("onnx");
  const run = async (resume: TrainingState | null) => {
    const system = tinySystem(engine, "laner", 3);
    const { states, checkpoint } = keeper(resume);
    const options = { epochs: 3, batchSize: 4, learningRate: 1e-2, random: createRandom(6), checkpoint };
    const record = await train(system, tinySentences(createRandom(4), 9), options);
    system.dispose();
    return { record, bits: bitsOf(system.parameters), states };
  };
  const whole = await run(null);
  assertEquals(whole.states.length, 3 * 4);
  for (const state of whole.states) {
    const { record, bits } = await run(state);
    assertEquals([record, bits], [whole.record, whole.bits]);
  }
});

Deno.test("train() that is stopped while it scores dev keeps a state from before, and goes on to the same bits", async () => {
  const engine = await createEngine("onnx");
  const run = async (resume: TrainingState | null, stopAt: number | null) => {
    const system = tinySystem(engine, "laner", 3);
    const { states, checkpoint } = keeper(resume);
    const controller = new AbortController();
    let epoch = resume ? (resume.values.records as unknown[]).length : 0;
    const record = await train(system, tinySentences(createRandom(4), 7), {
      epochs: 3,
      batchSize: 3,
      learningRate: 1e-2,
      random: createRandom(5).fork("train"),
      signal: controller.signal,
      evaluate: () => {
        if (epoch === stopAt) controller.abort(new Error("stop"));
        return controller.signal.aborted
          ? Promise.reject(controller.signal.reason)
          : Promise.resolve([0.3, 0.1, 0.2][epoch++]!);
      },
      checkpoint,
    });
    const bits = bitsOf(system.parameters);
    system.dispose();
    return { record, bits, states };
  };
  const whole = await run(null, null);
  const stopped = await run(null, 1);
  assertEquals([stopped.record.stoppedBy, stopped.record.epochs.length], ["signal", 1]);
  const { record, bits } = await run(stopped.states.at(-1)!, null);
  assertEquals([record, bits], [whole.record, whole.bits]);
});

Deno.test("a state holds moments of the rows that were used alone", async () => {
  const engine = await createEngine("onnx");
  const first = (await trainTiny(engine, "bert-tagger", null)).states[1]!;
  const table = "embeddings.word_embeddings.weight";
  const { rows } = first.values.optimizer as { rows: Record<string, number[]> };
  const [n, width] = matrixShape(first.tensors[`optimizer/m/${table}`]!);
  assertEquals([n, width], [rows[table]!.length, TINY_BERT.hiddenWidth]);
  assert(n < TINY_BERT.vocabularySize);
});

Deno.test("trainMaskedLm() goes on from any step to the same bits, with dropout", async () => {
  const mask = { maskId: 4, vocabularySize: TINY_BERT.vocabularySize, specialIds: [0, 2, 3] };
  const blocks = Array.from(
    { length: 7 },
    (_, b) => Int32Array.from([2, ...Array.from({ length: 8 }, (_, i) => 5 + (b + i) % 6), 3]),
  );
  for (const engineName of ["onnx", "cpu"] as const) {
    const engine = await createEngine(engineName);
    const run = async (resume: TrainingState | null) => {
      const parameters = initialBert(
        { ...encoderShapes(TINY_BERT), ...mlmHeadShapes(TINY_BERT) },
        createRandom(1),
      );
      const lm = createMaskedLm(engine, TINY_BERT, parameters);
      const { states, checkpoint } = keeper(resume);
      const { losses } = await trainMaskedLm(lm, blocks, {
        epochs: 4,
        batchSize: 3,
        learningRate: 1e-2,
        warmup: 0.4,
        mask,
        random: createRandom(2),
        checkpoint,
      });
      lm.dispose();
      return { losses, bits: bitsOf(parameters), states };
    };
    const whole = await run(null);
    assertEquals(whole.states.length, 4 * 3);
    for (const state of whole.states) {
      const { losses, bits } = await run(state);
      assertEquals([losses, bits], [whole.losses, whole.bits]);
    }
  }
});

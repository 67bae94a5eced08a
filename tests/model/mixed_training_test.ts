/**
 * Trainings in mixed precision beside those in float32. TEST_ENGINES names the engines, such as "webgpu", if not the one
 * that runs everywhere.
 */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Engine } from "../../model/engine/engine.ts";
import { mixedEngine } from "../../model/engine/mixed_precision.ts";
import { readArrays } from "../../model/engine/read_arrays.ts";
import type { Precision } from "../../model/engine/precision.ts";
import { checkPrecision } from "../../model/systems/check_precision.ts";
import { type SystemName, SYSTEMS } from "../../model/systems/systems.ts";
import { createLossScaler, type LossScaler } from "../../model/training/loss_scaler.ts";
import { train } from "../../model/training/train.ts";
import { copyParameters } from "../../model/weights/parameters.ts";
import { testedEngines } from "../tested_engines.ts";
import { SYSTEM_NAMES } from "./families.ts";
import { tinySentences, tinySystem } from "./tiny.ts";

/** Trains a tiny system for 40 epochs of 5 batches, with dropout, and returns the loss of each batch. */
async function lossesOf(
  engine: Engine,
  name: SystemName,
  precision: Precision | null,
  lossScaler?: LossScaler,
): Promise<number[]> {
  const mixed = precision ? mixedEngine(engine, { precision, lossScale: lossScaler }) : engine;
  const system = tinySystem(mixed, name, 3);
  const losses: number[] = [];
  const { lossAndGradients } = system;
  await train(
    {
      ...system,
      async lossAndGradients(sentences, random) {
        const found = await lossAndGradients(sentences, random);
        losses.push(found.loss);
        return found;
      },
    },
    tinySentences(createRandom(4), 40),
    { epochs: 40, batchSize: 8, learningRate: 1e-3, random: createRandom(5), lossScaler },
  );
  system.dispose();
  return losses;
}

/** The greatest difference of a loss from float32's that docs/engines.md promises. */
const BOUNDS: Record<Precision, number> = { bfloat16: 0.02, float16: 0.004 };

for (const engineName of testedEngines(["onnx-ffi"])) {
  Deno.test(`train() of a tiny tagger has the losses of float32 over 200 steps on ${engineName}, within bounds`, async () => {
    const engine = await createEngine(engineName, { nThreads: 1 });
    const expected = await lossesOf(engine, "bert-tagger", null);
    assertEquals(expected.length, 200);
    assert(expected.at(-1)! < 0.75 * expected[0]!, "nothing was learned");
    for (const precision of engine.precisions ?? []) {
      const lossScaler = precision === "float16" ? createLossScaler() : undefined;
      const losses = await lossesOf(engine, "bert-tagger", precision, lossScaler);
      const differences = losses.map((loss, i) => Math.abs(loss - expected[i]!));
      const greatest = Math.max(...differences);
      assert(greatest <= BOUNDS[precision], `${precision}: ${greatest}`);
      assert(greatest > 0, `${precision}: nothing was rounded`);
      if (lossScaler) assertEquals(lossScaler.state(), { scale: 65536, nFinite: 200 });
    }
  });
}

Deno.test("lossAndGradients() of each system that can is near float32's in mixed precision", async () => {
  const engine = await createEngine("onnx-ffi");
  const sentences = tinySentences(createRandom(4), 6);
  for (const name of SYSTEM_NAMES.filter((name) => SYSTEMS[name].can.mixedPrecision)) {
    const run = async (engine: Engine) => {
      const system = tinySystem(engine, name, 3);
      await system.prepare?.(sentences);
      const { loss, gradients } = await system.lossAndGradients(sentences, createRandom(5));
      // Rows of a table are an array, too.
      const found = { loss, gradients: copyParameters(await readArrays(engine, gradients)) };
      system.dispose();
      return found;
    };
    const plain = await run(engine);
    const largest = Math.max(
      ...Object.values(plain.gradients).flatMap(({ data }) => [...data].map(Math.abs)),
    );
    for (const [precision, tolerance] of [["bfloat16", 0.05], ["float16", 0.01]] as const) {
      const mixed = await run(mixedEngine(engine, { precision, lossScale: { scale: 2 ** 10 } }));
      assert(Math.abs(mixed.loss / plain.loss - 1) < tolerance, `${name}: ${mixed.loss}, not ${plain.loss}`);
      for (const [parameter, { data }] of Object.entries(mixed.gradients)) {
        const expected = plain.gradients[parameter]!.data;
        const error = Math.max(...data.map((value, i) => Math.abs(value - expected[i]!))) / largest;
        assert(error < tolerance, `${precision} ${name}: ${parameter} is off by ${error}`);
      }
    }
  }
});

Deno.test("a system can train in mixed precision if it compiles its training steps so, and predicts in float32", async () => {
  const plain = await createEngine("onnx-ffi");
  const sentences = tinySentences(createRandom(4), 3);
  for (const name of SYSTEM_NAMES) {
    const precisions = new Map<string, Precision | undefined>();
    const noting: Engine = {
      ...plain,
      compile(label, fn, axes, options = {}) {
        const compiled = plain.compile(label, fn, axes, options);
        return {
          ...compiled,
          run(inputs, buffers) {
            precisions.set(label, options.precision);
            return compiled.run(inputs, buffers);
          },
        };
      },
    };
    const system = tinySystem(mixedEngine(noting, { precision: "bfloat16" }), name, 3);
    await system.prepare?.(sentences);
    await system.predict(sentences);
    assertEquals([...precisions.values()].filter((one) => one !== undefined), [], `${name} predicts`);
    await system.lossAndGradients(sentences, createRandom(5));
    assertEquals([...precisions.values()].includes("bfloat16"), SYSTEMS[name].can.mixedPrecision, name);
    system.dispose();
  }
});

Deno.test("train() passes over steps until the scale of the loss fits, and learns from then on", async () => {
  const engine = await createEngine("onnx-ffi");
  const high = createLossScaler({ scale: 2 ** 40 });
  const losses = await lossesOf(engine, "bert-tagger", "float16", high);
  const nSkipped = Math.log2(2 ** 40 / high.scale);
  assert(nSkipped > 5 && nSkipped < 40, `${nSkipped}`);
  const { scale, nFinite } = high.state();
  assert(nFinite < 200 - 5, "a step that was passed over is counted");
  // Every loss is finite, and what is learned is learned.
  assert(losses.every(Number.isFinite));
  assert(losses.at(-1)! < 0.75 * losses[0]!);
  assert(scale > 2 ** 8);
});

Deno.test("checkPrecision() names the key, and the systems and engines that can", async () => {
  const engine = await createEngine("onnx");
  const cases: [system: string, rule: string][] = [
    [
      "lstm-crf",
      "must be null for lstm-crf, as only bert-tagger, laner, laner-plus, laner-without-label-context, " +
      "laner-without-label-background, bartner can train in mixed precision",
    ],
    [
      "laner",
      `must be null on the engine onnx (${engine.version}): ` +
      "the engines that have float16 are cuda, and webgpu on a GPU with shader-f16",
    ],
  ];
  for (const [system, rule] of cases) {
    const { message } = assertThrows(
      () => checkPrecision("train.precision", "float16", system, engine),
      Error,
    );
    assertEquals(message, `Cannot use "train.precision": ${rule}, current value is "float16"`);
    checkPrecision("train.precision", null, system, engine);
  }
});

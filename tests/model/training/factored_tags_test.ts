import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Engine } from "../../../model/engine/engine.ts";
import { createSystem } from "../../../model/systems/create_system.ts";
import { factoredTags } from "../../../model/training/factored_tags.ts";
import { train, type TrainOptions } from "../../../model/training/train.ts";
import type { TrainingState } from "../../../model/training/training_state.ts";
import { copyParameters, type Parameters } from "../../../model/weights/parameters.ts";
import { assertClose } from "../../close.ts";
import { valuesOf } from "../gradient_checks.ts";
import { HELD_ENGINES } from "../held_engines.ts";
import { TINY_BERT, TINY_TAGS, tinyModel, tinySentences, tinySystem } from "../tiny.ts";

/** The tables of tags of some systems. */
const TABLES = {
  "laner": ["out.weight", "label_embedding.weight"],
  "bert-tagger": ["out.weight"],
  "bert-crf": ["out.weight"],
  "lstm-crf": ["emissions.weight"],
} as const;
const NAMES = Object.keys(TABLES) as (keyof typeof TABLES)[];

function tinyFactored(engine: Engine, name: keyof typeof TABLES) {
  const plain = tinySystem(engine, name, 3);
  return { plain, system: factoredTags(plain, TABLES[name]) };
}

function row({ shape, data }: { shape: number[]; data: Float32Array }, i: number): number[] {
  return [...data.subarray(i * shape[1]!, (i + 1) * shape[1]!)];
}

/** W + P + T of a tag in a table, with those of START, which has a W alone. */
function sumOf(parameters: Parameters, table: string, id: number): number[] {
  const own = row(parameters[table]!, id);
  if (id >= TINY_TAGS.nTags) return own;
  const [prefix, type] = [["O", "B", "I"], ["", "person", "place"]].map((keys, i) => {
    const key = i === 0 ? TINY_TAGS.tagOf(id)[0]! : TINY_TAGS.tagOf(id).slice(2);
    return row(parameters[`${table}.${i === 0 ? "prefix" : "type"}`]!, keys.indexOf(key));
  });
  return own.map((value, i) => Math.fround(Math.fround(value + prefix![i]!) + type![i]!));
}

Deno.test("factoredTags() starts with the same losses and gradients, and sums those of each prefix and type", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(1), 6);
  for (const name of NAMES) {
    const { plain, system } = tinyFactored(engine, name);
    const expected = await plain.lossAndGradients(sentences);
    const copies = Object.entries(expected.gradients).map(([key, one]) => [key, valuesOf(one)] as const);
    const { loss, gradients } = await system.lossAndGradients(sentences);
    assertEquals(loss, expected.loss, name);
    for (const [key, values] of copies) assertEquals(valuesOf(gradients[key]!), values, `${name} ${key}`);
    for (const table of TABLES[name]) {
      const d = { shape: plain.parameters[table]!.shape, data: valuesOf(gradients[table]!) };
      const sums = (ids: number[]) =>
        ids.map((id) => row(d, id)).reduce((sum, values) => sum.map((x, i) => Math.fround(x + values[i]!)));
      const groups = { prefix: [[0], [1, 3], [2, 4]], type: [[0], [1, 2], [3, 4]] };
      for (const [part, ids] of Object.entries(groups)) {
        const values = valuesOf(gradients[`${table}.${part}`]!);
        assertEquals([...values], ids.flatMap(sums), `${name} ${table}.${part}`);
      }
    }
    system.dispose();
  }
});

Deno.test("fold() puts the sums into the parameters of the system, which then predicts the same alone", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(1), 10);
  for (const name of NAMES) {
    const { plain, system } = tinyFactored(engine, name);
    const arrays = Object.values(plain.parameters).map(({ data }) => data);
    await train(system, sentences, { epochs: 3, batchSize: 4, learningRate: 1e-2, random: createRandom(2) });
    const { tagIds } = await system.predict(sentences);
    const { loss } = await system.lossAndGradients(sentences);
    await system.fold();
    for (const table of TABLES[name]) {
      const { shape } = plain.parameters[table]!;
      for (let id = 0; id < shape[0]!; id++) {
        assertEquals(
          row(plain.parameters[table]!, id),
          sumOf(system.parameters, table, id),
          `${name} ${table}`,
        );
      }
      const moved = ["prefix", "type"].every((part) =>
        system.parameters[`${table}.${part}`]!.data.every((value) => value !== 0)
      );
      assert(moved, `${name}: P and T of ${table} must be trained`);
    }
    assertEquals(
      Object.values(plain.parameters).map(({ data }) => data),
      arrays,
      "a model's arrays stay its own",
    );
    assertEquals((await plain.predict(sentences)).tagIds, tagIds);
    assertEquals((await plain.lossAndGradients(sentences)).loss, loss);
    system.dispose();
  }
});

/** Trains with made-up scores, of which the second epoch's is the best. */
async function trained(engine: Engine, name: keyof typeof TABLES, resume: TrainingState | null) {
  const { plain, system } = tinyFactored(engine, name);
  const states: TrainingState[] = [];
  let epoch = resume ? (resume.values.records as unknown[]).length : 0;
  const options: TrainOptions = {
    epochs: 3,
    batchSize: 3,
    learningRate: 1e-2,
    random: createRandom(5),
    evaluate: () => Promise.resolve([0.1, 0.4, 0.3][epoch++]!),
    checkpoint: {
      resume,
      async save(state) {
        const { tensors, values } = await state();
        states.push({ tensors: copyParameters(tensors), values: JSON.parse(JSON.stringify(values)) });
      },
    },
  };
  const record = await train(system, tinySentences(createRandom(4), 7), options);
  await system.fold();
  const parameters = copyParameters(plain.parameters);
  system.dispose();
  return { record, parameters, states };
}

Deno.test("train() of factored tags goes on from any step to the same bits, and keeps the best epoch's sums", async () => {
  const engine = await createEngine("onnx");
  for (const name of NAMES) {
    const whole = await trained(engine, name, null);
    assertEquals(whole.record.bestEpoch, 2);
    for (const state of whole.states) {
      const { record, parameters } = await trained(engine, name, state);
      assertEquals([record, parameters], [whole.record, whole.parameters], name);
    }
  }
});

for (const [engineName, load] of Object.entries(HELD_ENGINES)) {
  Deno.test({
    name: `${engineName}: train() of factored tags learns the sums with an engine that holds them`,
    ignore: load === null,
    async fn() {
      const sentences = tinySentences(createRandom(4), 7);
      const learn = async (engine: Engine, name: "laner" | "bert-crf") => {
        // Engines draw other dropout.
        const config = { ...TINY_BERT, dropout: 0, attentionDropout: 0 };
        const model = { ...tinyModel(name, 3), config };
        const plain = createSystem(engine, model);
        const system = factoredTags(plain, TABLES[name]);
        const options = { epochs: 2, batchSize: 4, learningRate: 1e-3, random: createRandom(5) };
        const { epochs } = await train(system, sentences, { ...options, clipNorm: 1, keep: "last" });
        await system.fold();
        const tables = TABLES[name].map((table) => model.parameters[table]!.data.slice());
        const { tagIds } = await plain.predict(sentences);
        system.dispose();
        return { losses: epochs.map(({ loss }) => loss), tables, tagIds };
      };
      const [held, onHost] = [await load!(), await createEngine("onnx")];
      for (const name of ["laner", "bert-crf"] as const) {
        const [ours, expected] = [await learn(held, name), await learn(onHost, name)];
        assertClose(ours.losses, expected.losses, 1e-3, `${name}: losses`);
        ours.tables.forEach((table, i) => assertClose(table, expected.tables[i]!, 5e-3, `${name}: tables`));
        assertEquals(ours.tagIds, expected.tagIds, name);
      }
    },
  });
}

import { assert, assertEquals } from "@std/assert";
import { packBatch } from "../../../data/batches/batch.ts";
import { createRandom } from "../../../data/random.ts";
import { NO_SHAPE, WORD_SHAPES } from "../../../data/words/word_shapes.ts";
import { initialBert } from "../../../model/bert/bert_init.ts";
import { encoderShapes, mlmHeadShapes } from "../../../model/bert/bert_shapes.ts";
import { createMaskedLm } from "../../../model/bert/masked_lm.ts";
import { maskedPerplexity, trainMaskedLm } from "../../../model/bert/train_masked_lm.ts";
import { SHAPE_TABLE, shapeArrays, withShapeTable, withSomeShapes } from "../../../model/bert/word_shapes.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { createSystem } from "../../../model/systems/create_system.ts";
import { systemOf } from "../../../model/systems/systems.ts";
import { train } from "../../../model/training/train.ts";
import { BERT_SYSTEM_NAMES, type BertSystemName } from "../families.ts";
import { assertGradient, valuesOf } from "../gradient_checks.ts";
import { TINY_BERT, tinyModel, tinySentences, tinyShapeTable } from "../tiny.ts";

const H = TINY_BERT.hiddenWidth;

/** A tiny model with a table, and the same without. */
function tinyPair(name: BertSystemName, table = tinyShapeTable(createRandom(3))) {
  const tiny = tinyModel(name, 1);
  const plain = { ...tiny, parameters: withShapeTable(tiny.parameters, false, H) };
  return { plain, shaped: { ...plain, parameters: { ...plain.parameters, ...table } } };
}

Deno.test("a table of zeros changes no loss and no prediction, a random one does", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(1), 6);
  const without = sentences.map(({ pieceShapes: _, ...rest }) => rest);
  for (const name of BERT_SYSTEM_NAMES) {
    const { plain, shaped: zero } = tinyPair(name, withShapeTable({}, true, H));
    const { shaped } = tinyPair(name);
    const [a, b, c] = [plain, zero, shaped].map((model) => createSystem(engine, model)) as [
      ReturnType<typeof createSystem>,
      ReturnType<typeof createSystem>,
      ReturnType<typeof createSystem>,
    ];
    const { loss } = await a.lossAndGradients(sentences);
    assertEquals((await b.lossAndGradients(sentences)).loss, loss, name);
    assertEquals((await b.predict(sentences)).tagIds, (await a.predict(sentences)).tagIds, name);
    assertEquals((await c.lossAndGradients(without)).loss, loss, `${name} without shapes`);
    const { loss: other } = await c.lossAndGradients(sentences);
    assert(Math.abs(other - loss) > 0.01, `${name}: ${other}`);
    for (const system of [a, b, c]) system.dispose();
  }
});

Deno.test("a shape's gradient is that of all pieces that have it", async () => {
  const engine = await createEngine("onnx");
  // Where the shape follows from the piece, it is the sum of those pieces' rows.
  const shapeOf = (id: number) => (id < 5 ? NO_SHAPE : id % WORD_SHAPES.length);
  const sentences = tinySentences(createRandom(1), 6)
    .map((one) => ({ ...one, pieceShapes: Array.from(one.ids, shapeOf) }));
  for (const name of BERT_SYSTEM_NAMES) {
    const system = createSystem(engine, tinyPair(name).shaped);
    const { gradients } = await system.lossAndGradients(sentences);
    const ofPieces = valuesOf(gradients["embeddings.word_embeddings.weight"]!);
    const expected = new Float32Array(WORD_SHAPES.length * H);
    for (let id = 5; id < TINY_BERT.vocabularySize; id++) {
      for (let i = 0; i < H; i++) expected[shapeOf(id) * H + i]! += ofPieces[id * H + i]!;
    }
    assertGradient(gradients[SHAPE_TABLE], expected, 1e-6, name);
    assert(expected.some((value) => Math.abs(value) > 1e-3), name);
    system.dispose();
  }
});

Deno.test("shapeArrays() marks the shape of each piece, and nothing of pieces without", () => {
  const sentence = { ids: [2, 7, 8, 9, 3], firstPieces: [1, 3], pieceShapes: [NO_SHAPE, 4, 4, 0, NO_SHAPE] };
  const { pieceShapes: _, ...bare } = sentence;
  const batch = packBatch([sentence, bare], 1);
  const { wordShapes } = shapeArrays(tinyShapeTable(createRandom(1)), batch);
  assertEquals(wordShapes!.shape, [10, 9]);
  const marks = [...wordShapes!.data.entries()].filter(([, mark]) => mark !== 0);
  assertEquals(marks, [[1 * 9 + 4, 1], [2 * 9 + 4, 1], [3 * 9, 1]]);
  assertEquals(shapeArrays({}, batch), {});
});

Deno.test("withSomeShapes() leaves shapes out of 30 % of the source's batches, and of no others", () => {
  const table = tinyShapeTable(createRandom(1));
  const some = tinySentences(createRandom(1), 3);
  const ofSource = some.map((one) => ({ ...one, domain: "source" as const }));
  const random = createRandom(2);
  const states = () => JSON.stringify(random.state());
  const n = Array.from({ length: 2000 }, () => withSomeShapes(table, ofSource, random))
    .filter((batch) => batch.every(({ pieceShapes }) => pieceShapes === undefined)).length;
  assert(n > 540 && n < 660, `${n} of 2000`);
  const before = states();
  for (
    const other of [some, [...some, ...ofSource], some.map((one) => ({ ...one, domain: "target" as const }))]
  ) {
    for (let i = 0; i < 20; i++) assertEquals(withSomeShapes(table, other, random), other);
  }
  for (let i = 0; i < 20; i++) {
    assertEquals(withSomeShapes({}, ofSource, random), ofSource);
    assertEquals(withSomeShapes(table, ofSource), ofSource);
  }
  assertEquals(states(), before, "nothing is drawn where nothing is left out");
});

Deno.test("train() changes the table at the rate of the head, on the source as on the target", async () => {
  const engine = await createEngine("onnx");
  for (const domain of ["source", "target"] as const) {
    const sentences = tinySentences(createRandom(1), 8).map((one) => ({ ...one, domain }));
    const changes = [];
    for (const headRate of [1, 5]) {
      const { shaped } = tinyPair("bert-tagger", withShapeTable({}, true, H));
      const system = createSystem(engine, shaped);
      const { isOfMaterial: isOfEncoder } = systemOf("bert-tagger");
      const random = createRandom(4);
      await train(system, sentences, {
        epochs: 1,
        batchSize: 8,
        learningRate: 1e-3,
        headRate,
        isOfEncoder,
        random,
      });
      changes.push(Math.max(...shaped.parameters[SHAPE_TABLE]!.data.map(Math.abs)));
      system.dispose();
    }
    // Adam's first step has the size of the rate.
    assert(Math.abs(changes[0]! - 1e-3) < 1e-5 && Math.abs(changes[1]! - 5e-3) < 5e-5, changes.join());
  }
});

Deno.test("transferred() keeps a source's table, starts one from zero, or takes it away, as the target's settings say", () => {
  const { transferred } = systemOf("laner");
  const { plain, shaped } = tinyPair("laner");
  const settings = (wordShapes: boolean | null) =>
    ({ model: { dropout: 0.1, legalTags: null, wordShapes } }) as unknown as Parameters<
      typeof transferred
    >[1];
  const tableOf = (model: typeof plain, isOn: boolean | null) =>
    transferred(model as unknown as Parameters<typeof transferred>[0], settings(isOn))
      .parameters[SHAPE_TABLE];
  assertEquals(tableOf(shaped, true), shaped.parameters[SHAPE_TABLE]);
  assertEquals(tableOf(plain, true), { shape: [9, H], data: new Float32Array(9 * H) });
  assertEquals([tableOf(shaped, null), tableOf(plain, null)], [undefined, undefined]);
});

Deno.test("trainMaskedLm() learns from shapes what the pieces do not say", async () => {
  const engine = await createEngine("onnx");
  const random = createRandom(1);
  const mask = {
    maskId: 4,
    vocabularySize: TINY_BERT.vocabularySize,
    specialIds: [0, 2, 3],
    probability: 0.3,
  };
  // Pieces in no order; the shape of each tells which of four it is.
  const blocks = Array.from(
    { length: 24 },
    () => Int32Array.from([2, ...Array.from({ length: 8 }, () => 5 + random.integer(4)), 3]),
  );
  const shapes = new Map(
    blocks.map((ids) => [ids, ids.map((id) => (id < 5 ? NO_SHAPE : id - 5))] as const),
  );
  const perplexityWith = async (isOn: boolean) => {
    const weights = { ...encoderShapes(TINY_BERT), ...mlmHeadShapes(TINY_BERT) };
    const lm = createMaskedLm(
      engine,
      TINY_BERT,
      withShapeTable(initialBert(weights, createRandom(2)), isOn, H),
    );
    const options = { mask, shapes, random: createRandom(3) };
    const rules = { [SHAPE_TABLE]: { rate: 5 } };
    await trainMaskedLm(lm, blocks, { ...options, epochs: 30, batchSize: 6, learningRate: 1e-2, rules });
    const perplexity = await maskedPerplexity(lm, blocks, options);
    lm.dispose();
    return perplexity;
  };
  const [without, withTable] = [await perplexityWith(false), await perplexityWith(true)];
  assert(without > 3 && withTable < 2, `${without} without, ${withTable} with`);
});

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { infillText } from "../../../data/batches/text_infilling.ts";
import { createRandom, type Random } from "../../../data/random.ts";
import { packPairs, pairAxes } from "../../../model/bart/bart_batch.ts";
import { type BartConfig, formatBartConfig, parseBartConfig } from "../../../model/bart/bart_config.ts";
import { crossKeysAndValues, type DecoderLayout, decodeTarget } from "../../../model/bart/bart_decoder.ts";
import { bartDropoutSites } from "../../../model/bart/bart_dropout.ts";
import { embedPlaced } from "../../../model/bart/bart_embeddings.ts";
import { encodeSource } from "../../../model/bart/bart_encoder.ts";
import { initialBart } from "../../../model/bart/bart_init.ts";
import { createBartLm } from "../../../model/bart/bart_lm.ts";
import { bartShapes } from "../../../model/bart/bart_shapes.ts";
import { decodeStep, layerNames, stepAxes, type StepInputs } from "../../../model/bart/bart_step.ts";
import { pickBartWeights } from "../../../model/bart/bart_weights.ts";
import type { EncoderLayout } from "../../../model/bert/encoder.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { type Tensors, tf } from "../../../model/engine/tf.ts";
import { createAdam } from "../../../model/training/adam.ts";
import { sizeOf } from "../../../model/weights/parameters.ts";
import { readSafetensors, type SafeTensor, writeSafetensors } from "../../../model/weights/safetensors.ts";
import { assertClose } from "../../close.ts";
import { assertMeans, assertSlopes, type Weighted } from "../gradient_checks.ts";
import { TINY_BART, tinyBart, tinySources } from "./tiny_bart.ts";

/** Texts in which pieces follow each other in one order, from different beginnings. */
const TEXTS = Array.from(
  { length: 8 },
  (_, t) => [0, ...Array.from({ length: 5 + t }, (_, i) => 5 + (t + i) % 7), 2],
);
const infill = (random: Random) => TEXTS.map((ids) => infillText(ids, { random, maskId: 4 }));

Deno.test("parseBartConfig() refuses what is no BART, by key", () => {
  const json = formatBartConfig(TINY_BART);
  assertEquals(parseBartConfig(json), TINY_BART);
  const cases: [Record<string, unknown>, string][] = [
    [
      { model_type: "mbart" },
      'model_type must be "bart", nothing else is supported, current value is "mbart"',
    ],
    [{ activation_function: "relu" }, 'activation_function must be "gelu"'],
    [{ normalize_before: true }, "normalize_before must be false"],
    [{ encoder_layerdrop: 0.1 }, "encoder_layerdrop must be 0,"],
    [{ d_model: 9 }, "d_model 9 must be a multiple of encoder_attention_heads, current value is 2"],
    [{ d_model: undefined }, "d_model must be a whole number from 1, current value is undefined"],
    [
      { decoder_attention_heads: 4 },
      "decoder_attention_heads must be encoder_attention_heads, 2, current value is 4",
    ],
    [{ scale_embedding: 1 }, "scale_embedding must be true or false, current value is 1"],
    [{ activation_dropout: 1 }, "activation_dropout must be a number in [0, 1), current value is 1"],
    [{ eos_token_id: [2] }, "eos_token_id must be a whole number from 0, current value is [2]"],
    [{ bos_token_id: 30 }, "bos_token_id must be below vocab_size, 30, current value is 30"],
  ];
  for (const [change, rule] of cases) {
    assertThrows(
      () => parseBartConfig({ ...json, ...change }, "c.json"),
      Error,
      `Cannot use "c.json": ${rule}`,
    );
  }
  for (const key of ["model_type", "vocab_size", "decoder_attention_heads"]) {
    const { [key]: _, ...without } = json;
    const message = new RegExp(`^Cannot use "c.json": ${key} must be .*, current value is undefined$`);
    assertMatch(assertThrows(() => parseBartConfig(without, "c.json"), Error).message, message);
  }
  const { bos_token_id: _, dropout: __, scale_embedding: ___, ...rest } = json;
  assertEquals(parseBartConfig(rest), TINY_BART, "keys with a default may be absent");
});

Deno.test("pickBartWeights() reads a BartModel's and a language model's tensors, and names all that do not fit", () => {
  const parameters = tinyBart(createRandom(1));
  const shared = parameters["shared.weight"]!;
  const bias = { shape: [1, 30], data: Float32Array.from({ length: 30 }, (_, i) => i) };
  const pick = (changes: Record<string, Partial<SafeTensor> | null>, prefix = "") => {
    const { tensors } = readSafetensors(writeSafetensors(parameters));
    const all = new Map([...tensors].map(([name, tensor]) => [prefix + name, tensor]));
    for (const [name, change] of Object.entries(changes)) {
      if (change === null) all.delete(name);
      else all.set(name, { ...all.get(name), dtype: "F32", ...change } as SafeTensor);
    }
    return pickBartWeights(all, TINY_BART, "m.safetensors");
  };
  assertEquals(pick({}), { parameters, finalLogitsBias: { shape: [1, 30], data: new Float32Array(30) } });
  assertEquals(pick({ final_logits_bias: bias, "lm_head.weight": shared }, "model."), {
    parameters,
    finalLogitsBias: bias,
  });
  // Of tensors that are tied a file may hold any.
  assertEquals(pick({ "shared.weight": null, "decoder.embed_tokens.weight": shared }).parameters, parameters);

  const other = { shape: [30, 8], data: shared.data.map((value, i) => (i === 7 ? value + 1 : value)) };
  const name = "decoder.layers.1.encoder_attn.v_proj.bias";
  const cases: [Record<string, Partial<SafeTensor> | null>, string][] = [
    [{ "lm_head.weight": other }, '"lm_head.weight" must equal the shared embeddings'],
    [{ [name]: null }, `"${name}" [8] is missing`],
    [{ [name]: { shape: [2, 4] } }, `"${name}" must have shape [8], current value is [2,4]`],
    [{ [name]: { dtype: "I32" } }, `"${name}" must be one of F32, F16, BF16, F64, current value is I32`],
    [{ "model.shared.weight": shared }, '"shared.weight" is given twice, once as "model.shared.weight"'],
    [{ "encoder.pooler": { shape: [1] } }, '"encoder.pooler" is not known'],
    [
      { "final_logits_bias": { shape: [30] } },
      '"final_logits_bias" must have shape [1,30], current value is [30]',
    ],
  ];
  for (const [change, rule] of cases) {
    assertThrows(
      () => pick(change),
      Error,
      `Cannot use weights "m.safetensors": they do not fit config.json: ${rule}`,
    );
  }
  const both = { [name]: null, "shared.weight": null };
  assertThrows(() => pick(both), Error, `"shared.weight" [30,8] is missing; "${name}" [8] is missing`);
});

Deno.test("initialBart() draws weights from N(0, 0.02), and starts norms with 1 and biases with 0", () => {
  const config = { ...TINY_BART, vocabularySize: 400, hiddenWidth: 40 };
  for (const [name, { data, shape }] of Object.entries(initialBart(bartShapes(config), createRandom(1)))) {
    assertEquals(data.length, sizeOf(shape));
    if (name.endsWith("bias")) assert(data.every((value) => value === 0), name);
    else if (shape.length === 1) assert(data.every((value) => value === 1), name);
    else {
      const deviation = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      assert(Math.abs(deviation - 0.02) < 0.003, `${name}: ${deviation}`);
    }
  }
});

/** The decoder's states for sources and targets, and what a step needs of the sources. */
async function decodeAtOnce(config: BartConfig, seed: number) {
  const engine = await createEngine("onnx");
  const random = createRandom(seed);
  const parameters = tinyBart(random, config);
  const pairs = tinySources(random, 3);
  const targets = pairs.map(() => Array.from({ length: 5 }, () => 3 + random.integer(27)));
  const { source, target, layout, sizes } = packPairs(pairs, targets, config.nHeads);
  const inputs = {
    ...parameters,
    ...layout,
    embeddedSource: embedPlaced(config, parameters, "encoder", source),
    embeddedTarget: embedPlaced(config, parameters, "decoder", target),
  };
  const compile = (masks: boolean, axes = {}) =>
    engine.compile<Tensors & EncoderLayout & DecoderLayout>("whole targets", (x) => {
      const states = encodeSource(config, x, x.embeddedSource!, x, masks ? x : undefined);
      const cross = crossKeysAndValues(config, x, states);
      return {
        hidden: decodeTarget(config, x, x.embeddedTarget!, states, x, masks ? x : undefined),
        ...Object.fromEntries(layerNames(config, "source.keys").map((name, i) => [name, cross[i]!.keys])),
        ...Object.fromEntries(layerNames(config, "source.values").map((name, i) => [name, cross[i]!.values])),
      };
    }, { ...pairAxes(config), ...axes });
  return { engine, parameters, pairs, targets, source, layout, sizes, inputs, compile };
}

Deno.test("decodeStep() gives the states of decodeTarget(), place by place and targets side by side", async () => {
  const config = { ...TINY_BART, scaleEmbedding: true };
  const H = config.hiddenWidth;
  const S = 7;
  const { engine, parameters, targets, source, inputs, compile } = await decodeAtOnce(config, 2);
  const whole = compile(false);
  const { hidden, ...encoded } = await whole.run(inputs);
  // Each source has two targets: its own, and one that differs from it from the third piece on.
  const written = targets.flatMap((ids) => [ids, [...ids.slice(0, 2), 3, 4, 5]]);
  const B = targets.length;
  const R = written.length;
  const past = Object.fromEntries(
    ["past.keys", "past.values"].flatMap((kind) =>
      layerNames(config, kind).map((
        name,
      ) => [name, { shape: [B, 2, S, H], data: new Float32Array(R * S * H) }])
    ),
  );
  const step = engine.compile<Tensors & StepInputs>(
    "step",
    (x) => decodeStep(config, x, x),
    stepAxes(config),
  );
  for (let place = 0; place < 5; place++) {
    const placed = {
      pieceIds: Int32Array.from(written, (ids) => ids[place]!),
      positions: new Int32Array(R).fill(place),
    };
    const { hidden: now, ...made } = await step.run({
      ...parameters,
      ...encoded,
      ...past,
      embeddedStep: { ...embedPlaced(config, parameters, "decoder", placed), shape: [B, 2, H] },
      place: { shape: [S, 1], data: new Float32Array(S).fill(1, place, place + 1) },
      placeBias: { shape: [S], data: new Float32Array(S).fill(-1e9, place + 1) },
      paddedFromPieces: source.encoder.paddedFromPieces,
      pieceBias: source.encoder.pieceBias,
    });
    for (const [name, { data }] of Object.entries(made)) {
      for (let row = 0; row < R; row++) {
        past[`past.${name}`]!.data.set(data.subarray(row * H, (row + 1) * H), (row * S + place) * H);
      }
    }
    const rowOf = (row: number) => now!.data.subarray(row * H, (row + 1) * H);
    targets.forEach((ids, b) => {
      const from = (b * ids.length + place) * H;
      assertClose(rowOf(2 * b), hidden!.data.subarray(from, from + H), 1e-5, `target ${b}, place ${place}`);
      const differs = rowOf(2 * b).some((value, j) => Math.abs(value - rowOf(2 * b + 1)[j]!) > 1e-3);
      assertEquals(differs, place >= 2, `the other target ${b}, place ${place}`);
    });
  }
  for (const compiled of [whole, step]) compiled.dispose();
});

Deno.test("encodeSource() and decodeTarget() use every mask of bartDropoutSites(), and masks of ones change nothing", async () => {
  const sites = bartDropoutSites(TINY_BART);
  const axes = Object.entries(sites).map(([name, { axes }]) => [name, axes]);
  const { inputs, compile, sizes } = await decodeAtOnce(TINY_BART, 3);
  const masks = Object.fromEntries(
    Object.entries(sites).map(([name, { axes }]) => {
      const shape = axes.map((axis) => (typeof axis === "string" ? sizes[axis as keyof typeof sizes] : axis));
      return [name, { shape, data: new Float32Array(sizeOf(shape)).fill(1) }];
    }),
  );
  const plain = compile(false);
  const masked = compile(true, Object.fromEntries(axes));
  const expected = (await plain.run(inputs)).hidden!.data.slice();
  assertEquals((await masked.run({ ...inputs, ...masks })).hidden!.data, expected);
  assertEquals(Object.keys(sites).length, 2 + 4 + 2 * 6);
  for (const name of Object.keys(sites)) {
    masks[name]!.data.fill(0, 0, masks[name]!.data.length / 2);
    const { data } = (await masked.run({ ...inputs, ...masks })).hidden!;
    assert(data.some((value, i) => Math.abs(value - expected[i]!) > 1e-3), `${name} is not used`);
    masks[name]!.data.fill(1);
  }
  assertEquals(bartDropoutSites({ ...TINY_BART, dropout: 0, attentionDropout: 0, activationDropout: 0 }), {});
  for (const compiled of [plain, masked]) compiled.dispose();
});

Deno.test("decodeTarget() sees no later place, and nothing of other pairs or padding", async () => {
  const { inputs, compile, pairs, targets, parameters } = await decodeAtOnce(TINY_BART, 4);
  const H = TINY_BART.hiddenWidth;
  const compiled = compile(false);
  const statesOf = async (sources: typeof pairs, ids: number[][]) => {
    const { source, target, layout } = packPairs(sources, ids, TINY_BART.nHeads);
    const embeddedSource = embedPlaced(TINY_BART, parameters, "encoder", source);
    const embeddedTarget = embedPlaced(TINY_BART, parameters, "decoder", target);
    return (await compiled.run({ ...parameters, ...layout, embeddedSource, embeddedTarget })).hidden!.data
      .slice();
  };
  const together = (await compiled.run(inputs)).hidden!.data.slice();
  for (const [b, ids] of targets.entries()) {
    const alone = together.slice(b * 5 * H, (b + 1) * 5 * H);
    assertClose(await statesOf([pairs[b]!], [ids]), alone, 1e-5, `target ${b} alone`);
    assertClose(
      await statesOf([pairs[b]!], [ids.slice(0, 3)]),
      alone.slice(0, 3 * H),
      1e-5,
      `begin of target ${b}`,
    );
    const uneven = await statesOf([pairs[2 - b]!, pairs[b]!], [targets[0]!.slice(0, 1 + b), ids]);
    assertClose(uneven.slice((1 + b) * H), alone, 1e-5, `target ${b} beside a shorter one`);
  }
  compiled.dispose();
});

Deno.test("lossAndGradients() of BART's language model gives means over pieces, and the slopes of the loss", async () => {
  const config = { ...TINY_BART, scaleEmbedding: true };
  const parameters = tinyBart(createRandom(5), config);
  const bias = { shape: [1, 30], data: Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)) };
  const lm = createBartLm(await createEngine("onnx"), config, parameters, bias);
  const texts = infill(createRandom(6)).slice(0, 4);
  const weighted = async (some: typeof texts): Promise<Weighted> => ({
    nRows: some.reduce((sum, { targetIds }) => sum + targetIds.length, 0),
    ...structuredClone(await lm.lossAndGradients(some)),
  });
  const batch = await weighted(texts);
  const alone: Weighted[] = [];
  for (const text of texts) alone.push(await weighted([text]));
  assertMeans(batch, alone);
  assertClose([await lm.loss(texts)], [batch.loss], 1e-5, "loss()");
  assertEquals(Object.keys(batch.gradients).sort(), Object.keys(parameters).sort());
  // With dropout too: the same seed draws the same masks.
  const dropped = async () => structuredClone(await lm.lossAndGradients(texts, createRandom(7)));
  const { loss, gradients } = await dropped();
  assert(Math.abs(loss - batch.loss) > 1e-3, "dropout changes the loss");
  await assertSlopes(parameters, gradients, async () => (await dropped()).loss);
  lm.dispose();
});

Deno.test("createBartLm() learns to restore a regular text, the same on onnx and cpu, and leaves no tensor", async () => {
  const config = { ...TINY_BART, hiddenWidth: 16, dropout: 0, attentionDropout: 0, activationDropout: 0 };
  const run = async (engineName: "onnx" | "cpu", steps: number) => {
    const parameters = initialBart(bartShapes(config), createRandom(8));
    const lm = createBartLm(await createEngine(engineName), config, parameters);
    const adam = createAdam({ learningRate: 0.01 });
    const random = createRandom(9);
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const { loss, gradients } = await lm.lossAndGradients(infill(random));
      losses.push(loss);
      adam.step(parameters, gradients);
    }
    lm.dispose();
    return losses;
  };
  const onnx = await run("onnx", 150);
  assertClose([onnx[0]!], [Math.log(config.vocabularySize)], 0.05, "a new model guesses among all pieces");
  assert(onnx.at(-1)! < 0.15, `the last loss is ${onnx.at(-1)}`);
  await run("cpu", 1);
  const nTensors = tf.memory().numTensors;
  const cpu = await run("cpu", 12);
  assertEquals(tf.memory().numTensors, nTensors);
  assertClose(cpu, onnx.slice(0, 12), 1e-3, "losses");
});

Deno.test("embedPlaced() refuses pieces and positions that there are not", () => {
  const parameters = tinyBart(createRandom(10));
  const embed = (pieceIds: number[], positions: number[]) => () =>
    embedPlaced(TINY_BART, parameters, "decoder", {
      pieceIds: Int32Array.from(pieceIds),
      positions: Int32Array.from(positions),
    });
  assertThrows(
    embed([3, 30], [0, 1]),
    Error,
    'Cannot look up "shared.weight": an id is below 30, current value is 30',
  );
  assertThrows(embed([-1], [0]), Error, "current value is -1");
  assertThrows(
    embed([3], [24]),
    Error,
    "Cannot embed a sequence for BART's decoder: it has at most 24 pieces, current value is at least 25",
  );
});

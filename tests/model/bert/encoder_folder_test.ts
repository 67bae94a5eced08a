import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type BertConfig, formatBertConfig, parseBertConfig } from "../../../model/bert/bert_config.ts";
import { encoderShapes, mlmHeadShapes } from "../../../model/bert/bert_shapes.ts";
import { loadEncoderFolder, writeEncoderFolder } from "../../../model/bert/encoder_folder.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import {
  readSafetensors,
  type WritableTensor,
  writeSafetensors,
} from "../../../model/weights/safetensors.ts";
import { TINY_PIECES, tinyTokenizerJson } from "../../data/tiny_tokenizer.ts";

const config: BertConfig = {
  vocabularySize: TINY_PIECES.length,
  maxPositions: 8,
  nTokenTypes: 2,
  hiddenWidth: 4,
  nLayers: 2,
  nHeads: 2,
  feedForwardWidth: 6,
  layerNormEpsilon: 1e-12,
  dropout: 0.1,
  attentionDropout: 0,
};

/** Weights of these shapes, every value another small whole number (exact in float16 and bfloat16 too). */
function weights(shapes: Record<string, number[]>): Record<string, NdArray> {
  let next = 0;
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, { shape, data: Float32Array.from({ length: size }, () => next++ % 120) }];
    }),
  );
}

const parameters = weights(encoderShapes(config));
const mlmHead = weights(mlmHeadShapes(config));

type Files = Record<string, string | Uint8Array>;
const files = (head = false): Files => ({
  ...writeEncoderFolder(config, parameters, head ? mlmHead : undefined),
  "tokenizer.json": JSON.stringify(tinyTokenizerJson()),
});

/** Loads a folder that holds these files. */
function load(files: Files, options: { tokenizer?: boolean } = {}) {
  const fetch = (url: URL) => {
    const file = files[url.pathname.split("/").at(-1)!];
    return Promise.resolve(
      file === undefined ? new Response("", { status: 404 }) : new Response(file as Uint8Array<ArrayBuffer>),
    );
  };
  return loadEncoderFolder("http://h/encoder", { fetch, ...options });
}

/** The files with other weights: `change` gets the written tensors by their names in the file. */
function withTensors(change: (tensors: Map<string, WritableTensor>) => void, head = false): Files {
  const all = files(head);
  const tensors = new Map<string, WritableTensor>(
    readSafetensors(all["model.safetensors"] as Uint8Array).tensors,
  );
  change(tensors);
  return { ...all, "model.safetensors": writeSafetensors(tensors) };
}

const vector = (length: number): WritableTensor => ({ shape: [length], data: new Float32Array(length) });

Deno.test("encoderShapes() and mlmHeadShapes() name Hugging Face's tensors, a row of a weight for each output", () => {
  const shapes = encoderShapes(config);
  assertEquals(Object.keys(shapes).length, 5 + 16 * config.nLayers);
  assertEquals(shapes["embeddings.position_embeddings.weight"], [8, 4]);
  assertEquals(shapes["encoder.layer.1.attention.self.query.weight"], [4, 4]);
  assertEquals(shapes["encoder.layer.1.intermediate.dense.weight"], [6, 4]);
  assertEquals(shapes["encoder.layer.1.intermediate.dense.bias"], [6]);
  assertEquals(shapes["encoder.layer.1.output.dense.weight"], [4, 6]);
  assertEquals(mlmHeadShapes(config)["cls.predictions.bias"], [TINY_PIECES.length]);
});

Deno.test("loadEncoderFolder() reads what writeEncoderFolder() wrote", async () => {
  const loaded = await load(files());
  assertEquals(loaded.config, config);
  assertEquals(loaded.parameters, parameters);
  assertEquals(Object.keys(loaded.parameters), Object.keys(encoderShapes(config)));
  assertEquals(loaded.mlmHead, undefined);
  assertEquals(loaded.tokenizer!.vocabularySize, TINY_PIECES.length);
  assertEquals(loaded.source, "http://h/encoder/");
});

Deno.test("loadEncoderFolder() reads the masked language model head and strips the bert. prefix", async () => {
  const all = files(true);
  const { tensors } = readSafetensors(all["model.safetensors"] as Uint8Array);
  assert(tensors.has("bert.encoder.layer.1.output.LayerNorm.bias"));
  const loaded = await load(all);
  assertEquals(loaded.parameters, parameters);
  assertEquals(loaded.mlmHead, mlmHead);
});

Deno.test("loadEncoderFolder() leaves out by name what a word encoder has no use for", async () => {
  const loaded = await load(withTensors((tensors) => {
    tensors.set("bert.pooler.dense.weight", { shape: [4, 4], data: new Float32Array(16) });
    tensors.set("bert.pooler.dense.bias", vector(4));
    tensors.set("bert.embeddings.position_ids", { shape: [1, 8], data: new BigInt64Array(8) });
    tensors.set("cls.seq_relationship.weight", { shape: [2, 4], data: new Float32Array(8) });
    tensors.set("cls.seq_relationship.bias", vector(2));
    tensors.set("cls.predictions.decoder.weight", tensors.get("bert.embeddings.word_embeddings.weight")!);
    tensors.set("cls.predictions.decoder.bias", tensors.get("cls.predictions.bias")!);
    tensors.delete("cls.predictions.bias");
  }, true));
  assertEquals(loaded.parameters, parameters);
  assertEquals(loaded.mlmHead, mlmHead);
});

Deno.test("loadEncoderFolder() understands gamma and beta, and half precision", async () => {
  const loaded = await load(withTensors((tensors) => {
    for (const [name, { shape, data }] of [...tensors]) {
      tensors.delete(name);
      const renamed = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
        "LayerNorm.bias",
        "LayerNorm.beta",
      );
      // The upper half of a float32 is its bfloat16, exact for small whole numbers.
      const bits = new Uint32Array(Float32Array.from(data as Float32Array).buffer);
      tensors.set(renamed, { dtype: "BF16", shape, data: Uint16Array.from(bits, (bits) => bits >>> 16) });
    }
  }));
  assertEquals(loaded.parameters, parameters);
});

Deno.test("loadEncoderFolder() names every tensor that is missing, not known, misshaped or no float", async () => {
  const broken = withTensors((tensors) => {
    tensors.delete("encoder.layer.0.attention.self.query.bias");
    tensors.delete("embeddings.LayerNorm.bias");
    tensors.set("classifier.bias", vector(9));
    tensors.set("encoder.layer.1.output.dense.bias", vector(5));
    tensors.set("encoder.layer.1.output.LayerNorm.bias", { shape: [4], data: new Int32Array(4) });
    tensors.set("bert.embeddings.LayerNorm.weight", vector(4));
  });
  for (
    const message of [
      'Cannot use weights "http://h/encoder/model.safetensors": they do not fit config.json: ',
      '"encoder.layer.0.attention.self.query.bias" [4] is missing',
      '"embeddings.LayerNorm.bias" [4] is missing',
      '"classifier.bias" is not known',
      '"encoder.layer.1.output.dense.bias" must have shape [4], current value is [5]',
      '"encoder.layer.1.output.LayerNorm.bias" must be one of F32, F16, BF16, F64, current value is I32',
      '"embeddings.LayerNorm.weight" is given twice',
    ]
  ) await assertRejects(() => load(broken), Error, message);
});

Deno.test("loadEncoderFolder() names what an incomplete head lacks", async () => {
  const broken = withTensors((tensors) => tensors.delete("cls.predictions.transform.dense.bias"), true);
  await assertRejects(() => load(broken), Error, '"cls.predictions.transform.dense.bias" [4] is missing');
});

Deno.test("loadEncoderFolder() refuses a tokenizer with pieces that the weights have not", async () => {
  const json = tinyTokenizerJson();
  json.model.vocab["one more"] = TINY_PIECES.length;
  const all = { ...files(), "tokenizer.json": JSON.stringify(json) };
  await assertRejects(() => load(all), Error, "tokenizer and weights do not fit together");
  assertEquals((await load(all, { tokenizer: false })).tokenizer, undefined);
});

Deno.test("loadEncoderFolder() names the file that is missing", async () => {
  for (const name of ["config.json", "model.safetensors", "tokenizer.json"]) {
    const all = files();
    delete all[name];
    await assertRejects(() => load(all), Error, `Cannot read "${name}" at http://h/encoder/${name}: `);
  }
});

Deno.test("writeEncoderFolder() refuses weights that do not fit the config", () => {
  const { "embeddings.LayerNorm.bias": _, ...rest } = parameters;
  assertThrows(() => writeEncoderFolder(config, rest), Error, '"embeddings.LayerNorm.bias" [4] is missing');
  assertThrows(
    () => writeEncoderFolder(config, parameters, rest),
    Error,
    "Cannot write masked language model head",
  );
});

Deno.test("parseBertConfig() reads formatBertConfig() back and fills in documented defaults", () => {
  assertEquals(parseBertConfig(formatBertConfig(config)), config);
  const json = formatBertConfig(config);
  for (
    const key of ["type_vocab_size", "layer_norm_eps", "hidden_dropout_prob", "hidden_act", "is_decoder"]
  ) {
    delete json[key];
  }
  assertEquals(parseBertConfig(json), config);
});

Deno.test("parseBertConfig() refuses in no time what would take all time or memory to show", () => {
  const deep = JSON.parse("[".repeat(1e5) + "]".repeat(1e5));
  for (const change of [{ model_type: deep }, { num_hidden_layers: deep }]) {
    assertThrows(
      () => parseBertConfig({ ...formatBertConfig(config), ...change }),
      Error,
      "current value is [[[",
    );
  }
});

Deno.test("loadEncoderFolder() refuses sizes of config.json that the weights have not, without making room for them", async () => {
  const n = Object.keys(encoderShapes(config)).length;
  for (const num_hidden_layers of [n + 1, 1e12, 2 ** 53 - 1]) {
    const json = JSON.stringify({ ...formatBertConfig(config), num_hidden_layers });
    const rule =
      `num_hidden_layers of config.json must be at most the number of tensors, ${n}, current value is ${num_hidden_layers}`;
    await assertRejects(() => load({ ...files(), "config.json": json }), Error, rule);
  }
  for (const key of ["vocab_size", "max_position_embeddings", "intermediate_size", "hidden_size"]) {
    const json = JSON.stringify({ ...formatBertConfig(config), [key]: 1e12 });
    await assertRejects(() => load({ ...files(), "config.json": json }), Error, "1000000000000");
  }
});

Deno.test("parseBertConfig() names the key that is not supported, missing or of a wrong type", () => {
  const cases: [Record<string, unknown>, string][] = [
    [
      { model_type: "roberta" },
      'model_type must be "bert", nothing else is supported, current value is "roberta"',
    ],
    [{ hidden_act: "relu" }, 'hidden_act must be "gelu"'],
    [{ position_embedding_type: "relative_key" }, "position_embedding_type must be"],
    [{ hidden_size: undefined }, "hidden_size must be a whole number from 1, current value is undefined"],
    [{ num_hidden_layers: "2" }, 'num_hidden_layers must be a whole number from 1, current value is "2"'],
    [{ hidden_dropout_prob: 1 }, "hidden_dropout_prob must be a number in [0, 1), current value is 1"],
    [
      { num_attention_heads: 3 },
      "hidden_size 4 must be a multiple of num_attention_heads, current value is 3",
    ],
  ];
  for (const [change, message] of cases) {
    const json = { ...formatBertConfig(config), ...change };
    assertThrows(() => parseBertConfig(json, "c.json"), Error, `Cannot use "c.json": ${message}`);
  }
  assertThrows(() => parseBertConfig([], "c.json"), Error, "it must be an object");
});

/** Attention weights against PyTorch's states: what they mix must be the label context and background it computed. */
import { assert } from "@std/assert";
import { TagSet } from "../data/tags/tag_set.ts";
import { labelBackgroundWeights, labelContextWeights } from "../model/analysis/attention_weights.ts";
import { loadEncoderFolder } from "../model/bert/encoder_folder.ts";
import { createEngine } from "../model/engine/create_engine.ts";
import type { NdArray } from "../model/engine/nd_array.ts";
import { tf } from "../model/engine/tf.ts";
import type { BertModel } from "../model/systems/bert_system.ts";
import { encodeHistory } from "../model/systems/laner/label_encoder.ts";
import type { Parameters } from "../model/weights/parameters.ts";
import { readSafetensors } from "../model/weights/safetensors.ts";
import { assertClose } from "./close.ts";
import type { BertSystemName } from "./model/families.ts";
import { oraclePath, readOracle } from "./oracle_dir.ts";
import { testedEngines } from "./tested_engines.ts";

interface OracleConfig {
  sizes: Record<"d2", number>;
  label_names: string[];
  start_label: number;
  input_ids: number[][];
  attention_mask: number[][];
  word_starts: number[][];
  word_mask: number[][];
  labels: number[][];
}

const ENGINES = testedEngines(["cpu", "onnx", "onnx-ffi", "wasm"]);

function readTensors(name: string): Parameters {
  const { tensors } = readSafetensors(Deno.readFileSync(oraclePath(`laner/${name}.safetensors`)));
  return Object.fromEntries(
    [...tensors].map(([key, { shape, data }]) => [key, { shape, data: data as Float32Array }]),
  );
}

/** The batch's sentences without padding, with their gold tags. */
function sentencesOf({ input_ids, attention_mask, word_starts, word_mask, labels }: OracleConfig) {
  return input_ids.map((ids, b) => {
    const real = <T>(values: T[], mask: number[]) => values.filter((_, i) => mask[i] === 1);
    return {
      sentence: {
        ids: real(ids, attention_mask[b]!),
        firstPieces: real(word_starts[b]!, word_mask[b]!),
      },
      tagIds: real(labels[b]!, word_mask[b]!),
    };
  });
}

async function modelOf(system: BertSystemName, variant: string, config: OracleConfig): Promise<BertModel> {
  const encoder = await loadEncoderFolder(oraclePath("laner/encoder"), { tokenizer: false });
  const head = Object.entries(readTensors("head")).filter(([name]) => name.startsWith(`${variant}.`));
  return {
    system,
    config: encoder.config,
    parameters: {
      ...encoder.parameters,
      ...Object.fromEntries(head.map(([name, array]) => [name.slice(variant.length + 1), array])),
    },
    tags: new TagSet(config.label_names),
    labelWidth: config.sizes.d2,
    maxPieces: encoder.config.maxPositions,
  };
}

/** Rows 0 … n-1 of a sentence: [B, N, width] → [n][width]. */
function rowsOf({ shape: [, N, width], data }: NdArray, b: number, n: number): number[][] {
  return Array.from(
    { length: n },
    (_, i) => [...data.subarray((b * N! + i) * width!, (b * N! + i + 1) * width!)],
  );
}

/** e^(i)_0 … e^(i)_{i-1} of a history by the definition, START first. */
async function labelStates({ parameters, labelWidth }: BertModel, history: number[]): Promise<number[][]> {
  await createEngine("cpu"); // which runs what is not compiled
  await tf.setBackend("cpu");
  return tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(parameters).filter(([name]) => /^(lstm|label_embedding)\./.test(name))
        .map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]),
    );
    const shape: [number, number, number] = [1, history.length, 2 * labelWidth];
    const data = encodeHistory(tensors, history).dataSync() as Float32Array;
    return rowsOf({ shape, data }, 0, history.length);
  });
}

const dot = (a: number[], b: number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const mix = (weights: number[], rows: number[][]) =>
  rows[0]!.map((_, j) => dot(weights, rows.map((row) => row[j]!)));

function softmax(scores: number[]): number[] {
  const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
  return scores.map((score) => Math.exp(score) / total);
}

for (const name of ENGINES) {
  Deno.test(`${name}: labelContextWeights() mixes label states to PyTorch's label context`, async () => {
    const engine = await createEngine(name);
    const config = readOracle<OracleConfig>("laner/config.json");
    const expected = readTensors("expected");
    const model = await modelOf("laner", "full", config);
    let spread = 0;
    for (const [b, { sentence, tagIds }] of sentencesOf(config).entries()) {
      const { weights } = await labelContextWeights({ engine, model, sentence, tagIds });
      const n = tagIds.length;
      const queries = rowsOf(expected["full.h_prime"]!, b, n);
      const contexts = rowsOf(expected["full.ec"]!, b, n);
      for (let i = 0; i < n; i++) {
        const states = await labelStates(model, [config.start_label, ...tagIds.slice(0, i)]);
        const what = `sentence ${b}, word ${i}`;
        assertClose(weights[i]!, softmax(states.map((state) => dot(queries[i]!, state))), 1e-5, what);
        assertClose(mix(weights[i]!, states), contexts[i]!, 1e-5, `${what}: label context`);
        spread = Math.max(spread, Math.max(...weights[i]!) - Math.min(...weights[i]!));
      }
    }
    assert(spread > 0.05, `the weights are too flat to tell anything: ${spread}`);
  });

  Deno.test(`${name}: labelBackgroundWeights() mixes word states to PyTorch's label background`, async () => {
    const engine = await createEngine(name);
    const config = readOracle<OracleConfig>("laner/config.json");
    const expected = readTensors("expected");
    const model = await modelOf("laner", "full", config);
    for (const [b, { sentence, tagIds }] of sentencesOf(config).entries()) {
      const { weights } = await labelBackgroundWeights({ engine, model, sentence, tagIds });
      const n = tagIds.length;
      const queries = rowsOf(expected["full.q"]!, b, n);
      const h = rowsOf(expected.h!, b, n);
      const backgrounds = rowsOf(expected["full.hb"]!, b, n);
      for (let i = 0; i < n; i++) {
        assertClose(weights[i]!, softmax(h.map((key) => dot(queries[i]!, key))), 1e-5, `${b}, word ${i}`);
        assertClose(mix(weights[i]!, h), backgrounds[i]!, 1e-5, `${b}, word ${i}: label background`);
      }
    }
  });

  Deno.test(`${name}: labelContextWeights() of a model without label background leads to PyTorch's logits`, async () => {
    const engine = await createEngine(name);
    const config = readOracle<OracleConfig>("laner/config.json");
    const variant = "no_label_background";
    const expected = readTensors("expected");
    const model = await modelOf("laner-without-label-background", variant, config);
    const weight = model.parameters["out.weight"]!;
    const bias = model.parameters["out.bias"]!;
    const out = rowsOf({ ...weight, shape: [1, ...weight.shape] }, 0, model.tags.nTags);
    for (const [b, { sentence, tagIds }] of sentencesOf(config).entries()) {
      const { weights } = await labelContextWeights({ engine, model, sentence, tagIds });
      const n = tagIds.length;
      const h = rowsOf(expected.h!, b, n);
      const logits = rowsOf(expected[`${variant}.logits`]!, b, n);
      for (let i = 0; i < n; i++) {
        const states = await labelStates(model, [config.start_label, ...tagIds.slice(0, i)]);
        const evidence = [...h[i]!, ...mix(weights[i]!, states)];
        assertClose(
          out.map((row, k) => dot(row, evidence) + bias.data[k]!),
          logits[i]!,
          1e-5,
          `${b}, word ${i}`,
        );
      }
    }
  });
}

/** What is predicted depends on the sentence alone: not on batch, order, padding or engine. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { createRandom } from "../../data/random.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadBertModel } from "../../model/model_folder.ts";
import type { BertModel } from "../../model/systems/bert_system.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { SYSTEMS } from "../../model/systems/systems.ts";
import type { TaggedSentence } from "../../model/training/system.ts";
import { initialParameters } from "../../model/weights/parameters.ts";
import { readProfile } from "../../tasks/config/read_profile.ts";
import { createExperimentData } from "../../tasks/data_sets/experiment_data.ts";
import { ensureStage } from "../../tasks/stages/stage.ts";
import { encodeTagged } from "../../model/train_model.ts";
import { planMiniature, writeMiniature } from "../tasks/miniature_run.ts";
import { withFolder } from "../temporary_folder.ts";
import { BERT_SYSTEM_NAMES, type BertSystemName } from "./families.ts";

const ENGINES = ["onnx", "cpu", "wasm"] as const;
/** Of a loss, which is a mean of logits' differences, and so of any logit. */
const TOLERANCE = 1e-4;

/** A model whose parameters are so large that no word's tag is a matter of rounding, nor always the same. */
function loudModel(model: BertModel, system: BertSystemName): BertModel {
  const { hiddenWidth } = model.config;
  const { tags, labelWidth } = model;
  const head = initialParameters(
    SYSTEMS[system].headShapes(hiddenWidth, labelWidth, tags.nTags),
    createRandom(1),
  );
  for (const { data } of Object.values(head)) data.forEach((value, i) => data[i] = 3 * value);
  const encoder = Object.entries(model.parameters).filter(([name]) => /^(embeddings|encoder)\./.test(name));
  return { ...model, system, parameters: { ...Object.fromEntries(encoder), ...head } };
}

Deno.test("all systems on an encoder predict the same tags, and the same losses, in any batch, order and engine", () =>
  withFolder(async (folder) => {
    const config = await writeMiniature(folder);
    // Enough to learn from that more than one tag is predicted.
    const overrides = ["data.sample.source.text=200", "data.sample.source.train=60"];
    const run = { config, store: join(folder, "store"), overrides };
    const { pretrained } = await planMiniature(run);
    const signal = new AbortController().signal;
    const context = { store: run.store, engine: await createEngine("onnx"), report: () => {}, signal };
    const { dir } = await ensureStage(context, pretrained!);
    const { tokenizer, ...trained } = await loadBertModel(dir);
    const profile = await readProfile(config, { overrides: ["data.sample.source.test=40"] });
    const { splits: { test } } = await createExperimentData().source(profile.config.data);
    const sentences = encodeTagged(test, trained, tokenizer);
    const order = createRandom(2).shuffle(sentences.map((_, i) => i));

    for (const name of BERT_SYSTEM_NAMES) {
      const model = loudModel(trained, name);
      let expected: { tags: string[]; losses: number[] } | null = null;
      for (const engineName of ENGINES) {
        const system = createSystem(await createEngine(engineName), model);
        const predict = async (some: readonly TaggedSentence[]) =>
          (await system.predict(some)).tagIds.map((ids) => ids.join(" "));
        const lossOf = async (some: readonly TaggedSentence[]) => (await system.lossAndGradients(some)).loss;
        const tags = await predict(sentences);
        const losses: number[] = [];
        for (const sentence of sentences.slice(0, 12)) losses.push(await lossOf([sentence]));
        expected ??= { tags, losses };
        assertEquals(tags, expected.tags, `${name} on ${engineName}`);
        losses.forEach((loss, i) => {
          const error = Math.abs(loss - expected!.losses[i]!);
          assert(error < TOLERANCE * Math.max(1, loss), `${name} on ${engineName}: ${error}`);
        });
        assert(new Set(tags.join(" ").split(" ")).size > 2, `${name} predicts hardly anything`);

        const shuffled = await predict(order.map((i) => sentences[i]!));
        assertEquals(shuffled, order.map((i) => tags[i]), `${name} on ${engineName}, shuffled`);
        for (const size of engineName === "onnx" ? [1, 3, 16] : [3]) {
          const some = engineName === "onnx" ? sentences.length : 12;
          const parts: string[] = [];
          for (let at = 0; at < some; at += size) {
            parts.push(...await predict(sentences.slice(at, at + size)));
          }
          assertEquals(parts, tags.slice(0, parts.length), `${name} on ${engineName} by ${size}`);
        }
        // The loss of a batch is the mean over its words, or, of a CRF, its sentences.
        const batch = sentences.slice(0, 12);
        const weights = batch.map(({ tagIds }) => (name === "bert-crf" ? 1 : tagIds.length));
        const mean = losses.reduce((sum, loss, i) => sum + loss * weights[i]!, 0) /
          weights.reduce((a, b) => a + b);
        assert(
          Math.abs(await lossOf(batch) - mean) < TOLERANCE * mean,
          `${name} on ${engineName}: loss of a batch`,
        );
        system.dispose();
      }
    }
  }));

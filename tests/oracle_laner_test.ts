import { assertEquals } from "@std/assert";
import { BATCH_AXES, packBatch, PADDING_AXES, padWords } from "../data/batches/batch.ts";
import { HISTORY_AXES, historyLayout } from "../data/tags/history_layout.ts";
import { createTagStrings, tagHistories } from "../data/tags/tag_history.ts";
import { TagSet } from "../data/tags/tag_set.ts";
import { embedPieces } from "../model/bert/embeddings.ts";
import { encode, type EncoderLayout } from "../model/bert/encoder.ts";
import { loadEncoderFolder } from "../model/bert/encoder_folder.ts";
import { createMaskedLm, predictPieces } from "../model/bert/masked_lm.ts";
import { type WordLayout, wordStates } from "../model/bert/words.ts";
import { createEngine } from "../model/engine/create_engine.ts";
import type { Engine } from "../model/engine/engine.ts";
import { readArrays } from "../model/engine/read_arrays.ts";
import type { Tensor, Tensors } from "../model/engine/tf.ts";
import { linear } from "../model/nn/ops.ts";
import { createBertCrf } from "../model/systems/bert_crf/bert_crf.ts";
import { createBertTagger } from "../model/systems/bert_tagger/bert_tagger.ts";
import type { HistoryLayout, WordPadding } from "../model/systems/laner/biattention.ts";
import { createLabelStates } from "../model/systems/laner/label_states.ts";
import { createLaner, type Laner } from "../model/systems/laner/laner.ts";
import { type LabelStates, type Parts, predict } from "../model/systems/laner/predictor.ts";
import { createAdam } from "../model/training/adam.ts";
import type { System, TaggedSentence } from "../model/training/system.ts";
import { copyParameters, type Parameters } from "../model/weights/parameters.ts";
import { readSafetensors } from "../model/weights/safetensors.ts";
import { assertClose } from "./close.ts";
import { assertGradient } from "./model/gradient_checks.ts";
import { oraclePath, readOracle } from "./oracle_dir.ts";
import { isSkipped, testedEngines } from "./tested_engines.ts";

/** The parts of each LANER, and the tagger, which has none. */
const VARIANTS: Record<string, Parts | null> = {
  full: { labelBackground: true, labelContext: true },
  no_label_context: { labelBackground: true, labelContext: false },
  no_label_background: { labelBackground: false, labelContext: true },
  tagger: null,
};

interface OracleConfig {
  sizes: Record<"B" | "P" | "N" | "K" | "d1" | "d2", number>;
  label_names: string[];
  input_ids: number[][];
  attention_mask: number[][];
  word_starts: number[][];
  word_mask: number[][];
  labels: number[][];
  mlm: { input_ids: number[][]; positions: [number, number][]; targets: number[] };
}

function readTensors(name: string): Parameters {
  const { tensors } = readSafetensors(Deno.readFileSync(oraclePath(`laner/${name}.safetensors`)));
  return Object.fromEntries(
    [...tensors].map(([key, { shape, data }]) => [key, { shape, data: data as Float32Array }]),
  );
}

/** Values at real words only: [B, N, width] → [W, width]. */
function realWords(config: OracleConfig, { shape, data }: { shape: number[]; data: Float32Array }): number[] {
  const width = shape[2]!;
  const N = shape[1]!;
  return config.word_mask.flatMap((mask, b) =>
    mask.flatMap((real, i) => (real ? [...data.subarray((b * N + i) * width, (b * N + i + 1) * width)] : []))
  );
}

async function load() {
  const config = readOracle<OracleConfig>("laner/config.json");
  const { config: bert, parameters: encoder } = await loadEncoderFolder(oraclePath("laner/encoder"), {
    tokenizer: false,
  });
  const head = readTensors("head");
  const sentences: TaggedSentence[] = config.input_ids.map((ids, b) => {
    const count = (mask: number[]) => mask.reduce((sum, m) => sum + m, 0);
    const n = count(config.word_mask[b]!);
    return {
      ids: ids.slice(0, count(config.attention_mask[b]!)),
      firstPieces: config.word_starts[b]!.slice(0, n),
      tagIds: config.labels[b]!.slice(0, n),
    };
  });
  const parametersOf = (variant: string): Parameters =>
    copyParameters({ ...encoder, ...pick(head, `${variant}.`, "") });
  return { config, bert, sentences, parametersOf, D: config.sizes.d2, tags: new TagSet(config.label_names) };
}

async function systemOf(engine: Engine, variant: string): Promise<System | Laner> {
  const { bert, tags, D, parametersOf } = await load();
  const parameters = parametersOf(variant);
  const parts = VARIANTS[variant];
  return parts
    ? createLaner({ engine, config: bert, tags, parts, labelWidth: D, parameters })
    : createBertTagger({ engine, config: bert, tags, parameters });
}

async function bertCrf(engine: Engine) {
  const { bert, tags, parametersOf } = await load();
  // Its emission layer is the tagger's output layer.
  const parameters = { ...parametersOf("tagger"), ...copyParameters(pick(readTensors("head"), "crf.")) };
  return createBertCrf({ engine, config: bert, tags, parameters });
}

type OracleInputs = Tensors & EncoderLayout & WordLayout & WordPadding & HistoryLayout & LabelStates & {
  embedded: Tensor;
};

const ENGINES = testedEngines(["cpu", "onnx", "onnx-ffi", "wasm", "webgpu"]);

for (const name of ENGINES) {
  const ignore = await isSkipped(name);
  Deno.test(
    `${name}: encoder, queries, background, context and logits equal PyTorch's`,
    { ignore },
    async () => {
      const engine = await createEngine(name);
      const { config, bert, sentences, parametersOf, D, tags } = await load();
      const expected = readTensors("expected");
      for (const [variant, parts] of Object.entries(VARIANTS)) {
        const parameters = parametersOf(variant);
        const batch = packBatch(sentences, bert.nHeads);
        const strings = createTagStrings(tags.nTags);
        const histories = tagHistories(strings, sentences.map((s) => s.tagIds), tags.nTags);
        const labelStates = createLabelStates(engine, D, tags.nTags);
        if (parts) {
          await labelStates.reset(parameters, false);
          await labelStates.compute(strings, histories.levels);
        }
        const compiled = engine.compile<OracleInputs>("oracle", (x) => {
          const states = encode(bert, x, x.embedded, x);
          const h = wordStates(states, x);
          const scores = parts
            ? predict(parts, x, h, x, x)
            : { logits: linear(h, x["out.weight"]!, x["out.bias"]!) };
          return { states, h, ...scores };
        }, {
          ...BATCH_AXES(bert.nHeads),
          ...PADDING_AXES,
          ...HISTORY_AXES,
          wordsFromPadded: ["W"],
          embedded: ["T", bert.hiddenWidth],
          lastStates: ["W", 2 * D],
          history: ["R", 2 * D],
        });
        const outputs = await compiled.run({
          ...parameters,
          ...batch.encoder,
          ...batch.words,
          ...padWords(batch.nWords),
          ...historyLayout(batch.nWords),
          ...(parts ? labelStates.lookUp(histories) : {}),
          embedded: embedPieces(parameters, batch),
        });
        const names: Record<string, string> = {
          logits: `${variant}.logits`,
          ...(variant === "full"
            ? {
              h: "h",
              queries: "full.q",
              background: "full.hb",
              contextQueries: "full.h_prime",
              context: "full.ec",
            }
            : {}),
        };
        for (const [ours, theirs] of Object.entries(names)) {
          assertClose(
            outputs[ours]!.data,
            realWords(config, expected[theirs]!),
            1e-5,
            `${variant} ${theirs}`,
          );
        }
        const states = expected["encoder.last_hidden_state"]!;
        const P = states.shape[1]!;
        const H = states.shape[2]!;
        const real = config.attention_mask.flatMap((mask, b) =>
          mask.flatMap((m, p) => (m ? [...states.data.subarray((b * P + p) * H, (b * P + p + 1) * H)] : []))
        );
        assertClose(outputs.states!.data, real, 1e-5, "encoder states");
        compiled.dispose();
        labelStates.dispose();
      }
    },
  );

  Deno.test(`${name}: loss and every gradient equal PyTorch's`, { ignore }, async () => {
    const engine = await createEngine(name);
    const { sentences } = await load();
    const expected = readTensors("expected");
    const gradients = readTensors("gradients");
    for (const variant of Object.keys(VARIANTS)) {
      const system = await systemOf(engine, variant);
      const { loss, gradients: found } = await system.lossAndGradients(sentences);
      const ours = await readArrays(engine, found);
      assertClose([loss], expected[`${variant}.loss`]!.data, 1e-5, `${variant} loss`);
      let compared = 0;
      for (const [key, { data }] of Object.entries(gradients)) {
        const parameter = key.startsWith(`grad.head.${variant}.`)
          ? key.slice(`grad.head.${variant}.`.length)
          : variant === "full" && key.startsWith("grad.encoder.")
          ? key.slice("grad.encoder.".length)
          : null;
        if (parameter === null) continue;
        assertGradient(ours[parameter], data, 1e-5, `${variant} ${key}`);
        compared++;
      }
      assertEquals(compared > 1, true, `${variant}: no gradients were compared`);
      if (variant === "full") assertEquals(compared, Object.keys(ours).length);
      system.dispose();
    }
  });

  Deno.test(`${name}: Adam's first five steps equal PyTorch's`, { ignore }, async () => {
    const engine = await createEngine(name);
    const { sentences } = await load();
    const expected = readTensors("adam");
    const first = readTensors("gradients");
    const system = await systemOf(engine, "full");
    const adam = createAdam({ learningRate: 1e-3 });
    for (let step = 0; step <= 5; step++) {
      const { loss, gradients: found } = await system.lossAndGradients(sentences);
      const gradients = await readArrays(engine, found);
      assertClose([loss], [expected["adam.losses"]!.data[step]!], 3e-5, `loss after ${step} steps`);
      adam.step(system.parameters, gradients);
      if (step !== 0 && step !== 4) continue;
      const prefix = `adam${step + 1}.`;
      const entries = Object.entries(expected).filter(([key]) => key.startsWith(prefix));
      assertEquals(entries.length > 0, true, `no parameters after ${step + 1} steps were compared`);
      for (const [key, { data }] of entries) {
        const path = key.slice(prefix.length);
        const parameter = path.replace(/^(encoder|head\.full)\./, "");
        const g = first[`grad.${path}`]!.data;
        const ours = system.parameters[parameter]!.data;
        // Where a gradient is near zero its rounding decides the first steps: there 2e-3 a step is allowed.
        const sure = (i: number) => g[i] === 0 || Math.abs(g[i]!) >= (step === 0 ? 1e-5 : 1e-4);
        const tolerance = step === 0 ? 1e-5 : 3e-5;
        const steps = step + 1;
        assertClose(ours, data, (i) => (sure(i) ? tolerance : 2e-3 * steps), key);
      }
    }
    system.dispose();
  });

  Deno.test(`${name}: greedy tags and the number of passes equal PyTorch's`, { ignore }, async () => {
    const engine = await createEngine(name);
    const { sentences } = await load();
    const expected = readOracle<
      { greedy: Record<string, number[][]>; greedy_passes: Record<string, number[]> }
    >("laner/decode.json");
    for (const variant of Object.keys(VARIANTS)) {
      const system = await systemOf(engine, variant);
      const predicted = await system.predict(sentences);
      assertEquals(predicted.tagIds.map((tags) => [...tags]), expected.greedy[variant], variant);
      if ("nPasses" in predicted) {
        assertEquals(predicted.nPasses, expected.greedy_passes[variant], `${variant}: passes`);
      }
      assertEquals("nPasses" in predicted, variant !== "tagger", variant);
      system.dispose();
    }
  });

  Deno.test(`${name}: loss, gradients and paths of the CRF equal PyTorch's`, { ignore }, async () => {
    const engine = await createEngine(name);
    const { sentences } = await load();
    const system = await bertCrf(engine);
    const expected = readTensors("expected");
    const gradients = readTensors("gradients");
    const alone: number[] = [];
    for (const sentence of sentences) alone.push((await system.lossAndGradients([sentence])).loss);
    assertClose(alone, expected["crf.nll_per_sentence"]!.data, 1e-5, "loss of each sentence");
    const { loss, gradients: found } = await system.lossAndGradients(sentences);
    const ours = await readArrays(engine, found);
    assertClose([loss], expected["crf.nll"]!.data, 1e-5, "loss");
    const theirs = {
      ...pick(gradients, "grad.head.crf.", "crf."),
      ...pick(gradients, "grad.head.crf.tagger.", ""),
    };
    const head = ["crf.transitions", "crf.start", "crf.end", "out.weight", "out.bias"];
    for (const parameter of head) {
      assertGradient(ours[parameter], theirs[parameter]!.data, 1e-5, `gradient of ${parameter}`);
    }
    const { viterbi } = readOracle<{ viterbi: number[][] }>("laner/decode.json");
    const { tagIds } = await system.predict(sentences);
    assertEquals(tagIds.map((tags) => [...tags]), viterbi);
    system.dispose();
  });

  Deno.test(
    `${name}: masked language model loss, logits and gradients equal PyTorch's`,
    { ignore },
    async () => {
      const engine = await createEngine(name);
      const { config, bert, parametersOf } = await load();
      const expected = readTensors("expected");
      const gradients = readTensors("gradients");
      const head = readTensors("head");
      const { input_ids, positions, targets } = config.mlm;
      const sequences = input_ids.map((ids, b) => {
        const here = positions.flatMap(([sentence, piece], i) =>
          sentence === b ? [{ piece, target: targets[i]! }] : []
        );
        return {
          inputIds: Int32Array.from(ids.slice(0, config.attention_mask[b]!.reduce((sum, m) => sum + m, 0))),
          positions: Int32Array.from(here, ({ piece }) => piece),
          targets: Int32Array.from(here, ({ target }) => target),
        };
      });
      const parameters = { ...parametersOf("none"), ...pick(head, "cls.") };
      const lm = createMaskedLm(engine, bert, parameters);
      assertClose([await lm.loss(sequences)], expected["mlm.loss"]!.data, 1e-5, "loss");
      const batch = packBatch(
        sequences.map(({ inputIds, positions }) => ({ ids: inputIds, firstPieces: positions })),
        bert.nHeads,
      );
      const scores = engine.compile<Tensors & EncoderLayout & WordLayout>("oracle pieces", (x) => {
        const states = encode(bert, x, x.embedded!, x);
        const masked = wordStates(states, x);
        return { logits: predictPieces(x, masked, bert.layerNormEpsilon) };
      }, { ...BATCH_AXES(bert.nHeads), embedded: ["T", bert.hiddenWidth] });
      const { logits } = await scores.run({
        ...parameters,
        ...batch.encoder,
        ...batch.words,
        embedded: embedPieces(parameters, batch),
      });
      assertClose(logits!.data, expected["mlm.logits"]!.data, 1e-5, "logits");
      scores.dispose();
      const { loss, gradients: found } = await lm.lossAndGradients(sequences);
      const ours = await readArrays(engine, found);
      assertClose([loss], expected["mlm.loss"]!.data, 1e-5, "loss of a step");
      const theirs = {
        ...pick(gradients, "grad.head.cls.", "cls."),
        ...pick(gradients, "grad.mlm.encoder.", ""),
      };
      assertEquals(Object.keys(theirs).length > 1, true, "no gradients were compared");
      for (const [key, { data }] of Object.entries(theirs)) {
        assertGradient(ours[key], data, 1e-5, `gradient of ${key}`);
      }
      lm.dispose();
    },
  );
}

/** Entries whose names begin with a prefix, with another in its place. */
function pick(arrays: Parameters, prefix: string, replacement = prefix): Parameters {
  const found = Object.entries(arrays).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, array]) => [replacement + name.slice(prefix.length), array]));
}

import { assertEquals } from "@std/assert";
import { TagSet } from "../data/tags/tag_set.ts";
import { loadEncoderFolder } from "../model/bert/encoder_folder.ts";
import { SHAPE_TABLE } from "../model/bert/word_shapes.ts";
import { createEngine } from "../model/engine/create_engine.ts";
import type { Engine } from "../model/engine/engine.ts";
import { readArrays } from "../model/engine/read_arrays.ts";
import { valueAndGradients } from "../model/engine/gradients.ts";
import { oneHotTargets } from "../model/nn/one_hot_targets.ts";
import { R_DROP_AXES, rDropArrays, rDropLoss } from "../model/nn/r_drop.ts";
import { createBertTagger } from "../model/systems/bert_tagger/bert_tagger.ts";
import { createLaner } from "../model/systems/laner/laner.ts";
import type { System, TaggedSentence } from "../model/training/system.ts";
import { createAdam } from "../model/training/adam.ts";
import { factoredTags } from "../model/training/factored_tags.ts";
import type { Gradient } from "../model/training/optimizer.ts";
import { copyParameters, type Parameters } from "../model/weights/parameters.ts";
import { readSafetensors } from "../model/weights/safetensors.ts";
import { assertClose } from "./close.ts";
import { assertGradient } from "./model/gradient_checks.ts";
import { oraclePath, readOracle } from "./oracle_dir.ts";
import { testedEngines } from "./tested_engines.ts";

const ENGINES = testedEngines(["cpu", "onnx", "onnx-ffi", "wasm"]);
const TOLERANCE = 1e-5;

interface LanerConfig {
  sizes: Record<"d2", number>;
  label_names: string[];
  input_ids: number[][];
  attention_mask: number[][];
  word_starts: number[][];
  word_mask: number[][];
  labels: number[][];
}

interface Settings {
  pieceShapes: number[][];
  gold: number[];
  learningRate: number;
  nSteps: number;
}

function readTensors(path: string): Parameters {
  const { tensors } = readSafetensors(Deno.readFileSync(oraclePath(path)));
  return Object.fromEntries(
    [...tensors].map(([key, { shape, data }]) => [key, { shape, data: data as Float32Array }]),
  );
}

/** A system of the oracle's, `tagger` or `full`, with more parameters of the encoder's, and its sentences. */
async function load(engine: Engine, variant: string, more: Parameters = {}) {
  const oracle = readOracle<LanerConfig>("laner/config.json");
  const settings = readOracle<Settings>("recipe/settings.json");
  const { config, parameters: encoder } = await loadEncoderFolder(oraclePath("laner/encoder"), {
    tokenizer: false,
  });
  const ofVariant = Object.entries(readTensors("laner/head.safetensors"))
    .filter(([name]) => name.startsWith(`${variant}.`))
    .map(([name, array]) => [name.slice(variant.length + 1), array] as const);
  const parameters = copyParameters({ ...encoder, ...more, ...Object.fromEntries(ofVariant) });
  const count = (mask: number[]) => mask.reduce((sum, m) => sum + m, 0);
  const sentences: TaggedSentence[] = oracle.input_ids.map((ids, b) => {
    const n = count(oracle.word_mask[b]!);
    return {
      ids: ids.slice(0, count(oracle.attention_mask[b]!)),
      firstPieces: oracle.word_starts[b]!.slice(0, n),
      tagIds: oracle.labels[b]!.slice(0, n),
      pieceShapes: settings.pieceShapes[b]!,
    };
  });
  const tags = new TagSet(oracle.label_names);
  const parts = { labelBackground: true, labelContext: true };
  const options = { engine, config, tags, labelWidth: oracle.sizes.d2, parameters };
  const system: System = variant === "full" ? createLaner({ ...options, parts }) : createBertTagger(options);
  return { system, sentences, settings, expected: readTensors("recipe/expected.safetensors") };
}

/** Adam's steps on all parameters, with the loss before each; calls `afterFirst` with the first gradients. */
async function learn(
  engine: Engine,
  system: System,
  sentences: TaggedSentence[],
  { learningRate, nSteps }: Settings,
  afterFirst: (gradients: Record<string, Gradient>) => void,
): Promise<number[]> {
  const adam = createAdam({ learningRate });
  const losses: number[] = [];
  for (let step = 0; step < nSteps; step++) {
    const found = await system.lossAndGradients(sentences);
    const gradients = await readArrays(engine, found.gradients);
    losses.push(found.loss);
    if (step === 0) afterFirst(gradients);
    adam.step(system.parameters, gradients);
  }
  return losses;
}

/** The gradients or values of an entry: NAME of `PREFIX.NAME`. */
function under(prefix: string, tensors: Parameters): [name: string, values: Float32Array][] {
  return Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`))
    .map(([name, { data }]) => [name.slice(prefix.length + 1), data]);
}

for (const name of ENGINES) {
  Deno.test(`${name}: loss and gradients of R-Drop equal PyTorch's`, async () => {
    const engine = await createEngine(name);
    const { gold } = readOracle<Settings>("recipe/settings.json");
    const expected = readTensors("recipe/expected.safetensors");
    const logits = expected["rdrop.logits"]!;
    const [W, K] = logits.shape as [number, number];
    const compiled = engine.compile("R-Drop", (x) => {
      const { value, gradients } = valueAndGradients(({ logits }) => rDropLoss(logits!, x), {
        logits: x.logits!,
      });
      return { loss: value, d: gradients.logits! };
    }, { logits: ["W", K], targets: ["W", K], ...R_DROP_AXES });
    for (const weight of [0.5, 2]) {
      const inputs = { logits, ...oneHotTargets([gold, gold], K), ...rDropArrays(W, weight) };
      const { loss, d } = await compiled.run(inputs);
      const key = `rdrop.${weight.toFixed(1)}`;
      assertClose(loss.data, expected[`${key}.loss`]!.data, TOLERANCE, "loss");
      assertGradient(d, expected[`${key}.grad`]!.data, TOLERANCE, "logits");
    }
    compiled.dispose();
  });

  for (const variant of ["tagger", "full"]) {
    Deno.test(`${name}: loss and gradients of word shapes equal PyTorch's: ${variant}`, async () => {
      const table = readTensors("recipe/expected.safetensors")["shapes.table"]!;
      const engine = await createEngine(name);
      const { system, sentences, expected } = await load(engine, variant, { [SHAPE_TABLE]: table });
      const { loss, gradients: held } = await system.lossAndGradients(sentences);
      const gradients = await readArrays(engine, held);
      assertClose([loss], expected[`shapes.${variant}.loss`]!.data, TOLERANCE, "loss");
      for (const [parameter, values] of under(`shapes.${variant}.grad`, expected)) {
        const own = parameter === "shapes" ? SHAPE_TABLE : parameter;
        assertGradient(gradients[own], values, TOLERANCE, own);
      }
      system.dispose();
    });

    Deno.test(`${name}: losses, gradients and folded rows of factored tags equal PyTorch's: ${variant}`, async () => {
      const engine = await createEngine(name);
      const { system: plain, sentences, settings, expected } = await load(engine, variant);
      const tables = ["out.weight", "label_embedding.weight"].filter((table) => table in plain.parameters);
      const system = factoredTags(plain, tables);
      const losses = await learn(engine, system, sentences, settings, (gradients) => {
        const named = under(`factors.${variant}.grad`, expected);
        assertEquals(named.length, 3 * tables.length);
        for (const [parameter, values] of named) {
          assertGradient(gradients[parameter], values, TOLERANCE, parameter);
        }
      });
      const expectedLosses = losses.map((_, step) => expected[`factors.${variant}.loss.${step}`]!.data[0]!);
      assertClose(losses, expectedLosses, 1e-4, "losses");
      await system.fold();
      for (const [table, values] of under(`factors.${variant}.folded`, expected)) {
        assertClose(plain.parameters[table]!.data, values, 1e-3, table);
      }
      system.dispose();
    });
  }
}

/** BART and BARTNER against Hugging Face's BART and a plain PyTorch head (tests/oracle/systems/bartner/README.md). */
import { assert, assertEquals } from "@std/assert";
import type { EncodedSentence } from "../data/batches/batch.ts";
import { packPairs, pairAxes } from "../model/bart/bart_batch.ts";
import { type BartConfig, formatBartConfig, parseBartConfig } from "../model/bart/bart_config.ts";
import { type DecoderLayout, decodeTarget } from "../model/bart/bart_decoder.ts";
import { embedPlaced, lookUp, SHARED } from "../model/bart/bart_embeddings.ts";
import { encodeSource } from "../model/bart/bart_encoder.ts";
import { createBartLm } from "../model/bart/bart_lm.ts";
import { bartShapes } from "../model/bart/bart_shapes.ts";
import { pickBartWeights } from "../model/bart/bart_weights.ts";
import type { EncoderLayout } from "../model/bert/encoder.ts";
import { type WordLayout, wordStates } from "../model/bert/words.ts";
import { createEngine } from "../model/engine/create_engine.ts";
import type { NdArray } from "../model/engine/nd_array.ts";
import type { Tensors } from "../model/engine/tf.ts";
import { linear } from "../model/nn/ops.ts";
import { createBartner } from "../model/systems/bartner/bartner.ts";
import { packSequences, type PointerSentence, sequenceAxes } from "../model/systems/bartner/bartner_batch.ts";
import {
  bartnerShapes,
  type CandidateLayout,
  candidateVectors,
  scoreCandidates,
  type TargetLayout,
  TYPES,
} from "../model/systems/bartner/bartner_head.ts";
import type { Gradient } from "../model/training/optimizer.ts";
import { copyParameters, sizeOf } from "../model/weights/parameters.ts";
import { readSafetensors } from "../model/weights/safetensors.ts";
import { assertClose } from "./close.ts";
import { assertGradient } from "./model/gradient_checks.ts";
import { readOwnOracle } from "./oracle_dir.ts";
import { testedEngines } from "./tested_engines.ts";

interface OracleSentence {
  ids: number[];
  first: number[];
}
interface OracleConfig {
  config: Record<string, unknown>;
  nTypes: number;
  sentences: (OracleSentence & { sequence: number[] })[];
  targets: number[][];
  counts: Record<string, { config: Record<string, number>; parameters: number }>;
}
interface Search {
  beamSize: number;
  lengthPenalty: number;
  sequences: number[][];
}

const ENGINES = testedEngines(["cpu", "onnx", "onnx-ffi"]);
const TOLERANCE = 2e-5;

const oracle = readOwnOracle<OracleConfig>("systems/bartner/config.json");
const { tensors } = readTensors("parameters");
const config = parseBartConfig(oracle.config);
const isHead = (name: string) => Object.hasOwn(bartnerShapes(1, 1), name);
const expected = Object.fromEntries(readTensors("expected").tensors) as unknown as Record<string, NdArray>;

function readTensors(name: string) {
  const path = `${import.meta.dirname}/oracle/systems/bartner/${name}.safetensors`;
  return readSafetensors(Deno.readFileSync(path));
}

/** Fresh copies, as training changes parameters in place. */
function load() {
  const entries = [...tensors];
  const { parameters, finalLogitsBias } = pickBartWeights(
    new Map(entries.filter(([name]) => !isHead(name))),
    config,
    "parameters.safetensors",
  );
  const head = Object.fromEntries(entries.filter(([name]) => isHead(name))) as unknown as typeof parameters;
  return { bart: copyParameters(parameters), head: copyParameters(head), finalLogitsBias };
}

const toSentence = ({ ids, first }: OracleSentence): EncodedSentence => ({ ids, firstPieces: first });
const pointerSentences: PointerSentence[] = oracle.sentences.map((sentence) => ({
  ...toSentence(sentence),
  sequence: sentence.sequence,
}));
const texts = oracle.sentences.map(({ ids }, i) => ({
  inputIds: Int32Array.from(ids),
  targetIds: Int32Array.from(oracle.targets[i]!),
}));

/** Compares all gradients with those of a prefix, in both directions. */
function assertGradients(ours: Record<string, Gradient>, prefix: string): void {
  const start = `gradient.${prefix}.`;
  const names = Object.keys(expected).filter((name) => name.startsWith(start));
  assertEquals(names.map((name) => name.slice(start.length)).sort(), Object.keys(ours).sort());
  for (const name of names) {
    assertGradient(ours[name.slice(start.length)], expected[name]!.data, TOLERANCE, name);
  }
}

/** Rows at real places: [B, P, width] → [T, width]. */
function realRows({ shape: [, P, width], data }: NdArray, lengths: readonly number[]): number[] {
  return lengths.flatMap((length, b) => [...data.subarray(b * P! * width!, (b * P! + length) * width!)]);
}

Deno.test("bartShapes() and bartnerShapes() count as many parameters as Hugging Face's BART and the paper's code", () => {
  for (const { config, parameters } of Object.values(oracle.counts)) {
    const shapes = bartShapes(parseBartConfig({ model_type: "bart", ...config }));
    assertEquals(Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0), parameters);
  }
  assertEquals(oracle.counts["bart-base"]!.parameters, 139_420_416);
  // ai: the MLP, 14 types, and the five rows that nothing reads there.
  const head = Object.values(bartnerShapes(768, 14)).reduce((sum, shape) => sum + sizeOf(shape), 0);
  assertEquals(head + 5 * 768, 1_195_776);
});

Deno.test("formatBartConfig() writes what Hugging Face saved, as far as it concerns the network", () => {
  const written = formatBartConfig(config);
  for (const [key, value] of Object.entries(written)) {
    if (key in oracle.config) assertEquals(value, oracle.config[key], key);
  }
  assertEquals(parseBartConfig(written), config);
});

for (const name of ENGINES) {
  Deno.test(`${name}: BART's states, scores, loss and gradients equal Hugging Face's`, async () => {
    const engine = await createEngine(name);
    const { bart, finalLogitsBias } = load();
    const decoderIds = oracle.targets.map((ids) => [config.decoderStartId, ...ids.slice(0, -1)]);
    const { source, target, layout } = packPairs(oracle.sentences.map(toSentence), decoderIds, config.nHeads);
    const compiled = engine.compile<Tensors & EncoderLayout & DecoderLayout>("oracle", (x) => {
      const states = encodeSource(config, x, x.embeddedSource!, x);
      const hidden = decodeTarget(config, x, x.embeddedTarget!, states, x);
      return { states, logits: linear(hidden, x[SHARED]!, x.finalLogitsBias!) };
    }, pairAxes(config));
    const { states, logits } = await compiled.run({
      ...bart,
      ...layout,
      finalLogitsBias,
      embeddedSource: embedPlaced(config, bart, "encoder", source),
      embeddedTarget: embedPlaced(config, bart, "decoder", target),
    });
    const sourceLengths = oracle.sentences.map(({ ids }) => ids.length);
    assertClose(
      states!.data,
      realRows(expected["lm.source_states"]!, sourceLengths),
      TOLERANCE,
      "source states",
    );
    const targetLengths = oracle.targets.map((ids) => ids.length);
    assertClose(logits!.data, realRows(expected["lm.logits"]!, targetLengths), TOLERANCE, "logits");
    compiled.dispose();

    const lm = createBartLm(engine, config, bart, finalLogitsBias);
    assertClose([await lm.loss(texts)], expected["lm.loss"]!.data, TOLERANCE, "loss");
    const { loss, gradients } = await lm.lossAndGradients(texts);
    assertClose([loss], expected["lm.loss"]!.data, TOLERANCE, "loss of a step");
    assertGradients(gradients, "lm");
    lm.dispose();
  });

  Deno.test(`${name}: BART's loss and the gradients of its tables equal Hugging Face's when embeddings are scaled`, async () => {
    const { bart, finalLogitsBias } = load();
    const scaled: BartConfig = { ...config, scaleEmbedding: true };
    const lm = createBartLm(await createEngine(name), scaled, bart, finalLogitsBias);
    const { loss, gradients } = await lm.lossAndGradients(texts);
    assertClose([loss], expected["scaled.loss"]!.data, TOLERANCE, "loss");
    const tables = Object.entries(gradients).filter(([name]) => /shared|embed_positions/.test(name));
    assertGradients(Object.fromEntries(tables), "scaled");
    lm.dispose();
  });

  Deno.test(`${name}: BARTNER's scores, loss and gradients equal PyTorch's`, async () => {
    const engine = await createEngine(name);
    const { bart, head } = load();
    const parameters = { ...bart, ...head };
    const { pair, candidates, arrays } = packSequences(config, oracle.nTypes, pointerSentences);
    type Inputs = Tensors & EncoderLayout & DecoderLayout & WordLayout & CandidateLayout & TargetLayout;
    const compiled = engine.compile<Inputs>("oracle pointers", (x) => {
      const states = encodeSource(config, x, x.embeddedSource!, x);
      const candidates = candidateVectors(x, wordStates(states, x), x.embeddedCandidates!, x);
      return {
        logits: scoreCandidates(decodeTarget(config, x, x.embeddedTarget!, states, x), candidates, x),
      };
    }, sequenceAxes(config));
    const { logits } = await compiled.run({
      ...parameters,
      ...arrays,
      embeddedSource: embedPlaced(config, parameters, "encoder", pair.source),
      embeddedTarget: embedPlaced(config, parameters, "decoder", pair.target, [SHARED, TYPES]),
      embeddedCandidates: lookUp(parameters, [SHARED, TYPES], candidates.ids),
    });
    let row = 0;
    oracle.sentences.forEach(({ sequence }, i) => {
      const { shape: [, n], data } = expected[`bartner.logits.${i}`]!;
      const C = logits!.shape[1]!;
      const rows = sequence.map((_, place) =>
        logits!.data.subarray((row + place) * C, (row + place) * C + n!)
      );
      assertClose(rows.flatMap((scores) => [...scores]), data, TOLERANCE, `scores of sentence ${i}`);
      row += sequence.length;
    });
    compiled.dispose();

    const bartner = createBartner({ engine, config, parameters });
    const { loss, gradients } = await bartner.lossAndGradients(pointerSentences);
    assertClose([loss], expected["bartner.loss"]!.data, TOLERANCE, "loss");
    assertGradients(gradients, "bartner");
    bartner.dispose();
  });

  Deno.test(`${name}: BARTNER writes what Hugging Face's search writes, greedily and by beams`, async () => {
    const { lengthRatio, sentences, searches } = readOwnOracle<
      { lengthRatio: number; sentences: OracleSentence[]; searches: Search[] }
    >("systems/bartner/decode.json");
    const { bart, head } = load();
    const bartner = createBartner({
      engine: await createEngine(name),
      config,
      parameters: { ...bart, ...head },
    });
    assert(new Set(searches.map(({ sequences }) => JSON.stringify(sequences))).size === searches.length);
    for (const { beamSize, lengthPenalty, sequences } of searches) {
      const written = await bartner.decode(sentences.map(toSentence), {
        lengthRatio,
        beamSize,
        lengthPenalty,
      });
      assertEquals(written, sequences, `${beamSize} beams, length penalty ${lengthPenalty}`);
    }
    bartner.dispose();
  });
}

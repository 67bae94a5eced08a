/** Times one system in this process: training epochs by part, and prediction. Run by `deno task bench`. */
import { corpusTags } from "../../data/corpus/corpus.ts";
import { encodeCorpus } from "../../data/pieces/encode_corpus.ts";
import { createRandom } from "../../data/random.ts";
import { closedObject, maybe, whole } from "../../data/schema/file_shapes.ts";
import { anyText, choice, type Shape } from "../../data/schema/shapes.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { type Engine, ENGINE_NAMES, type EngineName } from "../../model/engine/engine.ts";
import { loadBertModel } from "../../model/model_folder.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { SYSTEMS } from "../../model/systems/systems.ts";
import { encodeTagged } from "../../model/train_model.ts";
import { createAdam } from "../../model/training/adam.ts";
import { initialParameters } from "../../model/weights/parameters.ts";
import { readShape } from "../config/place.ts";
import { loadDataSet } from "../data_sets/data_sets.ts";
import { locationOptions } from "../stages/stage_context.ts";
import { stepOperations } from "./operations.ts";
import { measurePeak } from "./peak.ts";

/** The system to time, its data and its encoder. */
export interface BenchRequest {
  system: "bert-tagger" | "laner";
  root: string;
  target: string;
  encoder: string;
  engine: EngineName | "auto";
  epochs: number;
  /** Folder of a trained model to time prediction with, in place of the model that was just trained. */
  model?: string;
}

/** The shape of the JSON that the parent process hands over. */
const BENCH_REQUEST: Shape<BenchRequest> = closedObject({
  system: choice("bert-tagger", "laner"),
  root: anyText(),
  target: anyText(),
  encoder: anyText(),
  engine: choice("auto", ...ENGINE_NAMES),
  epochs: whole(1),
  model: maybe(anyText()),
});

/** The timings of a system. */
export interface BenchResult {
  system: "bert-tagger" | "laner";
  engine: string;
  /** Median seconds of a training epoch, without the first one. */
  epochSeconds: number;
  wordsPerSecond: number;
  /** Mean milliseconds of a training step by part. */
  stepMilliseconds: { graph: number; labelEncoder: number; optimiser: number; host: number };
  /** Mean floating-point operations of a training step (see `stepOperations`). */
  stepOperations: number;
  /** The most operations a second that the machine reaches (see `measurePeak`). */
  peakOperations: number;
}

/** Times training and prediction of a system. */
export async function benchSystem(request: BenchRequest): Promise<BenchResult> {
  const { system: name, root, target, epochs } = request;
  const data = await loadDataSet(root, target);
  const { config, parameters, tokenizer } = await loadEncoderFolder(request.encoder, locationOptions());
  const times = { graph: 0, labelEncoder: 0, optimiser: 0, all: 0 };
  const plain = await createEngine(request.engine);
  const peakOperations = await measurePeak(plain);
  const engine = timed(plain, times);
  const tags = corpusTags(data.splits, "IOB2");
  const labelWidth = 100;
  const random = createRandom(1);
  const shapes = SYSTEMS[name].headShapes(config.hiddenWidth, labelWidth, tags.nTags);
  const model = {
    system: name,
    config,
    tags,
    labelWidth,
    maxPieces: config.maxPositions,
    parameters: { ...parameters, ...initialParameters(shapes, random) },
  };
  const system = createSystem(engine, model);
  const train = encodeTagged(data.splits.train, model, tokenizer!);
  const sizes = train.map(({ ids, firstPieces }) => ({ nPieces: ids.length, nWords: firstPieces.length }));
  const head = { nTags: tags.nTags, labelWidth: name === "laner" ? labelWidth : null };
  const adam = createAdam();
  const seconds: number[] = [];
  let nSteps = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    if (epoch === 1) { for (const part of Object.keys(times)) times[part as keyof typeof times] = 0; }
    const shuffled = random.shuffle([...train]);
    const start = performance.now();
    for (let first = 0; first < shuffled.length; first += 16) {
      const { gradients } = await system.lossAndGradients(shuffled.slice(first, first + 16), random);
      const before = performance.now();
      adam.step(system.parameters, gradients);
      times.optimiser += performance.now() - before;
      if (epoch > 0) nSteps++;
    }
    seconds.push((performance.now() - start) / 1000);
    times.all += performance.now() - start;
  }
  // Prediction runs graphs too, so the times of training are read before it.
  const { graph, labelEncoder, optimiser, all } = times;
  const trained = request.model === undefined ? null : await loadBertModel(request.model, locationOptions());
  const predictor = trained ? createSystem(engine, trained) : system;
  const words = data.splits.test.map((sentence) => sentence.words);
  const { parts: test } = encodeCorpus(words, trained?.tokenizer ?? tokenizer!, (trained ?? model).maxPieces);
  const start = performance.now();
  await predictor.predict(test);
  const nWords = test.reduce((sum, { firstPieces }) => sum + firstPieces.length, 0);
  const wordsPerSecond = nWords / ((performance.now() - start) / 1000);
  for (const one of new Set([system, predictor])) one.dispose();
  const perStep = (milliseconds: number) => milliseconds / nSteps;
  return {
    system: name,
    engine: engine.name,
    epochSeconds: median(seconds.slice(1)),
    wordsPerSecond,
    stepMilliseconds: {
      graph: perStep(graph),
      labelEncoder: perStep(labelEncoder),
      optimiser: perStep(optimiser),
      host: perStep(all - graph - labelEncoder - optimiser),
    },
    stepOperations: stepOperations(config, head, sizes) * (epochs - 1) / nSteps,
    peakOperations,
  };
}

/** Wraps an engine so that every run is timed. */
function timed(engine: Engine, times: { graph: number; labelEncoder: number }): Engine {
  return {
    name: engine.name,
    version: engine.version,
    compile(label, fn, axes) {
      const compiled = engine.compile(label, fn, axes);
      const part = label.startsWith("label encoder") ? "labelEncoder" : "graph";
      return {
        dispose: compiled.dispose,
        async run(inputs, buffers) {
          const start = performance.now();
          const outputs = await compiled.run(inputs, buffers);
          times[part] += performance.now() - start;
          return outputs;
        },
      };
    },
  };
}

/** Returns the median of numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

if (import.meta.main) {
  const request = JSON.parse(Deno.args[0] ?? "null");
  const place = { path: "", sourceOf: () => "the process's argument" };
  console.log(JSON.stringify(await benchSystem(readShape(BENCH_REQUEST, request, place))));
}

/** Times one system in this process: training epochs by part, and prediction. Run by `deno task bench`. */
import { closedObject } from "../../data/schema/file_shapes.ts";
import { anyText, finite, type Shape } from "../../data/schema/shapes.ts";
import { encodeCorpus } from "../../data/pieces/encode_corpus.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadBertModel } from "../../model/model_folder.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { createFrozenSystem } from "../../model/systems/frozen_system.ts";
import { locationOptions } from "../stages/stage_context.ts";
import { BENCH_REQUEST, type BenchRequest, PART_TIMES, readRequest } from "./bench_request.ts";
import { answer } from "./child.ts";
import { measurePeak } from "./peak.ts";
import { prepareBench } from "./prepare_bench.ts";
import { meanStep, median, type PartTimes, timedEngine, timeSteps, wholeStep } from "./timed_steps.ts";

/** The timings of a system. */
export interface BenchResult {
  /** The engine's software. */
  engine: string;
  /** Median seconds of a training epoch, without the first one. */
  epochSeconds: number;
  wordsPerSecond: number;
  /** Mean milliseconds of a training step by part. */
  stepMilliseconds: PartTimes;
  /** Mean floating-point operations of a training step (see `stepOperations`). */
  stepOperations: number;
  /** Those of the encoder's linear layers. */
  linearOperations: number;
  /** The most operations a second that the machine reaches (see `measurePeak`). */
  peakOperations: number;
}

/** The shape of the timings' JSON. */
export const BENCH_RESULT: Shape<BenchResult> = closedObject({
  engine: anyText(),
  epochSeconds: finite(),
  wordsPerSecond: finite(),
  stepMilliseconds: PART_TIMES,
  stepOperations: finite(),
  linearOperations: finite(),
  peakOperations: finite(),
});

/** Times training and prediction of a system. */
export async function benchSystem(request: BenchRequest): Promise<BenchResult> {
  const { data, model, tokenizer, random, drawEpoch, operations } = await prepareBench(request);
  const plain = await createEngine(request.engine);
  const peakOperations = await measurePeak(plain);
  const timed = timedEngine(plain);
  const system = createSystem(timed.engine, model);
  const epochs = Array.from({ length: request.epochs }, drawEpoch);
  const counted = (await timeSteps(system, timed, epochs, random)).slice(1);
  system.dispose();
  const trained = request.model === undefined ? null : await loadBertModel(request.model, locationOptions());
  const predictor = createFrozenSystem(plain, trained ?? model);
  const words = data.splits.test.map((sentence) => sentence.words);
  const { parts: test } = encodeCorpus(words, trained?.tokenizer ?? tokenizer, (trained ?? model).maxPieces);
  const start = performance.now();
  await predictor.predict(test);
  const nWords = test.reduce((sum, { firstPieces }) => sum + firstPieces.length, 0);
  const wordsPerSecond = nWords / ((performance.now() - start) / 1000);
  predictor.dispose();
  const secondsOf = (steps: PartTimes[]) => steps.reduce((sum, step) => sum + wholeStep(step), 0) / 1000;
  return {
    engine: plain.version,
    epochSeconds: median(counted.map(secondsOf)),
    wordsPerSecond,
    stepMilliseconds: meanStep(counted.flat()),
    stepOperations: operations.all,
    linearOperations: operations.linear,
    peakOperations,
  };
}

if (import.meta.main) answer(await benchSystem(readRequest(BENCH_REQUEST)));

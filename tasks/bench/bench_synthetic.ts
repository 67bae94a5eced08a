/** Times training steps of one system on made-up sentences in this process, and prediction if it is asked for. */
import { createRandom } from "../../data/random.ts";
import { closedObject, whole } from "../../data/schema/file_shapes.ts";
import { anyText, finite, type Shape } from "../../data/schema/shapes.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { createFrozenSystem } from "../../model/systems/frozen_system.ts";
import { answer } from "./child.ts";
import { readRequest, STEPS, SYNTHETIC_REQUEST, type SyntheticRequest } from "./bench_request.ts";
import { syntheticModel, syntheticSentences } from "./synthetic.ts";
import { type PartTimes, timedEngine, timeSteps } from "./timed_steps.ts";

/** The timings of a request. */
export interface SyntheticResult {
  /** The engine's name and software. */
  engine: string;
  version: string;
  /** The times of each step, the first one not among them. */
  steps: PartTimes[];
  /** Pieces in a batch. */
  pieces: number;
  /** Null where nothing was predicted. */
  wordsPerSecond: number | null;
}

/** The shape of their JSON. */
export const SYNTHETIC_RESULT: Shape<SyntheticResult> = closedObject({
  engine: anyText(),
  version: anyText(),
  steps: STEPS,
  pieces: whole(1),
  wordsPerSecond: finite().nullable(),
});

/** Times a request. Every step is on the same batch. */
export async function benchSynthetic(request: SyntheticRequest): Promise<SyntheticResult> {
  const { engine: name, threads, sentences, length, steps, predicted } = request;
  const engine = await createEngine(name, { nThreads: threads });
  const model = syntheticModel(request);
  const random = createRandom(3);
  const batch = syntheticSentences(random, sentences, length, model);
  const timed = timedEngine(engine);
  const system = createSystem(timed.engine, model);
  const epoch = Array.from({ length: 1 + steps }, () => batch);
  const [times] = await timeSteps(system, timed, [epoch], random);
  system.dispose();
  let wordsPerSecond: number | null = null;
  if (predicted > 0) {
    const predictor = createFrozenSystem(engine, model);
    // The first prediction records the graph.
    await predictor.predict(batch);
    const text = syntheticSentences(random, predicted, length, model);
    const start = performance.now();
    await predictor.predict(text);
    wordsPerSecond = predicted * length / ((performance.now() - start) / 1000);
    predictor.dispose();
  }
  return {
    engine: engine.name,
    version: engine.version,
    steps: times!.slice(1),
    pieces: batch.reduce((sum, { ids }) => sum + ids.length, 0),
    wordsPerSecond,
  };
}

if (import.meta.main) answer(await benchSynthetic(readRequest(SYNTHETIC_REQUEST)));

/** Steps of this toolkit's batches in PyTorch: what tests/bench/torch_step.py is asked, and what it answers. */
import { createRandom } from "../../data/random.ts";
import { listOf, objectOf } from "../../data/schema/file_shapes.ts";
import { anyText, finite, type Shape } from "../../data/schema/shapes.ts";
import { readShape } from "../config/place.ts";
import type { SyntheticRequest } from "./bench_request.ts";
import { ENCODER_SIZES } from "./encoder_sizes.ts";
import { runWatched } from "./run_watched.ts";
import { syntheticSentences, syntheticTags } from "./synthetic.ts";

/** The timings of PyTorch. */
export interface TorchSteps {
  /** PyTorch's version, and what it computes on. */
  version: string;
  /** Milliseconds of each step, the first one not among them. */
  steps: number[];
  wordsPerSecond: number;
  /** The most memory that the process held; null where the system does not tell. */
  peakMegabytes: number | null;
}

const RESULT = objectOf({ version: anyText(), steps: listOf(finite()), wordsPerSecond: finite() });

/**
 * Times the same sentences and sizes in PyTorch.
 *
 * @param python A Python with torch.
 * @param script The path of torch_step.py.
 * @param device "cuda", or "cpu".
 * @throws Error if Python, torch or a GPU is missing; the message says which.
 */
export async function timeTorch(
  python: string,
  script: string,
  request: SyntheticRequest,
  device: string,
): Promise<TorchSteps> {
  const { text, peakMegabytes } = await runWatched(python, [script, torchRequest(request, device)]);
  const last = text.trim().split("\n").at(-1)!;
  const place = { path: "", sourceOf: () => `the output of ${script}` };
  const result = readShape(RESULT as Shape<Omit<TorchSteps, "peakMegabytes">>, JSON.parse(last), place);
  return { ...result, peakMegabytes };
}

/** Writes the request: the batch that `benchSynthetic` trains on, and as many sentences to predict. */
export function torchRequest(request: SyntheticRequest, device: string): string {
  const { system, size, sentences, length, labelWidth, types, steps, predicted } = request;
  const config = ENCODER_SIZES[size];
  const tags = syntheticTags(types);
  const random = createRandom(3);
  const draw = (n: number) =>
    syntheticSentences(random, n, length, { config, tags })
      .map(({ ids, firstPieces, tagIds }) => ({ ids, firstPieces, tagIds }));
  const batch = draw(sentences);
  return JSON.stringify({
    system,
    config,
    nTags: tags.nTags,
    labelWidth,
    steps,
    device,
    batch,
    predicted: draw(predicted),
  });
}

/** The tags that a model predicts for sentences whose gold tags are known. */
import type { Sentence } from "../../data/text/conll.ts";
import { createReporter, type Reporter, SILENT_REPORTER } from "../terminal/progress.ts";
import type { TaggingFlagValues } from "./tagging_flags.ts";
import { type TaggingRequest, taggingRequest } from "./tagging_request.ts";
import { openTextTagger } from "./text_tagger.ts";

/** Predictions for the same sentences. */
export interface ModelTags {
  predicted: Sentence[];
  /** Predictions in float32 beside those in int8. */
  float32?: Sentence[];
}

/**
 * Predicts the tags of sentences; in int8 and in float32 if the flags ask for int8.
 *
 * @throws As `taggingRequest` and `openTextTagger` do.
 */
export async function modelTags(
  model: string,
  flags: TaggingFlagValues,
  gold: readonly Sentence[],
): Promise<ModelTags> {
  const request = await taggingRequest(model, flags, createReporter().say);
  const predict = async (request: TaggingRequest, stage: string) => {
    // A bar only for work that takes more than a moment.
    const reporter = gold.length > 1000 ? createReporter() : SILENT_REPORTER;
    return await predictBy(request, gold, stage, reporter);
  };
  if (!request.quantize) return { predicted: await predict(request, "predict") };
  return {
    predicted: await predict(request, "predict in int8"),
    float32: await predict({ ...request, quantize: undefined }, "predict in float32"),
  };
}

async function predictBy(
  request: TaggingRequest,
  gold: readonly Sentence[],
  stage: string,
  reporter: Reporter,
): Promise<Sentence[]> {
  const total = gold.length;
  const tagger = await openTextTagger(request, total);
  try {
    const tags = await tagger.predict(
      gold.map(({ words }) => words),
      (done) => reporter.report({ stage, done, total }),
    );
    return gold.map(({ words }, i) => ({ words, tags: tags[i]! }));
  } finally {
    reporter.close();
    tagger.dispose();
  }
}

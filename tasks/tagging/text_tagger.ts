/** Tagging for commands: a trained model in this thread, or in several jobs of their own. */
import { TagSet } from "../../data/tags/tag_set.ts";
import { addedModules } from "../../model/systems/systems.ts";
import { talkToWorker } from "../workers/talk_to_worker.ts";
import { openTagger } from "./open_tagger.ts";
import { PORTION, tagPortions, type TagSentences } from "./portions.ts";
import type { TaggingRequest } from "./tagging_request.ts";
import type { FromTaggingJob, ToTaggingJob } from "./tagging_job.ts";

/** A trained model that tags any number of sentences. */
export interface TextTagger {
  readonly tags: TagSet;
  /**
   * Predicts the tags of sentences, in the order of the sentences; they are the same whatever the number of jobs.
   *
   * @param onProgress Told how many sentences are done.
   */
  predict(
    sentences: readonly (readonly string[])[],
    onProgress?: (done: number) => void,
  ): Promise<string[][]>;
  /** Frees the memory of the engine, and ends the jobs. */
  dispose(): void;
}

/** One of the taggers side by side. */
interface Lane {
  tags: TagSet;
  tag: TagSentences;
  dispose(): void;
}

/**
 * Loads a model, as often as there are jobs and portions for them.
 *
 * @param nSentences The number of sentences that are to be tagged.
 * @throws As `openTagger` does.
 */
export async function openTextTagger(request: TaggingRequest, nSentences: number): Promise<TextTagger> {
  const nJobs = Math.max(1, Math.min(request.nJobs, Math.ceil(nSentences / PORTION)));
  const opened = await Promise.allSettled(
    nJobs === 1 ? [ownLane(request)] : Array.from({ length: nJobs }, () => jobLane(request)),
  );
  const lanes = opened.flatMap((lane) => lane.status === "fulfilled" ? [lane.value] : []);
  const dispose = () => lanes.forEach((lane) => lane.dispose());
  const failed = opened.find((lane) => lane.status === "rejected");
  if (failed) {
    dispose();
    throw failed.reason;
  }
  return {
    tags: lanes[0]!.tags,
    predict: (sentences, onProgress) => tagPortions(lanes.map(({ tag }) => tag), sentences, onProgress),
    dispose,
  };
}

/** Tags in this thread. */
async function ownLane(request: TaggingRequest): Promise<Lane> {
  const tagger = await openTagger(request);
  return {
    tags: tagger.tags,
    tag: async (sentences) => (await tagger.predict(sentences)).map(({ tags }) => tags),
    dispose: () => tagger.dispose(),
  };
}

/** Tags in a worker, one portion at a time. */
async function jobLane(request: TaggingRequest): Promise<Lane> {
  let answer = Promise.withResolvers<FromTaggingJob>();
  const worker = talkToWorker<ToTaggingJob, FromTaggingJob>(
    new Worker(new URL("./tagging_job.ts", import.meta.url), { type: "module" }),
    (message) => "failed" in message ? answer.reject(message.failed) : answer.resolve(message),
    (error) => answer.reject(error),
  );
  const ask = (message: ToTaggingJob): Promise<FromTaggingJob> => {
    answer = Promise.withResolvers();
    worker.tell(message);
    return answer.promise;
  };
  try {
    const opened = await ask({ open: request, modules: addedModules() });
    if (!("tags" in opened)) throw new Error("Cannot start a job: it gave no tags");
    return {
      tags: new TagSet(opened.tags, { scheme: opened.scheme }),
      async tag(sentences) {
        const tagged = await ask({ sentences });
        if (!("predicted" in tagged)) throw new Error("Cannot go on with a job: it gave no predictions");
        return tagged.predicted;
      },
      dispose: worker.terminate,
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

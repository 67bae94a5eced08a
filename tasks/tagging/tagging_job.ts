/** A job that tags: the work of one worker among several that `text_tagger.ts` starts. */
import type { Scheme } from "../../data/tags/tag.ts";
import type { Tagger } from "../../model/tagger.ts";
import { openTagger } from "./open_tagger.ts";
import type { TaggingRequest } from "./tagging_request.ts";

/** A message to a job: first which model to open, with the modules that add systems; then sentences, time after time. */
export type ToTaggingJob =
  | { open: TaggingRequest; modules: readonly string[] }
  | { sentences: readonly (readonly string[])[] };

/** The answer of a job to each message: the model's tags, predicted tags, or an error. */
export type FromTaggingJob =
  | { tags: readonly string[]; scheme: Scheme }
  | { predicted: string[][] }
  | { failed: Error };

// The code is checked with the types of a window, which are not those of a worker.
const scope = self as unknown as {
  onmessage: (event: MessageEvent<ToTaggingJob>) => void;
  postMessage: (message: FromTaggingJob) => void;
};
let tagger: Tagger | undefined;

scope.onmessage = async ({ data }) => {
  scope.postMessage(await answerTo(data).catch((failed) => ({ failed })));
};

async function answerTo(message: ToTaggingJob): Promise<FromTaggingJob> {
  if ("open" in message) {
    for (const module of message.modules) await import(module);
    tagger = await openTagger(message.open);
    return { tags: tagger.tags.tags, scheme: tagger.tags.scheme };
  }
  const tagged = await tagger!.predict(message.sentences);
  return { predicted: tagged.map(({ tags }) => tags) };
}

/** Running several stages of a plan at once, each in a worker (a JavaScript thread) of its own. */
import type { Progress, ProgressEvent } from "../../model/training/progress.ts";
import type { Rerun } from "../stages/stage.ts";
import type { JobEvent } from "../terminal/progress.ts";
import { talkToWorker } from "../workers/talk_to_worker.ts";
import type { PlanRequest } from "./requested_plan.ts";
import type { StageNumbers } from "./run_goals.ts";

/** A request to a job, as plain data. */
export interface JobRequest {
  request: PlanRequest;
  store: string;
  force?: boolean | undefined;
  rerun?: Rerun | undefined;
  numbers: StageNumbers;
  /** Modules that add systems. */
  modules: readonly string[];
}

/** A message to a job: first its request, then perhaps to stop. */
export type ToJob = { start: JobRequest } | { stop: true };

/** A message from a job: its progress, and its end; an error keeps its message and stack. */
export type FromJob = { progress: ProgressEvent } | { ended: null | Error };

/**
 * Runs jobs until all have ended.
 *
 * They share the work through the store's locks, as processes do; when one fails, the others are told to stop.
 *
 * @throws The signal's reason when it stops the jobs; the error of the first job that fails.
 */
export async function runJobs(
  request: JobRequest,
  nJobs: number,
  { report, signal }: { report: (event: JobEvent) => void; signal: AbortSignal },
): Promise<void> {
  const failing = new AbortController();
  const stop = AbortSignal.any([signal, failing.signal]);
  const jobs = Array.from({ length: nJobs }, (_, job) => {
    const ended = runJob(request, (event) => report({ ...event, job }), stop);
    return ended.catch((error) => failing.abort(error));
  });
  await Promise.all(jobs);
  stop.throwIfAborted();
}

function runJob(request: JobRequest, report: Progress, stop: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const { tell, terminate } = talkToWorker<ToJob, FromJob>(
    new Worker(new URL("./job.ts", import.meta.url), { type: "module" }),
    (message) => {
      if ("progress" in message) report(message.progress);
      else if (message.ended) reject(message.ended);
      else resolve();
    },
    reject,
  );
  const stopJob = () => tell({ stop: true });
  tell({ start: request });
  stop.addEventListener("abort", stopJob);
  if (stop.aborted) stopJob();
  return promise.finally(() => {
    stop.removeEventListener("abort", stopJob);
    terminate();
  });
}

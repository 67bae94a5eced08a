/** A job: the work of one worker among several that `run_jobs.ts` starts. */
import type { ProgressEvent } from "../../model/training/progress.ts";
import { requestedPlan } from "./requested_plan.ts";
import { runGoals } from "./run_goals.ts";
import type { FromJob, JobRequest, ToJob } from "./run_jobs.ts";

// The code is checked with the types of a window, which are not those of a worker.
const scope = self as unknown as {
  onmessage: (event: MessageEvent<ToJob>) => void;
  postMessage: (message: FromJob) => void;
};
const stopping = new AbortController();

scope.onmessage = async ({ data }) => {
  if ("stop" in data) return stopping.abort();
  const ended = await work(data.start).then(() => null, (error) => error);
  scope.postMessage({ ended });
};

async function work({ request, store, force, rerun, numbers, modules }: JobRequest): Promise<void> {
  for (const module of modules) await import(module);
  const { plan, engine } = await requestedPlan(request);
  const report = (progress: ProgressEvent) => scope.postMessage({ progress });
  await runGoals({ store, engine, report, signal: stopping.signal, force }, plan, numbers, rerun);
}

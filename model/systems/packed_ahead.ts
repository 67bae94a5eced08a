/** Running one batch after another, the next one being packed meanwhile. */

/** What is done with each batch, in two steps. */
export interface BatchSteps<Batch, Packed, Result> {
  /**
   * Turns a batch into the arrays that its run reads. The batch before has been begun then, and may be running: what it
   * reads must stay as it is until it ends.
   */
  pack: (batch: Batch) => Packed | Promise<Packed>;
  /** Runs what was packed. */
  run: (packed: Packed) => Promise<Result>;
}

/**
 * Runs batches in order. While an engine computes elsewhere, on a GPU or on threads of its own, the next batch is packed;
 * an engine that computes on the program's thread (`onnx`, `wasm`) leaves no time for that, and loses none.
 *
 * @param onResult Told of each result before the next batch runs.
 * @throws As the steps and `onResult` do, when no run is left in progress.
 */
export async function runPackedAhead<Batch, Packed, Result>(
  batches: readonly Batch[],
  { pack, run }: BatchSteps<Batch, Packed, Result>,
  onResult: (result: Result, batch: Batch) => void,
): Promise<void> {
  const packAt = (i: number) => Promise.all(batches.slice(i, i + 1).map(pack));
  let packed = await packAt(0);
  for (const [i, batch] of batches.entries()) {
    const running = run(packed[0]!);
    const [result, next] = await Promise.allSettled([running, afterStarting().then(() => packAt(i + 1))]);
    if (result.status === "rejected") throw result.reason;
    onResult(result.value, batch);
    if (next.status === "rejected") throw next.reason;
    packed = next.value;
  }
}

/** Returns the steps of what is packed as it runs, such as one whose arrays are used again in each run. */
export function inOneStep<Batch, Result>(
  run: (batch: Batch) => Promise<Result>,
): BatchSteps<Batch, Batch, Result> {
  return { pack: (batch) => batch, run };
}

/** Lets what has been called go as far as the engine, which takes some turns of promises. */
function afterStarting(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

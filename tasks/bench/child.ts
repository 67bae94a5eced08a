/** Processes that a bench times: each measures in a program of its own, so that none warms or fills another. */
import { fileURLToPath } from "node:url";
import type { Shape } from "../../data/schema/shapes.ts";
import { readShape } from "../config/place.ts";
import { runWatched } from "./run_watched.ts";

/** What such a program may do: load an engine, read data and encoders, and fetch them from the hub. */
const PERMISSIONS = ["--allow-read", "--allow-env", "--allow-ffi", "--allow-sys", "--allow-net"];

/** The answer of a program. */
export interface ChildResult<T> {
  result: T;
  /** The most memory that it held; null where the system does not tell. */
  peakMegabytes: number | null;
}

/**
 * Runs a script of this folder, which takes its request as JSON and prints its result as its last line.
 *
 * @param script Its file name: "bench_system.ts".
 * @param shape The shape of the result.
 * @param granted More that it may do: "--allow-write".
 * @throws Error if it fails, with its standard error, or prints something else.
 */
export async function runChild<T>(
  script: string,
  request: unknown,
  shape: Shape<T>,
  granted: readonly string[] = [],
): Promise<ChildResult<T>> {
  const { text, peakMegabytes } = await runWatched(Deno.execPath(), [
    "run",
    "--quiet",
    "--no-prompt",
    ...PERMISSIONS,
    ...granted,
    fileURLToPath(new URL(script, import.meta.url)),
    JSON.stringify(request),
  ]);
  const last = text.trim().split("\n").at(-1)!;
  const result = readShape(shape, JSON.parse(last), { path: "", sourceOf: () => `the output of ${script}` });
  return { result, peakMegabytes };
}

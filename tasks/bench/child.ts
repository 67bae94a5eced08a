/** Processes that a bench times: each measures in a program of its own, so that none warms or fills another. */
import { fileURLToPath } from "node:url";
import process from "node:process";
import { closedObject } from "../../data/schema/file_shapes.ts";
import { finite, type Shape } from "../../data/schema/shapes.ts";
import { readShape } from "../config/place.ts";
import { runWatched } from "./run_watched.ts";

/** What such a program may do: load an engine, read data and encoders, and fetch them from the hub. */
const PERMISSIONS = ["--allow-read", "--allow-env", "--allow-ffi", "--allow-sys", "--allow-net"];

/** The answer of a program. */
export interface ChildResult<T> {
  result: T;
  /** The most memory that it held. */
  peakMegabytes: number;
}

/** Prints the result of this process, with the most memory that it held. */
export function answer(result: unknown): void {
  console.log(JSON.stringify({ result, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
}

/**
 * Runs a script of this folder, which takes its request as JSON and answers in its last line.
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
  const { text } = await runWatched(Deno.execPath(), [
    "run",
    "--quiet",
    "--no-prompt",
    ...PERMISSIONS,
    ...granted,
    fileURLToPath(new URL(script, import.meta.url)),
    JSON.stringify(request),
  ]);
  const last = text.trim().split("\n").at(-1)!;
  const whole = closedObject({ result: shape, peakMegabytes: finite() });
  const place = { path: "", sourceOf: () => `the output of ${script}` };
  return readShape(whole as Shape<ChildResult<T>>, JSON.parse(last), place);
}

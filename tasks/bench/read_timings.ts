/** Timings as the timed programs print them, one JSON object a line. */
import { fieldsOf } from "../../data/fields_of.ts";
import { errorMessage } from "../errors.ts";
import type { BenchResult } from "./bench_system.ts";

/** The timing of one system by PyTorch's script. */
export interface TorchTiming {
  system: "tagger" | "laner";
  epochSeconds: number;
  wordsPerSecond: number;
}

/**
 * Reads the output of `bench_system.ts`.
 *
 * @throws Error naming the key if a number is missing.
 */
export function readBenchResult(
  text: string,
): Omit<BenchResult, "system" | "engine"> {
  const json = fieldsOf(JSON.parse(text));
  const step = fieldsOf(json.stepMilliseconds);
  return {
    epochSeconds: numberOf(json, "epochSeconds"),
    wordsPerSecond: numberOf(json, "wordsPerSecond"),
    stepMilliseconds: {
      graph: numberOf(step, "graph"),
      labelEncoder: numberOf(step, "labelEncoder"),
      optimiser: numberOf(step, "optimiser"),
      host: numberOf(step, "host"),
    },
    stepOperations: numberOf(json, "stepOperations"),
    peakOperations: numberOf(json, "peakOperations"),
  };
}

/**
 * Reads the lines that PyTorch's script prints; lines about other systems are left out.
 *
 * @throws Error naming the key if a number is missing.
 */
export function readTorchTimings(text: string): TorchTiming[] {
  const lines = text.trim().split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => fieldsOf(JSON.parse(line))).flatMap((json) => {
    const { system } = json;
    if (system !== "tagger" && system !== "laner") return [];
    const epochSeconds = numberOf(json, "epoch_s_median");
    return [{ system, epochSeconds, wordsPerSecond: numberOf(json, "predict_words_per_s") }];
  });
}

function numberOf(json: Readonly<Record<string, unknown>>, key: string): number {
  const value = json[key];
  if (typeof value === "number") return value;
  throw new Error(errorMessage({ act: "read the timing", subject: key, rule: "must be a number", value }));
}

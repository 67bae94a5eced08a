/** Timings as scripts in PyTorch print them, one JSON object a line. */
import { fieldsOf } from "../../data/fields_of.ts";
import { errorMessage } from "../errors.ts";

/** The timing of one system by PyTorch's script. */
export interface TorchTiming {
  system: "tagger" | "laner";
  epochSeconds: number;
  wordsPerSecond: number;
  /** The version of PyTorch; null where the script does not tell. */
  torch: string | null;
}

/**
 * Reads the lines that PyTorch's script prints; lines about other systems are left out.
 *
 * @throws Error naming the key if a number is missing.
 */
export function readTorchTimings(text: string): TorchTiming[] {
  const lines = text.trim().split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => fieldsOf(JSON.parse(line))).flatMap((json) => {
    const { system, torch } = json;
    if (system !== "tagger" && system !== "laner") return [];
    const epochSeconds = numberOf(json, "epoch_s_median");
    const wordsPerSecond = numberOf(json, "predict_words_per_s");
    return [{ system, epochSeconds, wordsPerSecond, torch: typeof torch === "string" ? torch : null }];
  });
}

function numberOf(json: Readonly<Record<string, unknown>>, key: string): number {
  const value = json[key];
  if (typeof value === "number") return value;
  throw new Error(errorMessage({ act: "read the timing", subject: key, rule: "must be a number", value }));
}

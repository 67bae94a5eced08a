/** What the cost of a training step grows with, and the points at which it is timed. */
import type { BenchedEngine, BenchedSystem, SyntheticRequest } from "./bench_request.ts";
import type { EncoderSize } from "./encoder_sizes.ts";

/** The parts of the measurement: what is varied in each. */
export const GROWTH_PARTS = ["words", "length", "labelWidth", "types", "cores"] as const;

/** A part. */
export type GrowthPart = typeof GROWTH_PARTS[number];

/** One setting that is timed, for one system. */
export interface GrowthPoint {
  part: GrowthPart;
  /** The value of what is varied, as the table says it: "400", "2 sessions of 1 thread". */
  value: string;
  request: SyntheticRequest;
  /** Processes that run the request side by side. */
  sessions: number;
}

/** What is not varied: the paper's batch of sentences as long as those of its data sets. */
const USUAL = { sentences: 16, length: 32, labelWidth: 100, types: 14 } as const;
/** Words in a batch while their sentences grow. */
const WORDS = 800;

/** What is the same at every point. */
export interface GrowthOptions {
  size: EncoderSize;
  engine: BenchedEngine;
  steps: number;
  /** Cores of the machine. */
  cores: number;
}

/** Lists the points of a part, for both systems in turn. */
export function growthPoints(part: GrowthPart, options: GrowthOptions): GrowthPoint[] {
  // The tagger has no labels to be encoded.
  const systems: BenchedSystem[] = part === "labelWidth" ? ["laner"] : ["bert-tagger", "laner"];
  const { cores, ...rest } = options;
  return settingsOf(part, cores).flatMap(({ value, sessions = 1, ...setting }) =>
    systems.map((system) => ({
      part,
      value,
      sessions,
      request: { system, ...rest, threads: 0, predicted: 0, ...USUAL, ...setting },
    }))
  );
}

type Setting = { value: string; sessions?: number } & Partial<SyntheticRequest>;

function settingsOf(part: GrowthPart, cores: number): Setting[] {
  switch (part) {
    case "words":
      return [4, 8, 16, 32, 64].map((sentences) => ({ value: String(sentences * USUAL.length), sentences }));
    case "length":
      return [10, 25, 50, 100, 200, 400].map((length) => ({
        value: String(length),
        length,
        sentences: WORDS / length,
      }));
    case "labelWidth":
      return [25, 50, 100, 200, 400].map((labelWidth) => ({ value: String(labelWidth), labelWidth }));
    case "types":
      return [4, 9, 17, 34, 68].map((types) => ({ value: String(types), types }));
    case "cores":
      return coreSettings(cores);
  }
}

/** One session on 1, 2, 4 … all cores, and sessions that share all of them. */
function coreSettings(cores: number): Setting[] {
  const counts = [1, 2, 4, 8, 16, 32, 64].filter((count) => count < cores).concat(cores);
  const alone = counts.map((threads) => ({ value: `1 session of ${plural(threads, "thread")}`, threads }));
  const shared = counts.filter((sessions) => sessions > 1).map((sessions) => {
    const threads = Math.floor(cores / sessions);
    return { value: `${sessions} sessions of ${plural(threads, "thread")}`, sessions, threads };
  });
  return [...alone, ...shared];
}

function plural(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

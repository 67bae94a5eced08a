/** The table of `deno task bench:gpu`. */
import type { BenchedSystem } from "./bench_request.ts";
import { benchTable, formatFigure, formatMegabytes } from "./bench_table.ts";
import type { EncoderSize } from "./encoder_sizes.ts";
import { type Measurement, provenance } from "./measurement.ts";
import { median } from "./timed_steps.ts";

/** The timings of one system by one engine, or by PyTorch. */
export interface GpuRow {
  /** An engine's name, or "PyTorch". */
  engine: string;
  system: BenchedSystem;
  rounds: GpuRound[];
}

/** One round. */
export interface GpuRound {
  /** Milliseconds of each step. */
  steps: number[];
  wordsPerSecond: number | null;
  peakMegabytes: number | null;
  /** Memory of the GPU; null where its driver does not tell. */
  gpuMegabytes: number | null;
}

/** A row of the paper's Table 3 that was trained: source and target, one seed. */
export interface TrainedRow {
  engine: string;
  profile: string;
  seconds: number;
  /** The scores, as `reproduce` prints them. */
  scores: string;
}

/** Something that was not measured. */
export interface Missing {
  what: string;
  why: string;
}

/** The results of `deno task bench:gpu`. */
export interface GpuResults {
  size: EncoderSize;
  /** The software of each engine, and of PyTorch. */
  versions: Record<string, string>;
  rows: GpuRow[];
  trained: TrainedRow | null;
  missing: Missing[];
}

/** The name of PyTorch's rows. */
export const TORCH = "PyTorch";

/** Writes the tables, and what is missing in them. */
export function formatGpu({ rows, trained, missing }: GpuResults): string {
  const names = [...new Set(rows.map(({ engine }) => engine))];
  const parts = [];
  if (names.length > 0) parts.push(stepsTable(names, rows));
  if (trained) {
    const { profile, engine, seconds, scores } = trained;
    parts.push(
      `LANER for one target, source and target trained with one seed (profile ${profile}, engine ${engine}): ` +
        `${formatFigure(seconds / 60, 1)} minutes`,
      scores,
    );
  }
  if (missing.length > 0) {
    parts.push(`Not measured:\n\n${missing.map(({ what, why }) => `- ${what}: ${why}`).join("\n")}`);
  }
  return parts.join("\n\n");
}

/** Writes the tables of docs/speed.md. */
export function gpuMarkdown(measurement: Measurement<GpuResults>): string {
  const { versions, size } = measurement.results;
  const about = Object.entries(versions).map(([name, version]) => `${name}: ${version}`).join("; ");
  return `${formatGpu(measurement.results)}\n\n${
    provenance(measurement)
  } Encoder of the size ${size}; ${about}.`;
}

function stepsTable(names: readonly string[], rows: readonly GpuRow[]): string {
  const roundsOf = (engine: string, system: BenchedSystem) =>
    rows.find((row) => row.engine === engine && row.system === system)?.rounds ?? [];
  const medianOf = (
    engine: string,
    system: BenchedSystem,
    values: (round: GpuRound) => (number | null)[],
  ) => {
    const known = roundsOf(engine, system).flatMap(values).filter((value) => value !== null);
    return known.length === 0 ? null : median(known);
  };
  const stepOf = (engine: string, system: BenchedSystem) => medianOf(engine, system, ({ steps }) => steps);
  const ratio = (a: number | null, b: number | null) =>
    a === null || b === null ? "" : `${formatFigure(a / b, 2)}x`;
  const milliseconds = (value: number | null) => value === null ? "" : `${formatFigure(value, 1)} ms`;
  const speed = (engine: string, system: BenchedSystem) => {
    const value = medianOf(engine, system, ({ wordsPerSecond }) => [wordsPerSecond]);
    return value === null ? "" : formatFigure(value);
  };
  const table = names.map((engine) => {
    const [tagger, laner] = [stepOf(engine, "bert-tagger"), stepOf(engine, "laner")];
    return [
      engine,
      milliseconds(tagger),
      ratio(tagger, stepOf(TORCH, "bert-tagger")),
      milliseconds(laner),
      ratio(laner, stepOf(TORCH, "laner")),
      ratio(laner, tagger),
      speed(engine, "bert-tagger"),
      speed(engine, "laner"),
      formatMegabytes(medianOf(engine, "laner", ({ gpuMegabytes }) => [gpuMegabytes])),
      formatMegabytes(medianOf(engine, "laner", ({ peakMegabytes }) => [peakMegabytes])),
    ];
  });
  return benchTable([
    "",
    "tagger, a step",
    "beside PyTorch",
    "LANER, a step",
    "beside PyTorch",
    "beside the tagger",
    "tagger, words/s",
    "LANER, words/s",
    "LANER, GPU memory",
    "memory",
  ], table);
}

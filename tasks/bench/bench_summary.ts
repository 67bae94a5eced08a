/** Timings of `deno task bench`, summed up as tables. */
import type { BenchResult } from "./bench_system.ts";
import { benchTable, formatFigure, formatMegabytes, formatShare } from "./bench_table.ts";
import { LINEAR_LAYERS } from "./kernel_parts.ts";
import { type Measurement, provenance } from "./measurement.ts";
import type { ProfileResult } from "./profile_step.ts";
import { scaleParts, type StepProfile } from "./step_profile.ts";
import { median, type PartTimes, wholeStep } from "./timed_steps.ts";

/** The systems by the short names that PyTorch's scripts give them, too. */
export const BENCHED = { tagger: "bert-tagger", laner: "laner" } as const;

/** A short name. */
export type ShortName = keyof typeof BENCHED;

/** One timing of one system by one program. */
export interface Timing {
  program: "this toolkit" | "PyTorch";
  system: ShortName;
  round: number;
  epochSeconds: number;
  wordsPerSecond: number;
  /** Peak resident memory of the process; PyTorch's script times both systems in one process. */
  peakMegabytes: number | null;
  /** What else this toolkit tells of itself. */
  ours?: BenchResult;
}

/** The results of `deno task bench`. */
export interface BenchResults {
  /** The versions of the programs: this toolkit's engine, and PyTorch if the script tells. */
  engine: string;
  torch: string | null;
  /** Every timing. */
  timings: Timing[];
  /** The profiles of a step by system; null where the engine has none. */
  profiles: Record<ShortName, ProfileResult> | null;
}

const TITLES: Record<ShortName, string> = { tagger: "tagger", laner: "LANER" };
const SHORT_NAMES = Object.keys(BENCHED) as ShortName[];

/** Writes the tables: both programs, the limit, and the parts of a step. */
export function formatBench({ timings, profiles }: BenchResults): string {
  const parts = profiles && partsTable(timings, profiles);
  return [programsTable(timings), limitsTable(timings, profiles), parts ?? stepTable(timings)]
    .filter((table) => table !== null).join("\n\n");
}

/** Writes the tables of docs/speed.md. */
export function benchMarkdown(measurement: Measurement<BenchResults>): string {
  const { engine, torch } = measurement.results;
  const programs = torch === null ? engine : `${engine}; PyTorch ${torch}`;
  return `${formatBench(measurement.results)}\n\n${provenance(measurement)} ${programs}.`;
}

/** Writes how many nodes the graphs of a step have. */
export function formatGraphs({ graphs }: ProfileResult): string {
  const list = (counts: Record<string, number>) =>
    Object.entries(counts).map(([op, n]) => `${n} ${op}`).join(", ") || "none";
  return graphs.map(({ recorded, run }) =>
    [
      `${recorded.label}:`,
      `  recorded   ${list(recorded.byOp)}`,
      `  as run     ${list(run.byOp)}`,
      `  of these   unread: ${list(run.unread)}; repeated: ${list(run.repeated)}; constant: ${
        list(run.constant)
      }`,
    ].join("\n")
  ).join("\n");
}

function programsTable(timings: readonly Timing[]): string {
  const of = (system: ShortName, program: Timing["program"], value: (timing: Timing) => number) => {
    const own = timings.filter((timing) => timing.system === system && timing.program === program);
    return own.length === 0 ? null : median(own.map(value));
  };
  const row = (
    name: string,
    system: ShortName,
    value: (timing: Timing) => number,
    format: (value: number) => string,
    ratio: (ours: number, theirs: number) => string,
  ) => {
    const ours = of(system, "this toolkit", value)!;
    const theirs = of(system, "PyTorch", value);
    return [
      `${TITLES[system]}, ${name}`,
      format(ours),
      ...(theirs === null ? [] : [format(theirs), ratio(ours, theirs)]),
    ];
  };
  const fast = (ratio: number) => `${formatFigure(ratio, 2)}x as fast`;
  const seconds = (value: number) => `${formatFigure(value, 2)} s`;
  const memory = (value: number) => formatMegabytes(Number.isNaN(value) ? null : value);
  const rows = SHORT_NAMES.flatMap((system) => [
    row("training epoch", system, (one) => one.epochSeconds, seconds, (a, b) => fast(b / a)),
    row(
      "prediction",
      system,
      (one) => one.wordsPerSecond,
      (value) => `${formatFigure(value)} words/s`,
      (a, b) => fast(a / b),
    ),
    row(
      "peak memory",
      system,
      (one) => one.peakMegabytes ?? NaN,
      memory,
      (a, b) => `${formatFigure(a / b, 2)}x`,
    ),
  ]);
  const hasTorch = timings.some(({ program }) => program === "PyTorch");
  return benchTable(["", "this toolkit", ...(hasTorch ? ["PyTorch", "ratio"] : [])], rows);
}

function resultsOf(timings: readonly Timing[], system: ShortName): BenchResult[] {
  return timings.flatMap((timing) => timing.system === system && timing.ours ? [timing.ours] : []);
}

/** Compares a step with the most that the machine computed in any process: what others took from it, it can do. */
function limitsTable(timings: readonly Timing[], profiles: BenchResults["profiles"]): string {
  const peak = Math.max(...timings.map(({ ours }) => ours?.peakOperations ?? 0));
  const rows = SHORT_NAMES.map((system) => {
    const own = resultsOf(timings, system);
    const of = (value: (result: BenchResult) => number) => median(own.map(value));
    const reached = (milliseconds: (result: BenchResult) => number) =>
      formatShare(of((one) => one.stepOperations / (milliseconds(one) / 1000) / peak));
    return [
      `a step of ${system === "laner" ? "LANER" : "the tagger"}`,
      formatFigure(of((one) => one.stepOperations) / 1e9),
      formatFigure(peak / 1e9),
      ...(profiles ? [linearAt(own, profiles[system].profile, peak)] : []),
      reached((one) => one.stepMilliseconds.graph),
      reached((one) => wholeStep(one.stepMilliseconds)),
    ];
  });
  const header = [
    "",
    "billion operations",
    "peak, billions a second",
    ...(profiles ? ["linear layers at"] : []),
    "graph at",
    "whole step at",
  ];
  return benchTable(header, rows);
}

/** The share of the peak that the encoder's linear layers reach. */
function linearAt(results: readonly BenchResult[], { parts }: StepProfile, peak: number): string {
  return formatShare(median(results.map(({ stepMilliseconds, linearOperations }) => {
    const scaled = scaleParts(parts, stepMilliseconds);
    const { milliseconds } = scaled.find(({ name }) => name === LINEAR_LAYERS)!;
    return linearOperations / (milliseconds / 1000) / peak;
  })));
}

/** The median times of a step by part. */
function stepOf(timings: readonly Timing[], system: ShortName): PartTimes {
  const steps = resultsOf(timings, system).map(({ stepMilliseconds }) => stepMilliseconds);
  const of = (part: keyof PartTimes) => median(steps.map((step) => step[part]));
  return {
    graph: of("graph"),
    labelEncoder: of("labelEncoder"),
    optimiser: of("optimiser"),
    host: of("host"),
  };
}

/** Splits the steps that were timed by the shares of those that were profiled. */
function partsTable(timings: readonly Timing[], profiles: Record<ShortName, ProfileResult>): string {
  const columns = SHORT_NAMES.map((system) =>
    scaleParts(profiles[system].profile.parts, stepOf(timings, system))
  );
  return shareTable(columns[0]!.map(({ name }) => name), columns);
}

function stepTable(timings: readonly Timing[]): string {
  const columns = SHORT_NAMES.map((system) =>
    Object.entries(stepOf(timings, system)).map(([name, milliseconds]) => ({ name, milliseconds }))
  );
  return shareTable(columns[0]!.map(({ name }) => name), columns);
}

/** Writes the operators of a profiled step, the longest first. */
export function formatOps(profiles: Record<ShortName, ProfileResult>): string {
  const columns = SHORT_NAMES.map((system) => profiles[system].profile.ops);
  const names = [...new Set(columns.toReversed().flatMap((ops) => ops.map(({ name }) => name)))];
  return shareTable(names, columns, "operator, in a step that is profiled");
}

function shareTable(
  names: readonly string[],
  columns: readonly { name: string; milliseconds: number }[][],
  title = "part of a step",
): string {
  const wholes = columns.map((shares) => shares.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
  const rows = names.map((name) => [
    name,
    ...columns.flatMap((shares, i) => {
      const milliseconds = shares.find((share) => share.name === name)?.milliseconds ?? 0;
      return [`${formatFigure(milliseconds, 1)} ms`, `${formatFigure(100 * milliseconds / wholes[i]!, 1)} %`];
    }),
  ]);
  const whole = ["all", ...wholes.flatMap((sum) => [`${formatFigure(sum, 1)} ms`, "100 %"])];
  return benchTable([title, ...SHORT_NAMES.flatMap((system) => [TITLES[system], ""])], [...rows, whole]);
}

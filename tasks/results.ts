/** Results of an experiment: a row a system, its mean and deviation over seeds, as files and as a table. */
import { join } from "node:path";
import toolkit from "../deno.json" with { type: "json" };
import type { Config } from "./config.ts";
import { type FinishedRun, runFolder } from "./experiment.ts";

/** Test F1 of a system on a target. */
export interface ResultRow {
  target: string;
  system: string;
  adapt: boolean;
  /** Test F1 in percent by seed. */
  f1: Record<number, number>;
  mean: number;
  /** Sample standard deviation; null for one seed. */
  std: number | null;
  /** Mean seconds of the fine-tuning stage. */
  seconds: number;
}

/** Mean and sample standard deviation. */
export function meanAndStd(values: readonly number[]): { mean: number; std: number | null } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, std: null };
  return { mean, std: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1)) };
}

/** One row for each target and system, in the order of the runs. */
export function resultRows(runs: readonly FinishedRun[]): ResultRow[] {
  const groups = Map.groupBy(runs, ({ target, system, adapt }) => JSON.stringify([target, system, adapt]));
  return [...groups.values()].map((members) => {
    const { target, system, adapt } = members[0];
    const f1 = Object.fromEntries(members.map(({ seed, scores }) => [seed, 100 * scores.test.f1]));
    const seconds = meanAndStd(members.map(({ model }) => model.wallSeconds)).mean;
    return { target, system, adapt, f1, ...meanAndStd(Object.values(f1)), seconds };
  });
}

/** The rows as a Markdown table. */
export function formatResults(rows: readonly ResultRow[]): string {
  const cells = rows.map(({ target, system, adapt, f1, mean, std, seconds }) => [
    target,
    system + (adapt ? " + DAPT" : ""),
    mean.toFixed(2) + (std === null ? "" : ` ± ${std.toFixed(2)}`),
    Object.entries(f1).map(([seed, value]) => `${seed}: ${value.toFixed(2)}`).join(", "),
    seconds.toFixed(0),
  ]);
  const table = [["target", "system", "test F1", "by seed", "seconds a run"], ...cells];
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(table[0]), line(widths.map((width) => "-".repeat(width))), ...table.slice(1).map(line)].join(
    "\n",
  );
}

/**
 * Writes results.json, results.md and a folder a run: scores, predictions and where its model lies.
 *
 * @param folder The experiment's results folder.
 */
export async function writeResults(
  folder: string,
  config: Config,
  runs: readonly FinishedRun[],
): Promise<void> {
  for (const run of runs) {
    const dir = runFolder(folder, run);
    await Deno.mkdir(dir, { recursive: true });
    for (const name of ["scores.json", "test.conll", "dev.conll"]) {
      await Deno.copyFile(join(run.model.dir, name), join(dir, name));
    }
    const { target, system, adapt, seed, model } = run;
    await writeJson(join(dir, "run.json"), {
      target,
      system,
      adapt,
      seed,
      model: model.dir,
      stage: model.key,
      config,
    });
  }
  const rows = resultRows(runs);
  const versions = { toolkit: toolkit.version, deno: Deno.version.deno };
  await writeJson(join(folder, "results.json"), {
    name: config.name,
    versions,
    config,
    rows,
    runs: runs.map(briefly),
  });
  const text =
    `# ${config.name}\n\nTest F1 (entity-level, micro), mean ± sample standard deviation over seeds.\n\n`;
  await Deno.writeTextFile(join(folder, "results.md"), `${text}${formatResults(rows)}\n`);
}

function briefly({ scores, model, ...run }: FinishedRun) {
  const { dev, test, training, predictSeconds, nParameters } = scores;
  return {
    ...run,
    model: model.dir,
    dev,
    test,
    bestEpoch: training.bestEpoch,
    training,
    predictSeconds,
    nParameters,
  };
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}

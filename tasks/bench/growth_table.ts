/** Tables of what the cost of a step grows with. */
import type { BenchedSystem } from "./bench_request.ts";
import { benchTable, formatFigure, formatMegabytes } from "./bench_table.ts";
import type { GrowthPart, GrowthPoint } from "./growth.ts";
import { type Measurement, provenance } from "./measurement.ts";
import { median } from "./timed_steps.ts";

/** A point that was timed. */
export interface GrowthRow extends GrowthPoint {
  /** Every round: milliseconds of each step, of all sessions, and the memory of all of them together. */
  rounds: { steps: number[]; peakMegabytes: number }[];
}

/** The results of one part. */
export interface GrowthResults {
  part: GrowthPart;
  engine: string;
  rows: GrowthRow[];
}

/** What each part's first column is. */
const HEADINGS: Record<GrowthPart, string> = {
  words: "words in a batch",
  length: "words in a sentence, 800 in a batch",
  labelWidth: "label width",
  types: "entity types",
  cores: "cores",
};

const TITLES: Record<BenchedSystem, string> = { "bert-tagger": "tagger", laner: "LANER" };

/** Returns the name of a part's file: "growth_label_width.json". */
export function growthFile(part: GrowthPart): string {
  return `growth_${part.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}.json`;
}

/** Writes the table of a part: a row for each value. */
export function formatGrowth({ part, rows }: GrowthResults): string {
  const systems = [...new Set(rows.map(({ request }) => request.system))];
  const values = [...new Set(rows.map(({ value }) => value))];
  const header = systems.flatMap((system) => [
    `${TITLES[system]}, a step`,
    part === "cores" ? "batches a second" : "a word",
    "peak memory",
  ]);
  const cells = (row: GrowthRow) => {
    const step = median(row.rounds.flatMap(({ steps }) => steps));
    const { sentences, length } = row.request;
    return [
      `${formatFigure(step, step < 100 ? 1 : 0)} ms`,
      part === "cores"
        ? formatFigure(1000 * row.sessions / step, 2)
        : `${formatFigure(1000 * step / (sentences * length))} µs`,
      formatMegabytes(median(row.rounds.map(({ peakMegabytes }) => peakMegabytes))),
    ];
  };
  const table = values.map((value) => [
    value,
    ...systems.flatMap((system) =>
      cells(rows.find((row) => row.value === value && row.request.system === system)!)
    ),
  ]);
  return benchTable([HEADINGS[part], ...header], table);
}

/** Writes the table of docs/speed.md. */
export function growthMarkdown(measurement: Measurement<GrowthResults>): string {
  const { engine, rows } = measurement.results;
  const about = `${engine}, encoder of the size ${rows[0]!.request.size}`;
  return `${formatGrowth(measurement.results)}\n\n${provenance(measurement)} ${about}.`;
}

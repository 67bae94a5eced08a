/**
 * One experiment: its table or figures next to the paper's numbers, and tests of the differences between its systems.
 */
import type { Random } from "../../../data/random.ts";
import { type Block, figureBlock, foldEach, type Section, tableBlock } from "../page/section.ts";
import type { ReportData, ReportExperiment, Show } from "../report_data.ts";
import { figuresOf } from "../report_figures.ts";
import { tablesOf } from "../report_tables.ts";
import { missingNotes } from "../results_tables.ts";
import { targetsOf } from "../run_groups.ts";
import { significanceTable } from "../significance_table.ts";
import { doneSystems } from "../system_runs.ts";
import { experimentHeading } from "./experiment_heading.ts";
import { labelBlocks, LABELS_INTRO } from "./label_blocks.ts";

/** Options of the comparison of systems. */
export interface ComparisonOptions {
  random: Random;
  /** Resamples of each test. */
  nResamples: number;
}

const INTROS: Readonly<Record<Show, string>> = {
  table: "Test F1 of each system; several seeds as mean ± sample standard deviation. Below ours stands the " +
    "paper's number, in brackets ours minus the paper's.",
  lines: "Test F1 against the setting that varies; bars are the sample standard deviation over seeds.",
  types: "Test F1 of each entity type.",
  data: "The data sets that the experiments are run on.",
  settings: "The settings that all experiments have in common, beside those of the paper.",
  labels: LABELS_INTRO,
};

/** The systems to compare all others with: all pairs of ten systems would be 45 rows. */
const AGAINST = ["laner", "laner + DAPT"];

/** Builds the section of an experiment, with results or without. */
export async function experimentSection(
  experiment: ReportExperiment,
  data: ReportData,
  options: ComparisonOptions,
): Promise<Section> {
  const remark = data.paper.remarks[experiment.name];
  return {
    id: `experiment-${experiment.name}`,
    title: experimentHeading(experiment),
    intro: INTROS[experiment.show],
    blocks: [
      ...remark ? [{ kind: "text", text: remark } as const] : [],
      ...await BLOCKS[experiment.show](experiment, data, options),
    ],
  };
}

type MakeBlocks = (
  experiment: ReportExperiment,
  data: ReportData,
  options: ComparisonOptions,
) => Block[] | Promise<Block[]>;

const BLOCKS: Readonly<Record<Show, MakeBlocks>> = {
  table: tableBlocks,
  lines: lineBlocks,
  types: typeBlocks,
  data: (experiment, data) => tablesOf(experiment, data).flatMap((table) => tableBlock(table)),
  settings: (experiment, data) => tablesOf(experiment, data).flatMap((table) => tableBlock(table)),
  labels: async (experiment, data) => [...missingBlock(experiment), ...await labelBlocks(data)],
};

async function tableBlocks(
  experiment: ReportExperiment,
  data: ReportData,
  { random, nResamples }: ComparisonOptions,
): Promise<Block[]> {
  const significance = targetsOf(experiment).map((target) => {
    const done = doneSystems(experiment, target).map(({ name }) => name);
    const against = AGAINST.filter((name) => done.includes(name));
    const table = significanceTable(experiment, target, {
      random: random.fork(`${experiment.name} on ${target}`),
      nResamples,
      // Without any of them there are few systems, and all pairs are compared.
      ...against.length > 0 ? { against } : {},
    });
    return { title: `Differences between systems on ${target}`, blocks: tableBlock(table) };
  });
  return [
    ...tablesOf(experiment, data).flatMap((table) => tableBlock(table)),
    ...await figureBlocks(experiment, data),
    ...significance.filter(({ blocks }) => blocks.length > 0)
      .map((part): Block => ({ kind: "details", open: false, ...part })),
  ];
}

async function lineBlocks(experiment: ReportExperiment, data: ReportData): Promise<Block[]> {
  const [numbers, ...others] = tablesOf(experiment, data);
  return [
    ...await figureBlocks(experiment, data),
    ...foldEach([{ title: "The numbers", blocks: tableBlock(numbers) }]),
    ...others.flatMap((table) => tableBlock(table)),
  ];
}

async function typeBlocks(experiment: ReportExperiment, data: ReportData): Promise<Block[]> {
  const tables = tablesOf(experiment, data).flatMap((table) => tableBlock(table));
  return [
    ...missingBlock(experiment),
    ...await figureBlocks(experiment, data),
    ...foldEach([{ title: "The numbers", blocks: tables }]),
  ];
}

async function figureBlocks(experiment: ReportExperiment, data: ReportData): Promise<Block[]> {
  return (await figuresOf(experiment, data)).flatMap(({ name, svg }) => figureBlock(name, svg));
}

/** Names the missing runs, if no table does. */
function missingBlock(experiment: ReportExperiment): Block[] {
  const lines = missingNotes(experiment);
  return lines.length > 0 ? [{ kind: "notice", lines }] : [];
}

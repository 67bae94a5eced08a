/** The origin of the numbers: machine, configuration, and the stage of every run. */
// @ts-types="npm:@types/js-yaml@4.0.9"
import yaml from "npm:js-yaml@4.1.1";
import { count, decimal, textCell } from "../cells.ts";
import { rowName } from "../comparison.ts";
import { type Block, foldEach, type Section, tableBlock } from "../page/section.ts";
import type { ReportData } from "../report_data.ts";
import { doneRuns, groupRuns } from "../run_groups.ts";
import type { Cell, Table } from "../table.ts";
import { configDifferences } from "./config_differences.ts";
import { experimentHeading } from "./experiment_heading.ts";

/**
 * Builds the section of environment, resolved configuration, the changes of each experiment to it, and a table of all
 * runs.
 */
export function runSection({ environment, config, experiments }: ReportData): Section {
  const machine: Table = {
    name: "environment",
    caption: "Environment",
    header: ["what", "value"],
    nRowHeaders: 2,
    rows: Object.entries(environment).map((cells) => cells.map(textCell)),
    notes: [],
  };
  const configs = experiments.flatMap((experiment) => {
    const changes = configDifferences(experiment.config, config);
    return changes === undefined ? [] : [{ heading: experimentHeading(experiment), changes }];
  });
  const runs = runTable(experiments);
  return {
    id: "runs",
    title: "Runs",
    blocks: [
      ...machine.rows.length > 0 ? tableBlock(machine) : [],
      ...foldEach([{
        title: `The ${runs.rows.length} stages behind the numbers`,
        blocks: runs.rows.length > 0 ? tableBlock(runs) : [],
      }])
        .map((block) => ({ ...block, open: false })),
      {
        kind: "details",
        title: "Configuration",
        open: false,
        blocks: [
          { kind: "code", title: "Configuration of the profile", text: toYaml(config) },
          ...configs.map(({ heading, changes }): Block => ({
            kind: "code",
            title: `Keys that differ: ${heading}`,
            text: toYaml(changes),
          })),
        ],
      },
    ],
  };
}

function toYaml(data: unknown): string {
  return yaml.dump(data, { lineWidth: 110 });
}

/** Makes the table of all finished runs, each once, with the stage that it is stored as. */
function runTable(experiments: ReportData["experiments"]): Table {
  const runs = experiments.flatMap((experiment) =>
    groupRuns(experiment).flatMap((group) =>
      doneRuns(group).map((run) => ({ experiment, system: rowName(experiment, group), run }))
    )
  );
  const number = (value: number, text = String(value), parts?: Cell["parts"]): Cell => ({
    text,
    value,
    parts,
  });
  const rows = [...Map.groupBy(runs, ({ run }) => run.result.key).values()].map((same) => {
    const { system, run: { target, seed, result } } = same[0]!;
    const { dev, test, training, predictSeconds } = result.scores;
    return [
      textCell(system),
      textCell(target),
      number(seed),
      number(100 * test.f1, decimal(100 * test.f1)),
      number(100 * dev.f1, decimal(100 * dev.f1)),
      number(training.bestEpoch, `${training.bestEpoch} of ${training.epochs.length}`, {
        epochs: training.epochs.length,
      }),
      textCell(training.stoppedBy),
      number(result.seconds, count(Math.round(result.seconds))),
      number(test.nWords / predictSeconds, count(Math.round(test.nWords / predictSeconds))),
      textCell(result.dir),
      textCell(same.map(({ experiment }) => experiment.name).join(", ")),
    ];
  });
  return {
    name: "runs",
    caption: "Runs that are done",
    header: [
      ...["system", "target", "seed", "test F1", "dev F1", "best epoch", "stopped by", "seconds"],
      ...["words/s predicted", "stage", "experiments"],
    ],
    nRowHeaders: 1,
    rows,
    notes: [],
  };
}

/** What was run: the head of the page, every run, the machine, the settings. */
import type { VNode } from "npm:preact@10.28.2";
import { stringify } from "@std/yaml";
import { count, decimal, MISSING, textCell } from "../cells.ts";
import type { ReportData, ReportExperiment, ReportRun } from "../report_data.ts";
import { missingNotes } from "../results_tables.ts";
import { distinct, systemName } from "../run_groups.ts";
import type { Cell, Table } from "../table.ts";
import { Details, type Section, TableView } from "./elements.tsx";

/** How many runs there are and what they were made with, and what is missing. */
export function Summary({ data }: { data: ReportData }): VNode {
  const { config, experiments, createdAt } = data, runs = experiments.flatMap(({ runs }) => runs);
  const nDone = runs.filter(({ result }) => result !== null).length;
  const facts: [string, string][] = [
    ["runs", `${nDone} of ${runs.length}`],
    ["targets", distinct(runs.map(({ target }) => target)).join(", ")],
    ["source", config.data.source],
    ["encoder", encoderName(config.encoder)],
    ["seeds", config.seeds.join(", ")],
    ["written", createdAt.slice(0, 16).replace("T", " ")],
  ];
  const incomplete = experiments.filter((experiment) => missingNotes(experiment).length > 0);
  return (
    <>
      <dl class="cards">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {incomplete.length > 0 && (
        <div class="missing" role="note">
          Not everything has been run yet:
          <ul>{incomplete.map((experiment) => <li>{missingLine(experiment)}</li>)}</ul>
        </div>
      )}
    </>
  );
}

function missingLine({ title, runs }: ReportExperiment): string {
  const nMissing = runs.filter(({ result }) => result === null).length;
  return `${title}: ${nMissing} of ${runs.length} runs are missing`;
}

function encoderName(encoder: ReportData["config"]["encoder"]): string {
  if (typeof encoder === "string") return encoder.replace(/\/+$/, "").split("/").slice(-2).join("/");
  return `made in the run: ${encoder.nLayers} layers of ${encoder.hiddenWidth}`;
}

/** Every run with its scores and the folder of its model. */
export function runsSection({ experiments }: ReportData): Section | null {
  const tables = experiments.filter(({ runs }) => runs.length > 0).map(runsTable);
  if (tables.length === 0) return null;
  const body = (
    <>
      {tables.map((table) => (
        <Details summary={table.caption}>
          <TableView table={table} />
        </Details>
      ))}
    </>
  );
  return { id: "runs", title: "Runs", body };
}

function runsTable({ name, title, vary, runs }: ReportExperiment): Table {
  return {
    name: `${name}_runs`,
    caption: title,
    header: [
      ...["target", "system", "seed", ...(vary ? [vary.key] : [])],
      ...["dev F1", "test F1", "best epoch", "epochs", "minutes", "words/s", "folder"],
    ],
    nRowHeaders: 2,
    rows: runs.map((run) => [
      textCell(run.target),
      textCell(systemName(run)),
      textCell(String(run.seed)),
      ...(vary ? [textCell(String(run.value))] : []),
      ...resultCells(run),
    ]),
    notes: [],
  };
}

function resultCells({ result }: ReportRun): Cell[] {
  if (!result) return Array.from({ length: 7 }, () => MISSING);
  const { dev, test, training, predictSeconds } = result.scores;
  return [
    decimal(100 * dev.f1),
    decimal(100 * test.f1),
    String(training.bestEpoch),
    String(training.epochs.length),
    decimal(result.seconds / 60, 1),
    count(Math.round(test.nWords / predictSeconds)),
    result.dir,
  ].map(textCell);
}

/** The machine and the settings, resolved. */
export function settingsSection({ environment, config }: ReportData): Section {
  const body = (
    <>
      <dl class="cards">
        {Object.entries(environment).map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Details summary="All settings">
        <pre>{stringify(config)}</pre>
      </Details>
    </>
  );
  return { id: "made-with", title: "Made with", body };
}

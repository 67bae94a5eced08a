/** The data sets that were used. */
import { formatFindings } from "../../data_sets/data_finding.ts";
import { SPLITS } from "../../data_sets/data_sets.ts";
import { count, textCell } from "../cells.ts";
import { foldEach, type Section, tableBlock } from "../page/section.ts";
import type { ReportData } from "../report_data.ts";
import { dataTable } from "../setting_tables.ts";
import type { Table } from "../table.ts";

/**
 * Builds the section on data sets: findings, sizes unless an experiment shows them, entities by type, and hashes of the
 * files.
 */
export function dataSection({ dataSets, dataFindings, experiments, paper }: ReportData): Section {
  const isShown = experiments.some(({ show }) => show === "data");
  return {
    id: "data",
    title: "Data",
    intro: "Entities by type as counted in the files, and the files' hashes.",
    blocks: dataSets.length === 0 ? [] : [
      ...dataFindings.length > 0 ? [{ kind: "notice", lines: formatFindings(dataFindings) } as const] : [],
      ...isShown ? [] : tableBlock(dataTable({ dataSets, paper })),
      ...foldEach(dataSets.map((dataSet) => ({
        title: dataSet.name,
        blocks: tableBlock(entityTypeTable(dataSet)),
      }))),
    ],
  };
}

function entityTypeTable({ name, splits, files }: ReportData["dataSets"][number]): Table {
  const types = new Set(SPLITS.flatMap((split) => Object.keys(splits[split].entityTypes)));
  return {
    name: `types_${name}`,
    caption: `Entities of ${name} by type`,
    header: ["type", ...SPLITS],
    nRowHeaders: 1,
    rows: [...types].map((type) => [
      textCell(type),
      ...SPLITS.map((split) => {
        const value = splits[split].entityTypes[type] ?? 0;
        return { text: count(value), value };
      }),
    ]),
    notes: Object.entries(files).map(([split, { path, sha256 }]) => `${split}: ${path}, SHA-256 ${sha256}`),
  };
}

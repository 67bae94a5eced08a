/** All numbers of a report in full precision, for programs: `results.json`. */
import { blocksOf, type Section } from "./page/section.ts";
import type { ReportData } from "./report_data.ts";
import { countRuns } from "./sections/run_counts.ts";
import { type Cell, footnotes, type Table } from "./table.ts";

/** A table for programs: each row is a list of cells, in the order of the header. */
export interface JsonTable {
  caption: string;
  header: readonly string[];
  rows: readonly (readonly JsonCell[])[];
  notes: readonly string[];
}

/**
 * A number or a text; with further numbers, such as a deviation, by name: `{ value, std, seeds }`, `{ text, low, high
 * }`.
 */
export type JsonCell = number | string | { readonly [part: string]: number | string };

/**
 * Makes the contents of `results.json`: the data of the report without its sentences, which stay in the stages'
 * folders, and the numbers computed from them: the claims of the summary, and every table of the page by the name of
 * its files.
 *
 * @param tables The page's tables, with the names of their files.
 */
export function resultsJson(
  data: ReportData,
  sections: readonly Section[],
  tables: readonly Table[],
) {
  const { name, selection, createdAt, environment, config, experiments } = data;
  const { dataSets, dataFindings, sharedTypes, adaptations, labelAnalyses, paper } = data;
  const claims = blocksOf(sections).flatMap((block) => block.kind === "claims" ? block.claims : []);
  return {
    name,
    selection,
    createdAt,
    environment,
    config,
    ...countRuns(experiments),
    experiments: experiments.map(({ runs, ...experiment }) => ({
      ...experiment,
      ...countRuns([{ runs }]),
      runs: runs.map(({ result, ...run }) => {
        if (!result) return { ...run, result };
        const { test: _, ...stored } = result;
        return { ...run, result: stored };
      }),
    })),
    claims,
    tables: Object.fromEntries(tables.map((table) => [table.name, jsonTable(table)])),
    dataSets,
    dataFindings,
    sharedTypes,
    adaptations,
    labelAnalyses,
    paper,
  };
}

function jsonTable(table: Table): JsonTable {
  const { caption, header, rows } = table;
  return { caption, header, rows: rows.map((row) => row.map(jsonCell)), notes: footnotes(table).notes };
}

function jsonCell({ text, value, parts = {} }: Cell): JsonCell {
  if (Object.keys(parts).length === 0) return value ?? text;
  return value === undefined ? { text, ...parts } : { value, ...parts };
}

/** Writes a report: the page, its tables in three forms, its figures, and all numbers as JSON. */
import { join } from "node:path";
import { replaceFile, writing } from "../files/durable_files.ts";
import type { Plan } from "../plan/plan.ts";
import { loadReport } from "./load_report.ts";
import { renderReport } from "./page.tsx";
import type { ReportData } from "./report_data.ts";
import { reportFigures, standaloneSvg } from "./report_figures.ts";
import { reportTables } from "./report_tables.ts";
import { toCsv, toLatex, toMarkdown } from "./table.ts";

/** A written report. */
export interface WrittenReport {
  data: ReportData;
  /** The page. */
  path: string;
}

/**
 * Writes `report.html`, `results.json`, `tables/` and `figures/` into the profile's results folder; each file is replaced at once.
 *
 * @param plan The planned experiments; what of them is not stored is reported as missing.
 * @param results The results folder.
 * @param out The report's own folder, if it is to lie elsewhere.
 */
export async function writeReport(plan: Plan, results: string, out?: string): Promise<WrittenReport> {
  const data = await loadReport(plan, results, new Date().toISOString());
  const folder = out ?? join(results, data.name),
    tables = join(folder, "tables"),
    figures = join(folder, "figures"),
    path = join(folder, "report.html");
  // Rendered before anything is written, so that an error leaves the old report whole.
  const page = await renderReport(data), drawn = await reportFigures(data);
  for (const folder of [tables, figures]) {
    await writing(folder, () => Deno.mkdir(folder, { recursive: true }));
  }
  for (const table of reportTables(data)) {
    await replaceFile(join(tables, `${table.name}.md`), toMarkdown(table));
    await replaceFile(join(tables, `${table.name}.csv`), toCsv(table));
    await replaceFile(join(tables, `${table.name}.tex`), toLatex(table));
  }
  for (const { name, svg } of drawn) await replaceFile(join(figures, `${name}.svg`), standaloneSvg(svg));
  await replaceFile(join(folder, "results.json"), JSON.stringify(withoutSentences(data), null, 2) + "\n");
  await replaceFile(path, page);
  return { data, path };
}

/** All numbers of a report: what programs read. Sentences stay in the stages' folders. */
function withoutSentences(
  { name, createdAt, environment, config, dataFindings, experiments, adaptations }: ReportData,
) {
  return {
    ...{ name, createdAt, environment, config, dataFindings, adaptations },
    experiments: experiments.map(({ runs, ...experiment }) => ({
      ...experiment,
      runs: runs.map(({ result, ...run }) => {
        if (!result) return { ...run, result };
        const { test: _, ...stored } = result;
        return { ...run, result: stored };
      }),
    })),
  };
}

/** Writes a report into its folder. */
import { join } from "node:path";
import { replaceOwnFiles } from "../files/own_files.ts";
import type { Plan } from "../plan/plan.ts";
import { loadReport } from "./load_report.ts";
import type { ReportData } from "./report_data.ts";
import { reportFiles } from "./report_files.ts";

/** The place and contents of reports, for `--help`. */
export const REPORT_LAYOUT = `Reports:
  RESULTS/NAME/report.html              of the whole profile
  RESULTS/NAME/selections/…/report.html of a part of it or other settings (--only, --targets, --systems, --seeds, --set,
                                        another --encoder), as in only=table_3+targets=ai
Beside a report are its tables (tables/, as Markdown, CSV and LaTeX), its figures (figures/, as SVG), and its numbers in
full (results.json): experiments, with their runs and the scores of each; claims, as in the summary; tables, every table
of the page by the name of its files; dataSets, dataFindings, adaptations, labelAnalyses; and what the paper reports.`;

/** A written report. */
export interface WrittenReport {
  data: ReportData;
  /** The path of the page. */
  path: string;
}

/**
 * Returns the folder of a report: the profile's own, or that of its selection, so that a part never replaces the whole.
 *
 * @param results The results folder.
 */
function reportFolder(
  { name, selection }: Pick<ReportData, "name" | "selection">,
  results: string,
): string {
  return selection === null ? join(results, name) : join(results, name, "selections", selection);
}

/**
 * Writes `report.html`, `results.json`, `tables/` and `figures/` into the report's folder. Each file is replaced at
 * once; files of an earlier report that this one lacks are removed.
 *
 * @param plan The planned experiments; those without a stored result are reported as missing.
 * @param results The results folder.
 * @param out Another folder for the report.
 */
export async function writeReport(plan: Plan, results: string, out?: string): Promise<WrittenReport> {
  const data = await loadReport(plan, results, new Date().toISOString());
  // Made before anything is written, so that an error leaves the old report whole.
  const files = await reportFiles(data);
  const folder = out ?? reportFolder(data, results);
  await replaceOwnFiles(folder, "report_files.json", files);
  return { data, path: join(folder, "report.html") };
}

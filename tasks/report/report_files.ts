/** All files of a report: the page, its tables in three formats, its figures, and all numbers as JSON. */
import { printable } from "../../data/text/printable.ts";
import { withFileNames } from "./file_names.ts";
import { renderReport } from "./page.tsx";
import { blocksOf } from "./page/section.ts";
import type { ReportData } from "./report_data.ts";
import { standaloneSvg } from "./report_figures.ts";
import { resultsJson } from "./results_json.ts";
import { type ReportOptions, reportSections } from "./sections.ts";
import { toCsv, toLatex, toMarkdown } from "./table.ts";

/**
 * Makes the files of a report, by path in its folder: `report.html`; `results.json`; in `tables/` every table of the
 * page as Markdown, CSV and LaTeX; in `figures/` every figure of the page as SVG.
 *
 * @param data Everything that the report shows.
 * @param options Options of the significance tests.
 * @throws As `reportSections` and `renderReport` do.
 */
export async function reportFiles(data: ReportData, options?: ReportOptions): Promise<Map<string, string>> {
  const sections = await reportSections(data, options);
  const blocks = blocksOf(sections);
  const tables = withFileNames(blocks.flatMap((block) => block.kind === "table" ? [block.table] : []));
  const figures = withFileNames(blocks.flatMap((block) => block.kind === "figure" ? [block] : []));
  const results = resultsJson(data, sections, tables);
  return new Map([
    ["report.html", await renderReport(data, sections)],
    ["results.json", printable(JSON.stringify(results, null, 2)) + "\n"],
    ...tables.flatMap((table): [string, string][] => [
      [`tables/${table.name}.md`, toMarkdown(table)],
      [`tables/${table.name}.csv`, toCsv(table)],
      [`tables/${table.name}.tex`, toLatex(table)],
    ]),
    ...figures.map(({ name, svg }): [string, string] => [`figures/${name}.svg`, standaloneSvg(svg)]),
  ]);
}

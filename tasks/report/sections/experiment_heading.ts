/** How an experiment is called on the page. */
import type { ReportExperiment } from "../report_data.ts";

/** Its title, after the table or figure of the paper that it stands for: "Table 3: Ablation". */
export function experimentHeading({ name, title }: Pick<ReportExperiment, "name" | "title">): string {
  const [, kind, number] = /^(table|figure)_(\d+)$/.exec(name) ?? [];
  return kind ? `${kind === "table" ? "Table" : "Figure"} ${number}: ${title}` : title;
}

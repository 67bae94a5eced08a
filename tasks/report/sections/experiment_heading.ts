/** The heading of an experiment on the page. */
import type { ReportExperiment } from "../report_data.ts";

/** Writes the title of an experiment after the table or figure of the paper that it stands for: "Table 3: Ablation". */
export function experimentHeading({ name, title }: Pick<ReportExperiment, "name" | "title">): string {
  const [, kind, number] = /^(table|figure)_(\d+)$/.exec(name) ?? [];
  return kind ? `${kind === "table" ? "Table" : "Figure"} ${number}: ${title}` : title;
}

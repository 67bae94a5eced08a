/** The paper's main comparison at a glance. */
import type { Section } from "../page/section.ts";
import type { ReportData } from "../report_data.ts";
import { claimsOf } from "./claims.ts";

/** Builds the section of the paper's claims, with our numbers for them. */
export function summarySection(data: ReportData): Section {
  const claims = claimsOf(data);
  return {
    id: "summary",
    title: "Summary",
    intro: "Differences in test F1, in points of percent, over the seeds that both systems have.",
    blocks: claims.length > 0 ? [{ kind: "claims", claims }] : [],
  };
}

/** Label embeddings, if no experiment shows them. */
import type { Section } from "../page/section.ts";
import type { ReportData } from "../report_data.ts";
import { labelBlocks, LABELS_INTRO } from "./label_blocks.ts";

/**
 * Builds the section of tag embeddings and label context of the analysed models; none if an experiment of its own shows
 * them.
 */
export async function labelSection(data: ReportData): Promise<Section> {
  const isShown = data.experiments.some(({ show }) => show === "labels");
  return {
    id: "labels",
    title: "Label embeddings",
    intro: LABELS_INTRO,
    blocks: isShown ? [] : await labelBlocks(data),
  };
}

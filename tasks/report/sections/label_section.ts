/** Label embeddings, where no experiment shows them. */
import type { Section } from "../page/section.ts";
import type { ReportData } from "../report_data.ts";
import { labelBlocks } from "./label_blocks.ts";

/** The analysed models' tag embeddings and label context; empty if an experiment of its own shows them. */
export async function labelSection(data: ReportData): Promise<Section> {
  const isShown = data.experiments.some(({ show }) => show === "labels");
  return {
    id: "labels",
    title: "Label embeddings",
    intro: "What the embeddings of tags hold after training on the source and after transfer to the target.",
    blocks: isShown ? [] : await labelBlocks(data),
  };
}

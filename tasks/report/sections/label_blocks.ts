/** Findings about tags: their embeddings before and after transfer, and the attention of the label context. */
import { systemName } from "../../plan/system_name.ts";
import { heatMap, labelMap } from "../charts.ts";
import { fileNamePart } from "../file_names.ts";
import { nearestTagsTable } from "../nearest_tags_table.ts";
import { type Block, figureBlock, foldEach, tableBlock } from "../page/section.ts";
import type { LabelAnalysis, ReportData } from "../report_data.ts";

/** The contents of these blocks, in a sentence. */
export const LABELS_INTRO =
  "What the embeddings of tags hold after training on the source and after transfer to the target.";

/** Draws maps, nearest tags and attention of each analysed model. */
export async function labelBlocks(
  { labelAnalyses, sharedTypes }: Pick<ReportData, "labelAnalyses" | "sharedTypes">,
): Promise<Block[]> {
  const parts = [];
  for (const analysis of labelAnalyses) {
    parts.push({
      title: `${systemName(analysis)} on ${analysis.target}, seed ${analysis.seed}`,
      blocks: await analysisBlocks(analysis, sharedTypes[analysis.target] ?? []),
    });
  }
  return foldEach(parts);
}

async function analysisBlocks(analysis: LabelAnalysis, sharedTypes: readonly string[]): Promise<Block[]> {
  const { target, attention, seed } = analysis;
  const place = `${fileNamePart(`${target}_${systemName(analysis)}`)}_${seed}`;
  const maps: Block[] = [];
  for (const stage of ["before", "after"] as const) {
    const title = `Label embeddings ${stage} transfer to ${target}`;
    const map = analysis[stage];
    if (map) {
      maps.push(...figureBlock(`label_map_${place}_${stage}`, await labelMap(map, { title, sharedTypes })));
    }
  }
  return [
    { kind: "row", blocks: maps },
    ...tableBlock(nearestTagsTable(analysis, "before")),
    ...tableBlock(nearestTagsTable(analysis, "after")),
    ...attention === null
      ? [{ kind: "text", text: NO_SENTENCE } as const]
      : figureBlock(`attention_${place}`, await attentionMap(attention)),
  ];
}

const NO_SENTENCE = "The attention on earlier tags is not shown: no test sentence fits the encoder at once.";

function attentionMap({ words, tags, weights }: NonNullable<LabelAnalysis["attention"]>): Promise<string> {
  const history = ["START", ...words.slice(0, -1).map((word, i) => `${word} ${tags[i]}`)];
  return heatMap({
    title: "Label context: the tags that a word looks at",
    subtitle: "attention weight in percent",
    rows: { title: "word", labels: words },
    columns: { title: "tag history", labels: history },
    values: weights.map((row) => row.map((weight) => 100 * weight)),
  });
}

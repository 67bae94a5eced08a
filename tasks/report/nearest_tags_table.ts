/** The tags with the most similar embeddings. */
import { systemName } from "../plan/system_name.ts";
import { decimal, EMPTY, textCell } from "./cells.ts";
import { fileNamePart } from "./file_names.ts";
import type { LabelAnalysis } from "./report_data.ts";
import type { Cell, Table } from "./table.ts";

/**
 * Makes the table that lists for each tag those with the most similar embeddings, with their cosines, before or after
 * transfer.
 */
export function nearestTagsTable(analysis: LabelAnalysis, stage: "before" | "after"): Table | null {
  const map = analysis[stage];
  if (map === null) return null;
  const { tags, nearest } = map;
  const nColumns = Math.max(0, ...nearest.map(({ length }) => length));
  const places = Array.from({ length: nColumns }, (_, i) => i);
  const { target, seed } = analysis;
  const system = systemName(analysis);
  return {
    name: `nearest_tags_${target}_${fileNamePart(system)}_${seed}_${stage}`,
    caption:
      `Nearest tags by cosine of their embeddings, ${stage} transfer to ${target} (${system}, seed ${seed})`,
    header: ["tag", ...places.map((i) => `${i + 1}`)],
    nRowHeaders: 1,
    rows: tags.map((tag, t) => [
      textCell(tag),
      ...places.map((i): Cell => {
        const neighbour = nearest[t]![i];
        return neighbour === undefined ? EMPTY : {
          text: `${neighbour.tag} ${decimal(neighbour.cosine)}`,
          parts: { cosine: neighbour.cosine },
        };
      }),
    ]),
    notes: [],
  };
}

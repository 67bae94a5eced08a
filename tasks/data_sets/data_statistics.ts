/** Sizes of data sets, as in Table 1 of the paper. */
import type { Sentence } from "../../data/text/conll.ts";
import { printableLine } from "../../data/text/printable.ts";
import { textTable } from "../terminal/text_table.ts";
import { type DataFinding, formatFindings } from "./data_finding.ts";
import { type DataSet, type Split, SPLITS } from "./data_sets.ts";
import { countTypes } from "./sentence_counts.ts";

/** The counts of one part of a data set. */
export interface SplitStatistics {
  nSentences: number;
  nWords: number;
  nEntities: number;
  /** Entities of each type, the most frequent first. */
  entityTypes: Record<string, number>;
}

/** The counts of a data set. */
export interface DataStatistics extends Pick<DataSet, "name" | "devOrigin" | "files"> {
  /** Entity types in any part. */
  nTypes: number;
  splits: Record<Split, SplitStatistics>;
}

/**
 * Counts the sentences, words and entities of a data set.
 *
 * @param dataSet A data set.
 */
export function dataStatistics(dataSet: DataSet): DataStatistics {
  const { name, devOrigin, files } = dataSet;
  const splits = Object.fromEntries(SPLITS.map((split) => [split, splitStatistics(dataSet.splits[split])]));
  const types = new Set(Object.values(splits).flatMap(({ entityTypes }) => Object.keys(entityTypes)));
  return { name, nTypes: types.size, devOrigin, files, splits: splits as DataStatistics["splits"] };
}

function splitStatistics(sentences: readonly Sentence[]): SplitStatistics {
  const counts = countTypes(sentences);
  return {
    nSentences: sentences.length,
    nWords: sentences.reduce((sum, { words }) => sum + words.length, 0),
    nEntities: [...counts.values()].reduce((sum, count) => sum + count, 0),
    entityTypes: Object.fromEntries([...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))),
  };
}

/**
 * Writes the statistics of data sets, one line a part, and the findings about them.
 *
 * @param format "text" for a terminal, "json" for programs.
 */
export function formatDataStatistics(
  dataSets: readonly DataSet[],
  format: "text" | "json",
  findings: readonly DataFinding[] = [],
): string {
  const all = dataSets.map((dataSet) => ({
    ...dataStatistics(dataSet),
    findings: findings.filter((finding) => finding.dataSet === dataSet.name),
  }));
  if (format === "json") return JSON.stringify(all, null, 2);
  const rows = [["data set", "part", "sentences", "words", "entities", "types"]];
  for (const { name, splits } of all) {
    for (const split of SPLITS) {
      const { nSentences, nWords, nEntities, entityTypes } = splits[split];
      const counts = [nSentences, nWords, nEntities, Object.keys(entityTypes).length].map(String);
      rows.push([printableLine(name), split, ...counts]);
    }
  }
  const table = textTable(rows, ["left", "left", "right", "right", "right", "right"]);
  return [table, ...formatFindings(findings)].join("\n");
}

import { listNames } from "../list_names.ts";
import type { DataFinding, FindingKind } from "./data_finding.ts";
import { type DataSet, SPLITS } from "./data_sets.ts";
import { otherFormat } from "./other_formats.ts";
import { countTypes, likeNames, sentenceKeys, shareOf, wordPrefix } from "./sentence_counts.ts";

/** The least share of repeated training sentences to report: short sentences are repeated in any text. */
const MANY_REPEATED = 0.1;
/** The most words of a sentence; a longer one shows that blank lines are missing. */
const LONG_SENTENCE = 1000;

/** Finds what is odd for training on a data set. */
export function trainFindings({ name, splits }: DataSet): DataFinding[] {
  const findings: DataFinding[] = [];
  const { train } = splits;
  const all = Object.values(splits).flat();
  const add = (kind: FindingKind, message: string, counts: DataFinding["counts"]) =>
    findings.push({ kind, dataSet: name, message, counts });

  // Each split alone: a prefix in only some of them is worse than one everywhere.
  for (const split of SPLITS) {
    const prefix = wordPrefix(splits[split]);
    if (!prefix) continue;
    const { text, nWords } = prefix;
    const message = `${nWords} words of ${split} begin with "${text}", which is learned as a part of them: ` +
      `data.read.wordPrefix or --word-prefix ${text} leaves it out`;
    add("word-prefix", message, { nWords });
  }
  const alike = likeNames([...countTypes(all).keys()]);
  if (alike.length > 0) {
    const names = listNames(alike.map((names) => names.join(" and ")));
    add(
      "spelling-of-types",
      `entity types whose names hardly differ are taken for different ones: ${names}`,
      {
        nTypes: alike.flat().length,
      },
    );
  }
  const nRepeated = train.length - new Set(sentenceKeys(train)).size;
  if (nRepeated >= MANY_REPEATED * train.length) {
    const share = shareOf(nRepeated, train.length);
    add("repeated-training", `training sentences that stand in train already: ${share}`, { nRepeated });
  }
  const longest = all.reduce((most, { words }) => Math.max(most, words.length), 0);
  if (longest > LONG_SENTENCE) {
    add("sentence-ends", `a sentence has ${longest} words: are the blank lines between sentences missing?`, {
      longest,
    });
  } else if (all.length >= 20 && longest === 1) {
    add("sentence-ends", "every sentence is one word: are there blank lines between the words?", { longest });
  }
  return findings;
}

/** Finds what is odd for adapting an encoder to a target's unlabelled text. */
export function textFindings(target: string, lines: readonly string[]): DataFinding[] {
  const format = otherFormat(lines.slice(0, 1000).join("\n"));
  if (format === null) return [];
  const message = `its unlabelled text looks like ${format}, whose marks are learned as words: ` +
    "a text of one sentence a line is expected";
  return [{ kind: "text-format", dataSet: target, message, counts: { nLines: lines.length } }];
}

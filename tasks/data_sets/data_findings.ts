/** What is odd about data sets without being wrong: nothing is refused for it, but nobody should learn it too late. */
import { printableLine } from "../../data/text/printable.ts";
import { type DataSet, SPLITS } from "./data_sets.ts";
import { otherFormat } from "./other_formats.ts";
import { countTypes, likeNames, listed, sentenceKeys, shareOf, wordPrefix } from "./sentence_counts.ts";

/** What was found. */
export type FindingKind =
  | "held-out-dev"
  | "word-prefix"
  | "spelling-of-types"
  | "repeated-training"
  | "sentence-ends"
  | "no-entities"
  | "types-without-example"
  | "types-with-one-example"
  | "test-in-train"
  | "test-in-dev"
  | "dev-in-train"
  | "text-format"
  | "no-shared-type"
  | "test-in-source";

/** One thing found. */
export interface DataFinding {
  kind: FindingKind;
  /** The data set that it is about. */
  dataSet: string;
  /** A line for people, which does not name the data set. */
  message: string;
  /** What was counted. */
  counts: Readonly<Record<string, number>>;
}

/** Train with fewer repeated sentences than this share is as it may be: short sentences come again in any text. */
const MANY_REPEATED = 0.1;
/** A sentence of more words tells of blank lines that are missing. */
const LONG_SENTENCE = 1000;

/**
 * Finds what is odd about data sets, alone and as source and target.
 *
 * @param source What is trained on first; null if nothing is. Of its splits only train counts.
 * @param targets What is trained for and scored.
 * @returns Of each data set in turn.
 */
export function dataFindings(source: DataSet | null, targets: readonly DataSet[]): DataFinding[] {
  return [
    ...(source ? trainFindings(source) : []),
    ...targets.flatMap((target) => [
      ...trainFindings(target),
      ...scoredFindings(target),
      ...(source ? transferFindings(source, target) : []),
    ]),
  ];
}

/** Writes findings, a line each below a heading; nothing for none. */
export function formatFindings(findings: readonly DataFinding[]): string[] {
  const lines = findings.map(({ dataSet, message }) => printableLine(`${dataSet}: ${message}`));
  return lines.length > 0 ? ["About the data:", ...lines.map((line) => `  ${line}`)] : [];
}

/** What matters to whatever is trained on a data set. */
export function trainFindings({ name, splits }: DataSet): DataFinding[] {
  const findings: DataFinding[] = [];
  const { train } = splits;
  const all = Object.values(splits).flat();
  const add = (kind: FindingKind, message: string, counts: DataFinding["counts"]) =>
    findings.push({ kind, dataSet: name, message, counts });

  // Of each split alone: worse than a prefix everywhere is one in some of them.
  for (const split of SPLITS) {
    const prefix = wordPrefix(splits[split]);
    if (!prefix) continue;
    const { text, nWords } = prefix;
    const message = `${nWords} words of ${split} begin with "${text}", which is learned as a part of them: ` +
      `remove it from the files, as sed 's/^${text}//' does`;
    add("word-prefix", message, { nWords });
  }
  const alike = likeNames([...countTypes(all).keys()]);
  if (alike.length > 0) {
    const names = listed(alike.map((names) => names.join(" and ")));
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

/** What matters to the scores on a data set. */
export function scoredFindings(dataSet: DataSet): DataFinding[] {
  const { name, splits, devOrigin, heldOut } = dataSet;
  const findings: DataFinding[] = [];
  const add = (kind: FindingKind, message: string, counts: DataFinding["counts"]) =>
    findings.push({ kind, dataSet: name, message, counts });
  const { train, dev, test } = splits;

  if (heldOut) {
    const nDev = dev.length;
    const nSentences = heldOut.nSentences;
    const message = `dev is ${devOrigin}: ${nDev} of ${nSentences} sentences, seed ${heldOut.seed}`;
    add("held-out-dev", message, { nDev, nSentences, seed: heldOut.seed });
  }
  const [inTrain, inDev, inTest] = SPLITS.map((split) => countTypes(splits[split]));
  if (inTest!.size === 0) {
    add("no-entities", "test has no entities: F1 is undefined, and given as 0", { nTest: 0 });
  }
  if (inDev!.size === 0) {
    add("no-entities", "dev has no entities: no epoch is better than another", { nDev: 0 });
  }

  const missing = [...new Set([...inDev!.keys(), ...inTest!.keys()])].filter((type) => !inTrain!.has(type))
    .sort();
  if (missing.length > 0) {
    const names = missing.map((type) =>
      `${type} (${inDev!.get(type) ?? 0} in dev, ${inTest!.get(type) ?? 0} in test)`
    );
    add("types-without-example", `entity types without a training example: ${listed(names)}`, {
      nTypes: missing.length,
    });
  }
  const single = [...inTrain!].filter(([, n]) => n === 1).map(([type]) => type).sort();
  if (single.length > 0) {
    add("types-with-one-example", `entity types with one training example: ${listed(single)}`, {
      nTypes: single.length,
    });
  }

  const overlap = (
    kind: FindingKind,
    what: string,
    part: DataSet["splits"]["test"],
    whole: DataSet["splits"]["test"],
  ) => {
    const found = overlapOf(part, whole);
    if (found.nShared > 0) add(kind, `${what}: ${shareOf(found.nShared, part.length)}`, found);
  };
  overlap("test-in-train", "test sentences that are in train, too", test, train);
  overlap("test-in-dev", "test sentences that are in dev, too", test, dev);
  overlap("dev-in-train", "dev sentences that are in train, too", dev, train);
  return findings;
}

/** What matters where a model goes from one data set to another. */
export function transferFindings(source: DataSet, target: DataSet): DataFinding[] {
  const findings: DataFinding[] = [];
  const { name: dataSet } = target;
  const [from, to] = [source, target].map(({ splits }) => countTypes(Object.values(splits).flat()));
  if (![...to!.keys()].some((type) => from!.has(type))) {
    const [sources, targets] = [from, to].map((types) => listed([...types!.keys()].sort()));
    const message = `no entity type is the source's, so that all tags are learned anew: ` +
      `${source.name} has ${sources}; ${dataSet} has ${targets}`;
    findings.push({
      kind: "no-shared-type",
      dataSet,
      message,
      counts: { nSource: from!.size, nTarget: to!.size },
    });
  }
  // Types that are alike within one of them are told of that one.
  const alike = likeNames([...from!.keys(), ...to!.keys()]).filter((names) =>
    names.some((name) => !from!.has(name)) && names.some((name) => !to!.has(name))
  );
  if (alike.length > 0) {
    const names = listed(alike.map((names) => names.join(" and ")));
    const message = `entity types whose names hardly differ from the source's are taken for others: ${names}`;
    findings.push({ kind: "spelling-of-types", dataSet, message, counts: { nTypes: alike.flat().length } });
  }
  const found = overlapOf(target.splits.test, source.splits.train);
  if (found.nShared > 0) {
    const share = shareOf(found.nShared, target.splits.test.length);
    const message = `test sentences that are in train of ${source.name}, too: ${share}`;
    findings.push({ kind: "test-in-source", dataSet, message, counts: found });
  }
  return findings;
}

/** What matters to an encoder that is adapted to a target's unlabelled text. */
export function textFindings(target: string, lines: readonly string[]): DataFinding[] {
  const format = otherFormat(lines.slice(0, 1000).join("\n"));
  if (format === null) return [];
  const message = `its unlabelled text looks like ${format}, whose marks are learned as words: ` +
    "a text of one sentence a line is expected";
  return [{ kind: "text-format", dataSet: target, message, counts: { nLines: lines.length } }];
}

function overlapOf(part: DataSet["splits"]["test"], whole: DataSet["splits"]["test"]) {
  const there = new Set(sentenceKeys(whole));
  return { nShared: sentenceKeys(part).filter((key) => there.has(key)).length, nSentences: part.length };
}

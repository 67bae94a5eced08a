import { listNames } from "../list_names.ts";
import type { DataFinding, FindingKind } from "./data_finding.ts";
import { type DataSet, SPLITS } from "./data_sets.ts";
import { countTypes, overlapOf, shareOf } from "./sentence_counts.ts";

/** Finds what is odd for the scores on a data set. */
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
    add("types-without-example", `entity types without a training example: ${listNames(names)}`, {
      nTypes: missing.length,
    });
  }
  const single = [...inTrain!].filter(([, n]) => n === 1).map(([type]) => type).sort();
  if (single.length > 0) {
    add("types-with-one-example", `entity types with one training example: ${listNames(single)}`, {
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

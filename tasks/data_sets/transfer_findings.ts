import { listNames } from "../list_names.ts";
import type { DataFinding } from "./data_finding.ts";
import type { DataSet } from "./data_sets.ts";
import { countTypes, likeNames, overlapOf, shareOf } from "./sentence_counts.ts";

/** Finds what is odd where a model moves from one data set to another. */
export function transferFindings(source: DataSet, target: DataSet): DataFinding[] {
  const findings: DataFinding[] = [];
  const { name: dataSet } = target;
  const [from, to] = [source, target].map(({ splits }) => countTypes(Object.values(splits).flat()));
  if (![...to!.keys()].some((type) => from!.has(type))) {
    const [sources, targets] = [from, to].map((types) => listNames([...types!.keys()].sort()));
    const message = `no entity type is the source's, so that all tags are learned anew: ` +
      `${source.name} has ${sources}; ${dataSet} has ${targets}`;
    findings.push({
      kind: "no-shared-type",
      dataSet,
      message,
      counts: { nSource: from!.size, nTarget: to!.size },
    });
  }
  // Types that look alike within one data set are reported for that one.
  const alike = likeNames([...from!.keys(), ...to!.keys()]).filter((names) =>
    names.some((name) => !from!.has(name)) && names.some((name) => !to!.has(name))
  );
  if (alike.length > 0) {
    const names = listNames(alike.map((names) => names.join(" and ")));
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

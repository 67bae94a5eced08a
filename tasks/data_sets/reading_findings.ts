import type { ReadingCounts } from "../../data/formats/read_tagged.ts";
import { listNames } from "../list_names.ts";
import type { DataFinding, FindingKind } from "./data_finding.ts";
import type { DataSet, DevOrigin } from "./data_sets.ts";

/** The spans and errors that are shown of many. */
const SHOWN = 3;

/** Says how a data set was divided, and what became of tags, spans and damaged sentences when it was read. */
export function readingFindings({ name, reading = {}, ...dataSet }: DataSet): DataFinding[] {
  const findings = countsFindings(name, Object.values(reading));
  const origin: DevOrigin = "split of one file";
  if (dataSet.devOrigin !== origin) return findings;
  const { train, dev, test } = dataSet.splits;
  const counts = { nTrain: train.length, nDev: dev.length, nTest: test.length };
  const message = `train, dev and test are taken from one file: ${counts.nTrain}, ${counts.nDev} and ` +
    `${counts.nTest} sentences`;
  return [{ kind: "split", dataSet: name, message, counts }, ...findings];
}

/** Says what became of tags, spans and damaged sentences of files. */
export function countsFindings(name: string, files: readonly ReadingCounts[]): DataFinding[] {
  const findings: DataFinding[] = [];
  const add = (kind: FindingKind, message: string, counts: DataFinding["counts"]) =>
    findings.push({ kind, dataSet: name, message, counts });
  const sum = (count: (file: ReadingCounts) => number) =>
    files.reduce((total, file) => total + count(file), 0);

  const nConverted = sum((file) => file.nConverted);
  if (nConverted > 0) {
    const { from, to } = files.find(({ converted }) => converted !== null)!.converted!;
    add("tags-converted", `tags converted from ${from} to ${to}: ${nConverted}`, { nConverted });
  }
  const nMended = sum((file) => file.nMended);
  if (nMended > 0) add("tags-mended", `tags mended that the scheme does not allow: ${nMended}`, { nMended });

  const ofLabels = new Map<string, number>();
  for (const file of files) {
    for (const [type, n] of Object.entries(file.ofLabels)) ofLabels.set(type, (ofLabels.get(type) ?? 0) + n);
  }
  const named = [...ofLabels].filter(([, n]) => n > 0);
  if (named.length > 0) {
    const names = listNames(named.map(([type, n]) => `${type} (${n})`));
    const nEntities = named.reduce((total, [, n]) => total + n, 0);
    add("types-renamed", `entities whose type has another name or is left out (labels): ${names}`, {
      nEntities,
    });
  }
  const unused = [...ofLabels].filter(([, n]) => n === 0).map(([type]) => type);
  if (unused.length > 0) {
    add("labels-without-entities", `entity types that labels names and no entity has: ${listNames(unused)}`, {
      nTypes: unused.length,
    });
  }
  const spans = (kind: FindingKind, what: string, of: (file: ReadingCounts) => ReadingCounts["widened"]) => {
    const found = files.flatMap(of);
    if (found.length === 0) return;
    const shown = listNames(found.map(({ place, text }) => `${JSON.stringify(text)} at ${place}`), SHOWN);
    add(kind, `${what}: ${found.length}: ${shown}`, { nSpans: found.length });
  };
  spans("spans-widened", "spans widened to whole words", ({ widened }) => widened);
  spans("spans-left-out", "spans left out", ({ leftOut }) => leftOut);
  const nSkipped = sum((file) => file.nSkipped);
  if (nSkipped > 0) {
    const first = files.flatMap(({ skipped }) => skipped)[0]!;
    add("sentences-left-out", `sentences left out because of errors: ${nSkipped}, the first: ${first}`, {
      nSkipped,
    });
  }
  return findings;
}

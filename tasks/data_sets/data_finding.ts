/** Something odd about a data set that is not wrong: it is not refused, but people should know of it early. */
import { printableLine } from "../../data/text/printable.ts";

/** The kinds of findings. */
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

/** One thing that is odd about a data set. */
export interface DataFinding {
  kind: FindingKind;
  /** The data set that it is about. */
  dataSet: string;
  /** A line for people, which does not name the data set. */
  message: string;
  /** What was counted. */
  counts: Readonly<Record<string, number>>;
}

/** Writes findings, a line each below a heading; nothing for none. */
export function formatFindings(findings: readonly DataFinding[]): string[] {
  const lines = findings.map(({ dataSet, message }) => printableLine(`${dataSet}: ${message}`));
  return lines.length > 0 ? ["About the data:", ...lines.map((line) => `  ${line}`)] : [];
}

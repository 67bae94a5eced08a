/** Findings about data sets: odd things that are not errors, but that people should know of early. */
import { printableLine } from "../../data/text/printable.ts";

/** The kinds of findings. */
export type FindingKind =
  | "split"
  | "tags-converted"
  | "tags-mended"
  | "types-renamed"
  | "labels-without-entities"
  | "spans-widened"
  | "spans-left-out"
  | "sentences-left-out"
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
  /** The finding in a line for people, without the name of the data set. */
  message: string;
  /** The counts behind the finding. */
  counts: Readonly<Record<string, number>>;
}

/** Writes findings one a line below a heading; returns no lines if there are none. */
export function formatFindings(findings: readonly DataFinding[]): string[] {
  const lines = findings.map(({ dataSet, message }) => printableLine(`${dataSet}: ${message}`));
  return lines.length > 0 ? ["About the data:", ...lines.map((line) => `  ${line}`)] : [];
}

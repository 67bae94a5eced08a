/** Estimates of how long stages will take, from the times of similar ones. */
import { type Stage, stagesOf } from "../stages/stage.ts";
import type { StageRecord } from "../stages/stage_record.ts";

/** Function that estimates the seconds of a stage; null where nothing like it was ever run here. */
export type Estimator = (stage: Stage) => number | null;

/** The parts of a record that tell how long a stage may take. */
type PastStage = Pick<StageRecord, "stage" | "inputs" | "config">;

/** Tests of likeness, the most telling first. */
const LIKENESS: ((a: PastStage, b: PastStage) => boolean)[] = [
  (a, b) => sameInput(a, b, "target") && sameInput(a, b, "source") && sameInput(a, b, "text"),
  (a, b) => systemOf(a) === systemOf(b),
];

/**
 * Creates an estimator from the stages in a store.
 *
 * Stages are alike if they are of the same kind and their models began with the same encoder; those on the same data
 * and of the same system are preferred. The estimate is their mean.
 *
 * @param records The records of all stored stages, as `storedRecords` reads them.
 */
export function createEstimator(records: readonly StageRecord[]): Estimator {
  const byKey = new Map<string, PastStage>(records.map((record) => [record.key, record]));
  /** Returns the key of the encoder that a stage's chain began with. */
  const rootOf = (key: string, inputs: PastStage["inputs"]): string => {
    // No chain that this toolkit stored has a cycle.
    const seen = new Set<string>();
    for (let at = { key, inputs };;) {
      const before = at.inputs.sourceModel ?? at.inputs.encoder;
      if (before === undefined) return at.key;
      const known = byKey.get(before);
      if (known === undefined || seen.has(before)) return before;
      seen.add(before);
      at = { key: before, inputs: known.inputs };
    }
  };

  return (stage) => {
    for (const { key, spec } of stagesOf(stage)) byKey.set(key, spec);
    const root = rootOf(stage.key, stage.spec.inputs);
    let like = records.filter((record) =>
      record.stage === stage.spec.stage &&
      (stage.spec.stage === "encoder" || rootOf(record.key, record.inputs) === root)
    );
    for (const isLike of LIKENESS) {
      const closer = like.filter((record) => isLike(record, stage.spec));
      if (closer.length > 0) like = closer;
    }
    if (like.length === 0) return null;
    return like.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0) / like.length;
  };
}

function sameInput(a: PastStage, b: PastStage, name: string): boolean {
  return a.inputs[name] === b.inputs[name];
}

function systemOf({ config }: PastStage): unknown {
  return (config as { system?: string }).system;
}

/** How long stages will take, from how long like ones took. */
import { type Stage, stagesOf } from "../stages/stage.ts";
import type { StageRecord } from "../stages/stage_store.ts";

/** Guesses the seconds of a stage; null where nothing like it was ever run here. */
export type Estimator = (stage: Stage) => number | null;

/** What of a stage tells how long it may take. */
type PastStage = Pick<StageRecord, "stage" | "inputs" | "config">;

/** What tells how long a stage takes, the most telling first. */
const LIKENESS: ((a: PastStage, b: PastStage) => boolean)[] = [
  (a, b) => sameInput(a, b, "target") && sameInput(a, b, "source") && sameInput(a, b, "text"),
  (a, b) => systemOf(a) === systemOf(b),
];

/**
 * Learns from the stages in a store. A stage is like another if it is of the same kind and its model began with the
 * same encoder; among those, the ones on the same data and of the same system are preferred. The guess is their mean.
 *
 * @param records Of all stored stages, as `storedRecords` reads them.
 */
export function createEstimator(records: readonly StageRecord[]): Estimator {
  const byKey = new Map<string, PastStage>(records.map((record) => [record.key, record]));
  /** The key of what a stage's chain began with: an encoder. */
  const rootOf = (key: string, inputs: PastStage["inputs"]): string => {
    // No chain that was stored by this toolkit comes back to where it was.
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

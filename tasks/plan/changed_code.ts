/** Stages that run again only because their code has changed. */
import { changedModules } from "../code/module_code.ts";
import { canonicalJson } from "../files/hash.ts";
import { isStage, type Stage } from "../stages/stage.ts";
import type { StageRecord } from "../stages/stage_record.ts";

/**
 * Lists the modules of a stage and its inputs that have changed since it was last stored; null if it was never stored,
 * or is stored with its present code.
 *
 * @param records The records of all stored stages.
 */
export function changedCode(stage: Stage, records: readonly StageRecord[]): string[] | null {
  const byKey = new Map(records.map((record) => [record.key, record]));
  if (byKey.has(stage.key)) return null;
  const before = records.filter((record) => isLike(stage, record))
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  return before.length === 0 ? null : [...new Set(changes(stage, before[0]!))].sort();

  function isLike({ spec, needs }: Stage, record: StageRecord): boolean {
    const { stage, inputs, config } = record;
    // Records from before code was hashed cannot be compared.
    if (!record.code || stage !== spec.stage || canonicalJson(config) !== canonicalJson(spec.config)) {
      return false;
    }
    const names = new Set([...Object.keys(inputs), ...Object.keys(spec.inputs)]);
    return [...names].every((name) => {
      if (inputs[name] === spec.inputs[name]) return true;
      const need = needs[name];
      const stored = byKey.get(inputs[name]!);
      return need !== undefined && isStage(need) && stored !== undefined && isLike(need, stored);
    });
  }

  function changes({ spec, needs }: Stage, { code, inputs }: StageRecord): string[] {
    const earlier = Object.entries(needs).filter(([name]) => inputs[name] !== spec.inputs[name]);
    return [
      ...changedModules(code!, spec.code),
      ...earlier.flatMap(([name, need]) => changes(need as Stage, byKey.get(inputs[name]!)!)),
    ];
  }
}

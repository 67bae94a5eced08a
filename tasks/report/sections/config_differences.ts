/** The keys that an experiment changes in the configuration of its profile. */
import { type Difference, differences } from "../../config/differences.ts";

/** Returns the part of a configuration whose values differ from those of another; undefined if none does. */
export function configDifferences(own: unknown, other: unknown): unknown {
  const changed = differences(own, other).filter(({ one }) => one !== undefined);
  return changed.length === 0 ? undefined : nested(changed);
}

/** Puts the first values of differences back into mappings, as their paths say. */
function nested(changed: readonly Difference[]): unknown {
  const [{ path, one }] = changed as [Difference];
  if (path.length === 0) return one;
  const byKey = Map.groupBy(changed, ({ path }) => path[0]!);
  const entries = [...byKey].map(([key, inner]) =>
    [key, nested(inner.map((one) => ({ ...one, path: one.path.slice(1) })))] as const
  );
  return Object.fromEntries(entries);
}

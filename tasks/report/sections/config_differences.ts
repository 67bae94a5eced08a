/** What an experiment changes in the configuration of its profile. */

/** The keys of a configuration whose values are not those of another one; undefined if there is none. */
export function configDifferences(own: unknown, other: unknown): unknown {
  const isMapping = (value: unknown): value is Record<string, unknown> =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  if (!isMapping(own) || !isMapping(other)) {
    return JSON.stringify(own) === JSON.stringify(other) ? undefined : own;
  }
  const keys = Object.entries(own).flatMap(([key, value]) => {
    const difference = configDifferences(value, other[key]);
    return difference === undefined ? [] : [[key, difference] as const];
  });
  return keys.length === 0 ? undefined : Object.fromEntries(keys);
}

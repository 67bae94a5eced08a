/** Differences between two pieces of plain data, such as the configurations of two runs. */
import { showValue } from "../../data/show_value.ts";
import { isMapping } from "./is_mapping.ts";

/** A place where two pieces of plain data differ, with the value of each; undefined where one has none. */
export interface Difference {
  /** Keys from the outermost mapping inwards; empty if the data differ as a whole. */
  path: readonly string[];
  one: unknown;
  other: unknown;
}

/**
 * Lists the places where two pieces of plain data differ, in the order of the first one's keys.
 *
 * Mappings are compared key by key, all other values whole. A key whose value is undefined counts as absent.
 */
export function differences(one: unknown, other: unknown, path: readonly string[] = []): Difference[] {
  if (isMapping(one) && isMapping(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...keys].flatMap((key) => differences(own(one, key), own(other, key), [...path, key]));
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ path, one, other }];
}

/** Writes the differences as text, each as in "config.train.epochs: 5 then, 10 now". */
export function formatDifferences(then: unknown, now: unknown): string[] {
  return differences(then, now)
    .map(({ path, one, other }) => `${path.join(".")}: ${show(one)} then, ${show(other)} now`);
}

function own(mapping: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : showValue(value);
}

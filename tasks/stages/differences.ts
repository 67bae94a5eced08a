/** What differs between two pieces of plain data. */
import { showValue } from "../../data/show_value.ts";
import { isMapping } from "../config/is_mapping.ts";

/**
 * Lists the differences, one a line: "config.train.epochs: 5 then, 10 now".
 *
 * @param then Plain data.
 * @param now Plain data; a key whose value is undefined counts as absent.
 */
export function differences(then: unknown, now: unknown, path = ""): string[] {
  if (isMapping(then) && isMapping(now)) {
    const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])];
    return keys.flatMap((key) => differences(own(then, key), own(now, key), path ? `${path}.${key}` : key));
  }
  if (JSON.stringify(then) === JSON.stringify(now)) return [];
  return [`${path}: ${show(then)} then, ${show(now)} now`];
}

function own(mapping: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : showValue(value);
}

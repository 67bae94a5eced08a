import { showValue } from "../../data/show_value.ts";

/** A key that is read from a Hugging Face config.json: our name, the file's key, and its default if it has one. */
export interface ConfigKeys<Name extends string> {
  /** Keys whose other values mean another network than the one computed here: key, the only value, the default. */
  only: readonly (readonly [key: string, only: unknown, absent: unknown])[];
  /** Whole numbers from 1. */
  sizes: readonly (readonly [name: Name, key: string, absent?: number])[];
  /** Numbers in [0, 1). */
  rates: readonly (readonly [name: Name, key: string, absent: number])[];
  /** Ids: whole numbers from 0. */
  ids?: readonly (readonly [name: Name, key: string, absent: number])[];
}

/**
 * Reads a network's numbers from a Hugging Face config.json by a table of keys.
 *
 * Keys that have a default may be absent; keys that are not in the table are not looked at.
 *
 * @param json The parsed file.
 * @param source Where it came from, for messages.
 * @param keys The table.
 * @returns The numbers by our names, and how to refuse what else is wrong.
 * @throws {Error} `Cannot use "SOURCE": KEY must be …` for a key that is missing, of a wrong type or not supported.
 */
export function readConfigJson<Name extends string>(
  json: unknown,
  source: string,
  { only, sizes, rates, ids = [] }: ConfigKeys<Name>,
): { numbers: Record<Name, number>; refuse: (rule: string, value: unknown) => never } {
  const refuse = (rule: string, value: unknown): never => {
    throw new Error(`Cannot use "${source}": ${rule}, current value is ${showValue(value)}`);
  };
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return refuse("it must be an object", json);
  }
  const values = json as Record<string, unknown>;
  for (const [key, supported, absent] of only) {
    const value = values[key] ?? absent;
    if (value !== supported) {
      refuse(`${key} must be ${JSON.stringify(supported)}, nothing else is supported`, value);
    }
  }
  const numbers = {} as Record<Name, number>;
  const whole = (entries: ConfigKeys<Name>["sizes"], least: number) => {
    for (const [name, key, absent] of entries) {
      const value = values[key] ?? absent;
      if (!Number.isSafeInteger(value) || (value as number) < least) {
        refuse(`${key} must be a whole number from ${least}`, value);
      }
      numbers[name] = value as number;
    }
  };
  whole(sizes, 1);
  whole(ids, 0);
  for (const [name, key, absent] of rates) {
    const value = values[key] ?? absent;
    if (typeof value !== "number" || !(value >= 0 && value < 1)) {
      refuse(`${key} must be a number in [0, 1)`, value);
    }
    numbers[name] = value as number;
  }
  return { numbers, refuse };
}

/** Hugging Face's config.json: the keys that a network is computed by, read and written by one table. */
import { z } from "npm:zod@4.6.7";
import { objectOf, only, whole } from "../../data/schema/file_shapes.ts";
import { expecting, type Shape } from "../../data/schema/shapes.ts";
import { showValue } from "../../data/show_value.ts";

/** A key of config.json: its name, its shape, and the value that a file without it means, if there is one. */
export type ConfigKey<T> = readonly [key: string, shape: Shape<T>, absent?: T];

/** The keys that a network is computed by. */
export interface ConfigKeys<Config> {
  /** Keys whose other values mean another network than the one computed here: key, the only value, the default. */
  readonly only: readonly (readonly [key: string, value: string | number | boolean, absent?: unknown])[];
  /** The others, by our names. */
  readonly keys: { readonly [Name in keyof Config]: ConfigKey<Config[Name]> };
}

/** A whole number from 1. */
export const SIZE: Shape<number> = whole(1);

/** The id of a piece. */
export const ID: Shape<number> = whole(0);

/** A number from 0 to below 1. */
export const RATE: Shape<number> = expecting(
  "a number in [0, 1)",
  (settings) => z.number(settings).gte(0, settings).lt(1, settings),
);

/**
 * Reads a network's numbers from a Hugging Face config.json by a table of keys.
 *
 * Keys that have a default may be absent; keys that are not in the table are not looked at.
 *
 * @param json The parsed file.
 * @param source Where it came from, for messages.
 * @param table The table.
 * @returns The values by our names, and how to refuse what else is wrong.
 * @throws {Error} `Cannot use "SOURCE": KEY must be …` for a key that is missing, of a wrong type or not supported.
 */
export function readConfigJson<Config extends object>(
  json: unknown,
  source: string,
  table: ConfigKeys<Config>,
): { config: Config; refuse: (rule: string, value: unknown) => never } {
  const refuse = (rule: string, value: unknown): never => {
    throw new Error(`Cannot use "${source}": ${rule}, current value is ${showValue(value)}`);
  };
  const { success, data, error } = shapeOf(table).safeParse(json, { reportInput: true });
  if (success) return { config: data, refuse };
  const { path: [key = "it"], message, input } = error.issues[0]!;
  return refuse(`${String(key)} must be ${message.replace(/^expected /, "")}`, input);
}

/** Writes the values of a network by a table of keys. */
export function formatConfigJson<Config extends object>(
  config: Config,
  { only, keys }: ConfigKeys<Config>,
): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [key, value] of only) json[key] = value;
  for (const name in keys) json[keys[name][0]] = config[name];
  return json;
}

/** Returns the shape of a file, from which a network's values are picked. */
function shapeOf<Config>(table: ConfigKeys<Config>): Shape<Config> {
  const keys = Object.entries<ConfigKey<unknown>>(table.keys);
  const shapes = [
    ...table.only.map(([key, value, absent]) => {
      const shape = only(value, `${JSON.stringify(value)}, nothing else is supported`);
      return [key, orIfAbsent(absent, shape)] as const;
    }),
    ...keys.map(([, [key, shape, absent]]) => [key, orIfAbsent(absent, shape)] as const),
  ];
  const pick = (file: Record<string, unknown>) =>
    Object.fromEntries(keys.map(([name, [key]]) => [name, file[key]]));
  return objectOf(Object.fromEntries(shapes)).transform(pick) as unknown as Shape<Config>;
}

/** A value; one that is null or left out is another. */
function orIfAbsent(absent: unknown, shape: z.ZodType): z.ZodType {
  return z.preprocess((value) => value ?? absent, shape);
}

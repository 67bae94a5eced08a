/** Flags for the keys that say how files are read: the key's name in lower case with dashes, the same values. */
import { DATA_SET_KEYS, type ReadOptions } from "../../data/formats/read_settings.ts";
import { checkValue } from "../../data/schema/check_value.ts";
import { expectedOf } from "../../data/schema/shapes.ts";
import { errorMessage, UsageError } from "../errors.ts";
import type { Flag } from "../terminal/command_spec.ts";

type ReadKey = keyof typeof DATA_SET_KEYS;

type Dashed<S extends string> = S extends `${infer C}${infer R}`
  ? C extends Lowercase<C> ? `${C}${Dashed<R>}` : `-${Lowercase<C>}${Dashed<R>}`
  : S;

/** The flags of some keys. */
export type ReadFlags<K extends ReadKey> = {
  [P in K as Dashed<P>]: { type: P extends "mendTags" ? "boolean" : "text"; valueName: string; doc: string };
};

/** The values of the flags of some keys; those of other flags may be among them. */
export type ReadFlagValues = { readonly [P in ReadKey as Dashed<P>]?: string | boolean | undefined };

/** The keys of a column file without tags. */
export const COLUMN_KEYS = [
  "encoding",
  "wordColumn",
  "separator",
  "header",
  "comments",
  "documentMarks",
  "idColumn",
  "sentenceColumn",
  "sentenceEnd",
  "wordPrefix",
  "evenColumns",
] as const satisfies readonly ReadKey[];

const KEYS = Object.keys(DATA_SET_KEYS) as ReadKey[];

/** The keys of one file of a data set. */
export const FILE_KEYS = KEYS.filter((key) => !["fileNames", "split", "splitSeed"].includes(key)) as Exclude<
  ReadKey,
  "fileNames" | "split" | "splitSeed"
>[];

/** Names of values in `--help`. */
const VALUE_NAMES: Partial<Record<ReadKey, string>> = {
  format: "NAME",
  encoding: "NAME",
  wordColumn: "COLUMN",
  tagColumn: "COLUMN",
  idColumn: "COLUMN",
  sentenceColumn: "COLUMN",
  labels: "OLD=NEW,…",
  fileNames: "PART=NAME,…",
  outside: "A,B",
  documentMarks: "A,B",
  tagNames: "A,B",
  splitSeed: "N",
  split: "80/10/10",
  header: "true|false",
};

/** Declares the flags of some keys; by default those of a whole data set. */
export function readFlags<const K extends ReadKey = ReadKey>(keys: readonly K[] = KEYS as K[]): ReadFlags<K> {
  return Object.fromEntries(keys.map((key): [string, Flag] => {
    const { shape, doc } = DATA_SET_KEYS[key];
    const expected = expectedOf(shape).replace(/, or null$/, "");
    const choices = expected.startsWith("one of ") ? ` (${expected})` : "";
    const type = key === "mendTags" ? "boolean" : "text";
    const more = key.endsWith("Column") ? { isSigned: true } : {};
    return [dashed(key), { type, valueName: VALUE_NAMES[key] ?? "VALUE", doc: doc + choices, ...more }];
  })) as unknown as ReadFlags<K>;
}

/**
 * Reads the flags that are given.
 *
 * @throws UsageError naming the flag whose value its key does not accept.
 */
export function readOptionsOf(flags: ReadFlagValues): ReadOptions {
  const options: Record<string, unknown> = {};
  for (const key of KEYS) {
    const given = (flags as Record<string, string | boolean | undefined>)[dashed(key)];
    if (given === undefined || given === false) continue;
    const checked = checkValue<unknown>(DATA_SET_KEYS[key].shape, valueOf(key, given));
    if (checked.problem) {
      const { rule, value } = checked.problem;
      throw new UsageError(
        errorMessage({ act: "use", subject: `--${dashed(key)}`, rule, value: value ?? given }),
      );
    }
    options[key] = checked.value;
  }
  return options as ReadOptions;
}

/** Returns the flag of a key: "word-column". */
function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Returns a flag's text as YAML would have the value. */
function valueOf(key: ReadKey, given: string | true): unknown {
  if (given === true) return true;
  if (key === "labels" || key === "fileNames") {
    const pairs = given.split(",").map((pair) => pair.split("="));
    return Object.fromEntries(pairs.map(([name, ...to]) => [name!.trim(), to.join("=").trim() || null]));
  }
  if (given === "null") return null;
  if (key === "outside" || key === "documentMarks" || key === "tagNames") return given.split(",");
  if (key === "header") return given === "true" ? true : given === "false" ? false : given;
  const isNumber = /^-?\d+$/.test(given) && (key.endsWith("Column") || key === "splitSeed");
  return isNumber ? Number(given) : given;
}

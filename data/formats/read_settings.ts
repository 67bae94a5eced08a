/** All keys of reading a data set's files, and their values from a format or profile and what is said beside it. */
import { z } from "npm:zod@4.6.7";
import { HELD_OUT } from "../corpus/hold_out.ts";
import { mapping, optional, orNull } from "../schema/mappings.ts";
import { expecting, fileName, keyOf, seed, type Shape } from "../schema/shapes.ts";
import { FORMAT_NAMES, type FormatName } from "./format_names.ts";
import { type ProfileName, PROFILES, type ReadProfile } from "./profiles.ts";
import { type KeysOf, LAYOUT_KEYS, type LayoutSettings } from "./read_keys.ts";

/** Shares of train, dev and test: "80/10/10". */
function shares(): Shape<string> {
  const fits = (value: string) => {
    const parts = value.split("/").map(Number);
    return parts.length === 3 && parts.every((part) => part > 0) && parts.reduce((a, b) => a + b) === 100;
  };
  return expecting(
    "three shares that add up to 100, such as 80/10/10",
    (settings) => z.string(settings).refine(fits, settings),
  );
}

/** Values of the keys of reading a data set, with the name of a format or profile. */
export interface DataSetValues extends LayoutSettings {
  format: FormatName | ProfileName;
  fileNames: Record<string, string>;
  split: string | null;
  splitSeed: number;
}

/** The keys of reading a data set. */
export const DATA_SET_KEYS: KeysOf<DataSetValues> = {
  format: optional(
    keyOf({ ...FORMAT_NAMES, ...PROFILES }),
    "columns",
    "What the files are: a format, or the profile of a well-known corpus, which stands for other keys",
  ),
  ...LAYOUT_KEYS,
  fileNames: optional(
    mapping("train, dev or test", fileName()),
    {},
    "Names of the files of parts, such as { train: eng.train }; those left out are train.txt, dev.txt and test.txt, or " +
      "have the endings of the format",
  ),
  split: optional(
    orNull(shares()),
    null,
    "Shares of train, dev and test, where all sentences are in one file (train.txt, or all.txt); documents are kept " +
      "whole; null if each part has a file",
  ),
  splitSeed: optional(seed(), HELD_OUT.devSeed, "Seed of that choice"),
};

/** Values of all keys of reading a data set; `format` is that of the profile where one is named. */
export interface DataSetSettings extends Omit<DataSetValues, "format"> {
  format: FormatName;
}

/** Values of all keys of reading one file. */
export type ReadSettings = Omit<DataSetSettings, "fileNames" | "split" | "splitSeed">;

/** Some keys of reading a data set, as YAML and flags give them. */
export type ReadOptions = Partial<DataSetValues>;

/**
 * Fills in what is not given: the profile's keys, then the defaults.
 *
 * @param given Later ones win; a profile that one of them names does not replace keys that another gives.
 */
export function readSettings(...given: readonly ReadOptions[]): DataSetSettings {
  const options: ReadOptions = Object.assign({}, ...given);
  const { format: name = "columns", ...keys } = options;
  const profile: ReadProfile | undefined = Object.hasOwn(PROFILES, name)
    ? PROFILES[name as ProfileName]
    : undefined;
  const defaults = Object.fromEntries(
    Object.entries(DATA_SET_KEYS).map(([key, { fallback }]) => [key, fallback!.value]),
  ) as unknown as DataSetSettings;
  const format = profile ? profile.keys.format ?? "columns" : name as FormatName;
  return { ...defaults, ...profile?.keys, ...keys, format };
}

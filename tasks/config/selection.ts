/** Names of selections from a profile, fit for folders. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ifMissing } from "../errors.ts";
import { sha256 } from "../files/hash.ts";
import { isMapping } from "./is_mapping.ts";
import { type ConfigOverride, overrideKey, overrideValue } from "./config_overrides.ts";

/** The choices from a profile, and the overrides of its keys. */
export interface Choices {
  /** Names of the experiments to keep, or YAML files of others. */
  only?: readonly string[] | undefined;
  /** Names of the systems to keep. */
  systems?: readonly string[] | undefined;
  overrides?: readonly ConfigOverride[];
}

/** A profile's file as it stands. */
export interface ProfileFile {
  path: string;
  name: string;
  /** Its `encoder`. */
  encoder: unknown;
}

/** Keys for locations and the engine: other values run the same experiment. */
const PLACES = ["data.root", "dapt.corpus", "engine"];

/** The longest name in UTF-16 code units of at most three bytes each; file systems take 255 bytes. */
const LONGEST = 80;

/** One choice: in a word or two, and exactly. */
interface Choice {
  name: string;
  value: unknown;
  /** The exact choice where the value does not tell all. */
  exact?: unknown;
}

/**
 * Names a selection: `only=table_3+targets=ai`.
 *
 * Different selections have different names: where the readable part is cut, or has a path or other characters, a part
 * of its hash follows.
 *
 * @returns The name, or null for the profile as it is; an encoder of the same name elsewhere counts as the same.
 */
export async function selectionName(profile: ProfileFile, choices: Choices): Promise<string | null> {
  const isOwn = await isOwnFile(profile);
  const chosen = [...isOwn ? [] : [fileChoice("config", [profile.path])], ...choicesOf(profile, choices)];
  if (chosen.length === 0) return null;
  const texts = chosen.map(({ name, value }) => `${name}=${textOf(value)}`);
  const text = texts.join("+");
  const tellsAll = chosen.every(({ name, value, exact }) =>
    (exact === undefined || exact === value) && isPlain(name) && leavesOf(value).every(isPlain)
  );
  if (tellsAll && text.length <= LONGEST) return text;
  const hash = await sha256(JSON.stringify(chosen.map(({ name, value, exact = value }) => [name, exact])));
  return `${safe(text).slice(0, LONGEST).replace(/[^\p{L}\p{N}]+$/u, "")}-${hash.slice(0, 8)}`;
}

/** Tells whether a profile has the name of one that comes with the toolkit but is another file, such as a changed copy. */
async function isOwnFile({ path, name }: ProfileFile): Promise<boolean> {
  const ours = fileURLToPath(new URL(`../../experiments/${name}.yaml`, import.meta.url));
  return resolve(path) === ours || await ifMissing(Deno.stat(ours), null) === null;
}

function choicesOf({ encoder }: ProfileFile, { only, systems, overrides = [] }: Choices): Choice[] {
  return [
    ...only ? [fileChoice("only", only)] : [],
    ...systems ? [{ name: "systems", value: systems }] : [],
    ...overrides.flatMap((override): Choice[] => {
      const key = overrideKey(override);
      const value = overrideValue(override);
      if (PLACES.includes(key)) return [];
      const label = typeof override === "string" ? key : override.flag.replace(/^--/, "");
      if (key !== "encoder" || typeof value !== "string") return [{ name: label, value }];
      return typeof encoder === "string" && lastPart(encoder) === lastPart(value)
        ? []
        : [{ name: label, value: lastPart(value), exact: value }];
    }),
  ];
}

/** Returns the choice of experiments by name, or of files by the name that their folder gives them. */
function fileChoice(name: string, items: readonly string[]): Choice {
  const isPath = (item: string) => /[\\/]/.test(item);
  return {
    name,
    value: items.map(lastPart),
    ...items.some(isPath) ? { exact: items.map((item) => isPath(item) ? resolve(item) : item) } : {},
  };
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}

/** Returns a value as readable text: lists with commas, mappings as in `model.labelWidth=10,50`. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  if (!isMapping(value)) return safe(String(value));
  return Object.entries(value).map(([key, inner]) => `${safe(key)}=${textOf(inner)}`).join(",");
}

/** Returns all texts in a value. */
function leavesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (!isMapping(value)) return [String(value)];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...leavesOf(inner)]);
}

/** Tells whether a text can be part of a name as it is. */
function isPlain(text: string): boolean {
  return /^[\p{L}\p{N}_.-]*[\p{L}\p{N}_-]$/u.test(text);
}

function safe(text: string): string {
  return text.replace(/[^\p{L}\p{N}_.,=+-]+/gu, "_");
}

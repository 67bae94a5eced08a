/** What is chosen or replaced of a profile, as a name that a folder can have. */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ifMissing } from "../errors.ts";
import { sha256 } from "../files/hash.ts";
import { isMapping } from "./is_mapping.ts";
import { type ConfigOverride, overrideKey, overrideValue } from "./config_overrides.ts";

/** What is chosen of a profile, and replaced in it. */
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

/** Keys that say where things lie and what computes: with others the same is run. */
const PLACES = ["data.root", "dapt.corpus", "engine"];

/** Longest name in UTF-16 code units, each at most three bytes: file systems take 255 bytes. */
const LONGEST = 80;

/** Something chosen: shown in a word or two, and exactly. */
interface Choice {
  name: string;
  value: unknown;
  /** What is chosen, where the value does not tell all. */
  exact?: unknown;
}

/**
 * Names a selection: `only=table_3+targets=ai`. Another selection has another name: where the readable part does not
 * tell all, because it is cut, has other characters or a path in it, a part of its hash follows.
 *
 * @returns null for the profile as it is; an encoder of the same name elsewhere is the same.
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

/** Whether a profile is not one under the name of another that comes with the toolkit, as a changed copy is. */
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

/** Experiments by name, or files by the name that their folder gives them. */
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

/** A value as it is read: lists with commas, mappings as in `model.labelWidth=10,50`. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  if (!isMapping(value)) return safe(String(value));
  return Object.entries(value).map(([key, inner]) => `${safe(key)}=${textOf(inner)}`).join(",");
}

/** All texts in a value. */
function leavesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  if (!isMapping(value)) return [String(value)];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...leavesOf(inner)]);
}

/** Whether a text can stand in a name as it is. */
function isPlain(text: string): boolean {
  return /^[\p{L}\p{N}_.-]*[\p{L}\p{N}_-]$/u.test(text);
}

function safe(text: string): string {
  return text.replace(/[^\p{L}\p{N}_.,=+-]+/gu, "_");
}

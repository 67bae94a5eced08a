/** Reading TypeScript files as text: their code without comments, and what they import. */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** The paths of all TypeScript files in a folder of the repository, relative to the repository, sorted. */
export async function typeScriptFiles(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) paths.push(...await typeScriptFiles(path));
    else if (/\.tsx?$/.test(entry.name)) paths.push(path);
  }
  return paths.sort();
}

const COMMENT = String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`;
const STRING = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|${"`(?:\\\\[\\s\\S]|[^`\\\\])*`"}`;
/** A regular expression stands where a value is expected; anywhere else a slash divides. */
const REGEXP = String
  .raw`(?<=(?:^|[(,=:[!&|?{};>]|\breturn)\s*)\/(?![*\/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\/\\\n[])+\/`;
const TOKENS = new RegExp(`(${COMMENT})|(${STRING})|(${REGEXP})`, "gm");

/** The code without comments; with `strings: false` also without what is in quotes and regular expressions. */
export function codeOnly(text: string, { strings = true } = {}): string {
  return text.replace(TOKENS, (token, comment) => comment !== undefined ? " " : strings ? token : '""');
}

/** Every module that a file imports or exports from, statically or by `import()` of a literal. */
export function importsOf(text: string): string[] {
  const code = codeOnly(text);
  const patterns = [
    /^\s*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']/gm,
    /^\s*import\s*["']([^"']+)["']/gm,
    /\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]));
}

/** Where a relative specifier leads, relative to the repository. */
export function resolveIn(path: string, specifier: string): string {
  return relative(ROOT, join(ROOT, path, "..", specifier)).replaceAll("\\", "/");
}

/** Reading TypeScript files as text: their code without comments, and what they import. */
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { importsOf as moduleImports } from "../tasks/code/module_imports.ts";

export { codeOnly } from "../tasks/code/module_imports.ts";

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

/** Every module that a file imports or exports from, statically or by `import()` of a literal. */
export function importsOf(text: string): string[] {
  return moduleImports(text).map(({ specifier }) => specifier);
}

/** Where a relative specifier leads, relative to the repository. */
export function resolveIn(path: string, specifier: string): string {
  return relative(ROOT, join(ROOT, path, "..", specifier)).replaceAll("\\", "/");
}

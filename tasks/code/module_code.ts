/** The code that something is made by: the modules that it reaches by imports, each with a hash of its text. */
import toolkit from "../../deno.json" with { type: "json" };
import { sha256 } from "../files/hash.ts";
import { codeOnly, importsOf, type ModuleImport } from "./module_imports.ts";

/**
 * Hashes of modules' texts, comments included, by their paths in the toolkit; and packages with their versions, by what
 * they are imported as.
 */
export type Code = Readonly<Record<string, string>>;

/** What of the imports is not followed. */
export interface CodeOptions {
  /**
   * A module that lists alternatives, a line `NAME: …` each: of it count the chosen one's line, whatever is in no such
   * line, and the imports that these use.
   */
  table?: { path: string; names: readonly string[]; chosen?: string | undefined };
}

/** The toolkit's folder, or its address where it is run from one. */
const ROOT = new URL("../../", import.meta.url).href;
/** Digits of a hash: it tells versions of a file apart, which nobody makes to be alike. */
const DIGITS = 16;

interface Module {
  sha256: string;
  imports: readonly ModuleImport[];
}

/**
 * Finds the code that modules reach. Types are left out, as they change no result; of packages that are imported by
 * `import()`, all count.
 *
 * @param entries Addresses of the modules: `import.meta.url`.
 * @throws If a module cannot be read.
 */
export async function codeOf(entries: readonly string[], options: CodeOptions = {}): Promise<Code> {
  const { table } = options;
  const found = new Map<string, string>();
  const visit = async (address: string): Promise<void> => {
    const name = address.startsWith(ROOT) ? address.slice(ROOT.length) : address;
    // What is used of the toolkit's own deno.json, version and `imports`, is told elsewhere.
    if (found.has(name) || name === "deno.json") return;
    found.set(name, "");
    const { sha256, imports } = name === table?.path
      ? await moduleOf(linesOf(await textOf(address), table))
      : await once(address);
    found.set(name, sha256);
    await Promise.all(
      imports.filter(({ isType }) => !isType).map(({ specifier }) => {
        const target = mapped(specifier);
        if (isAddress(target)) return visit(new URL(target, address).href);
        if (!target.startsWith("node:")) found.set(specifier, target);
      }),
    );
  };
  await Promise.all(entries.map(visit));
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Lists the modules that differ between two codes, also those that only one has. */
export function changedModules(then: Code, now: Code): string[] {
  const names = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...names].filter((name) => then[name] !== now[name]).sort();
}

/** "model/systems/laner/predictor.ts, model/nn/ops.ts and 3 more". */
export function formatModules(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

const modules = new Map<string, Promise<Module>>();

function once(address: string): Promise<Module> {
  const known = modules.get(address) ?? textOf(address).then(moduleOf);
  modules.set(address, known);
  return known;
}

async function moduleOf(text: string): Promise<Module> {
  return { sha256: (await sha256(text)).slice(0, DIGITS), imports: importsOf(text) };
}

/** A module's text as Deno has it: nothing is run, and one from the network is taken from Deno's cache. */
async function textOf(address: string): Promise<string> {
  return (await import(address, { with: { type: "text" } })).default;
}

/** A table's text for one of its names: without the lines of the others, and what only they import. */
function linesOf(text: string, { names, chosen }: NonNullable<CodeOptions["table"]>): string {
  const others = names.filter((name) => name !== chosen);
  const lines = text.split("\n").filter((line) =>
    !others.includes(line.match(/^\s*"?([\w-]+)"?:/)?.[1] ?? "")
  );
  const isImport = (line: string) => /^import\b.*\bfrom\b/.test(line);
  const rest = codeOnly(lines.filter((line) => !isImport(line)).join("\n"), { strings: false });
  const isUsed = (line: string) =>
    importsOf(line).every(({ names }) =>
      names.some((name) => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(rest))
    );
  return lines.filter((line) => !isImport(line) || isUsed(line)).join("\n");
}

/** What `imports` of deno.json makes of a specifier. */
function mapped(specifier: string): string {
  const imports: Record<string, string> = toolkit.imports;
  const key = Object.keys(imports).find((name) => specifier === name || specifier.startsWith(`${name}/`));
  if (key === undefined) return specifier;
  const target = imports[key]!;
  return target.startsWith(".") ? new URL(target, ROOT).href : target + specifier.slice(key.length);
}

function isAddress(specifier: string): boolean {
  return /^(\.{0,2}\/|file:|https?:)/.test(specifier);
}

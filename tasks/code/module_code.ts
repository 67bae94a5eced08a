/** The code behind a result: the modules that it reaches by imports, each with a hash of its text. */
import toolkit from "../../deno.json" with { type: "json" };
import { sha256 } from "../files/hash.ts";
import { codeOnly, importsOf, type ModuleImport } from "./module_imports.ts";

/** Hashes of modules' texts, comments included, by path in the toolkit; versions of packages, by import specifier. */
export type Code = Readonly<Record<string, string>>;

/** The imports that {@link codeOf} does not follow. */
export interface CodeOptions {
  /**
   * A module that lists alternatives, a line `NAME: …` each. Only the chosen one's line counts, all lines that belong
   * to no name, and the imports that these lines use.
   */
  table?: { path: string; names: readonly string[]; chosen?: string | undefined };
}

/** The toolkit's folder, or its address when it is run from one. */
const ROOT = new URL("../../", import.meta.url).href;
/** Digits of a hash: enough to tell versions of a file apart, since nobody tries to make two alike. */
const DIGITS = 16;

interface Module {
  sha256: string;
  imports: readonly ModuleImport[];
}

/**
 * Finds the code that modules reach. Type-only imports are left out, because they change no result; packages that are
 * imported by `import()` all count.
 *
 * @param entries Addresses of the modules: `import.meta.url`.
 * @throws If a module cannot be read.
 */
export async function codeOf(entries: readonly string[], options: CodeOptions = {}): Promise<Code> {
  const { table } = options;
  const found = new Map<string, string>();
  const visit = async (address: string): Promise<void> => {
    const name = address.startsWith(ROOT) ? address.slice(ROOT.length) : address;
    // The parts of the toolkit's own deno.json that are used, version and `imports`, are recorded elsewhere.
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

/** Lists the modules that differ between two codes, including those that only one has. */
export function changedModules(then: Code, now: Code): string[] {
  const names = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...names].filter((name) => then[name] !== now[name]).sort();
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

/** Returns a module's text as Deno has it; nothing is run, and a remote module comes from Deno's cache. */
async function textOf(address: string): Promise<string> {
  return (await import(address, { with: { type: "text" } })).default;
}

/** Returns a table's text for one of its names, without the lines of the others and the imports that only they use. */
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

/** Resolves a specifier by `imports` of deno.json. */
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

/** What a TypeScript module imports, read from its text, as Deno tells it only to who may start programs. */

const COMMENT = String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`;
const QUOTED = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'`;
const TEMPLATE = "`(?:\\\\[\\s\\S]|[^`\\\\])*`";
/** A regular expression stands where a value is expected; anywhere else a slash divides. */
const REGEXP = String
  .raw`(?<=(?:^|[(,=:[!&|?{};>]|\breturn)\s*)\/(?![*\/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\/\\\n[])+\/`;
const TOKENS = new RegExp(`(${COMMENT})|(${QUOTED}|${TEMPLATE})|(${REGEXP})`, "gm");

/** `import … from "…"` and `export … from "…"`, with what stands between; strings are filled with x. */
const FROM =
  /(?<![\w$.])(?:import|export)\b((?:(?!\b(?:import|export)\b)[\w$\s{},*"'])*?)(?<![\w$])from\s*(["'])(x+)\2/dg;
/** `import "…"`. */
const BARE = /(?<![\w$.])import\s*(["'])(x+)\1/dg;
/** `import("…")`. */
const DYNAMIC = /(?<![\w$.])import\s*\(\s*(["'`])(x+)\1/dg;

/** A module that is imported. */
export interface ModuleImport {
  /** As it is written: "./tag.ts", "npm:jstat@1.9.6". */
  specifier: string;
  /** Whether nothing but types comes from it, so that it is not loaded. */
  isType: boolean;
  /** What the importing module calls the things that it imports; none for `export … from` and `import()`. */
  names: readonly string[];
}

/** The code without comments; with `strings: false` also without what is in quotes and regular expressions. */
export function codeOnly(text: string, { strings = true } = {}): string {
  return text.replace(TOKENS, (token, comment) => comment !== undefined ? " " : strings ? token : '""');
}

/** Every module that a module imports or exports from, statically or by `import()` of a literal. */
export function importsOf(text: string): ModuleImport[] {
  // Of the same length as the text, so that what a string says is found again, and no string looks like an import.
  const code = text.replace(TOKENS, (token, comment, string) => {
    const fill = comment === undefined ? "x" : " ";
    const inside = token.slice(1, -1).replace(/[^\n]/g, fill);
    return string === undefined ? `${fill}${inside}${fill}` : token[0] + inside + token[0];
  });
  const specifierOf = ({ indices }: RegExpExecArray) => text.slice(...indices!.at(-1)!);
  return [
    ...[...code.matchAll(FROM)].map((match) => ({
      specifier: specifierOf(match),
      isType: isTypeOnly(match[1]!),
      names: /^\s*import\b/.test(match[0]) ? namesOf(match[1]!) : [],
    })),
    ...[...code.matchAll(BARE), ...code.matchAll(DYNAMIC)].map(specifierOf)
      // What is put together as the program runs is no literal.
      .filter((specifier) => !specifier.includes("${"))
      .map((specifier) => ({ specifier, isType: false, names: [] })),
  ];
}

/** How a clause of nothing but types begins. */
const TYPE = /^\s*type\b(?!\s*(?:,|$))/;

/** Whether a clause is `type …`, or `{ type A, type B }`. */
function isTypeOnly(clause: string): boolean {
  if (TYPE.test(clause)) return true;
  const [, inBraces] = clause.match(/^\s*\{([^}]*)\}\s*$/) ?? [];
  const members = inBraces?.split(",").map((member) => member.trim()).filter(Boolean) ?? [];
  return members.length > 0 && members.every((member) => /^type\s+(?!as\b)/.test(member));
}

/** The names that a clause gives: `A, { B, C as D }` and `* as E` give A, B, D and E. */
function namesOf(clause: string): string[] {
  return clause.replace(TYPE, "").split(/[{},]/).flatMap((member) => member.match(/([\w$]+)\s*$/)?.[1] ?? []);
}

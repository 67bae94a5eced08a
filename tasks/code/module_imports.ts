/** The imports of a TypeScript module, read from its text: Deno lists them only for programs that may start others. */

const COMMENT = String.raw`\/\*[\s\S]*?\*\/|\/\/[^\n]*`;
const QUOTED = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'`;
const TEMPLATE = "`(?:\\\\[\\s\\S]|[^`\\\\])*`";
/** A regular expression literal. It stands where a value is expected; anywhere else a slash divides. */
const REGEXP = String
  .raw`(?<=(?:^|[(,=:[!&|?{};>]|\breturn)\s*)\/(?![*\/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\/\\\n[])+\/`;
const TOKENS = new RegExp(`(${COMMENT})|(${QUOTED}|${TEMPLATE})|(${REGEXP})`, "gm");

/** A pattern for `import … from "…"` and `export … from "…"` with the clause between; strings are filled with x. */
const FROM =
  /(?<![\w$.])(?:import|export)\b((?:(?!\b(?:import|export)\b)[\w$\s{},*"'])*?)(?<![\w$])from\s*(["'])(x+)\2/dg;
/** A pattern for `import "…"`. */
const BARE = /(?<![\w$.])import\s*(["'])(x+)\1/dg;
/** A pattern for `import("…")`. */
const DYNAMIC = /(?<![\w$.])import\s*\(\s*(["'`])(x+)\1/dg;

/** A module that another one imports. */
export interface ModuleImport {
  /** The specifier as written: "./tag.ts", "npm:jstat@1.9.6". */
  specifier: string;
  /** True if only types are imported, so that the module is not loaded. */
  isType: boolean;
  /** The names of the imported things in the importing module; none for `export … from` and `import()`. */
  names: readonly string[];
}

/**
 * Returns the code without comments; with `strings: false` also without the contents of quotes and regular expressions.
 */
export function codeOnly(text: string, { strings = true } = {}): string {
  return text.replace(TOKENS, (token, comment) => comment !== undefined ? " " : strings ? token : '""');
}

/** Lists every module that a module imports or exports from, statically or by `import()` of a literal. */
export function importsOf(text: string): ModuleImport[] {
  // The same length as the text, so that strings can be found again, and no string looks like an import.
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
      // A specifier that is put together at run time is not a literal.
      .filter((specifier) => !specifier.includes("${"))
      .map((specifier) => ({ specifier, isType: false, names: [] })),
  ];
}

/** A pattern for the start of a clause of types only. */
const TYPE = /^\s*type\b(?!\s*(?:,|$))/;

/** Tells whether a clause is `type …`, or `{ type A, type B }`. */
function isTypeOnly(clause: string): boolean {
  if (TYPE.test(clause)) return true;
  const [, inBraces] = clause.match(/^\s*\{([^}]*)\}\s*$/) ?? [];
  const members = inBraces?.split(",").map((member) => member.trim()).filter(Boolean) ?? [];
  return members.length > 0 && members.every((member) => /^type\s+(?!as\b)/.test(member));
}

/** Returns the names that a clause defines: `A, { B, C as D }` and `* as E` give A, B, D and E. */
function namesOf(clause: string): string[] {
  return clause.replace(TYPE, "").split(/[{},]/).flatMap((member) => member.match(/([\w$]+)\s*$/)?.[1] ?? []);
}

/** Constructs that the parser accepts although YAML forbids them or programs read them differently. */

/** A refused construct and its offset in the document. */
export interface YamlDoubt {
  rule: string;
  offset: number;
}

// Lines end with \n only: ^ and $ would also find the line separators of Unicode, which are text to YAML. What looks
// back comes after a character that is rare, so that time is bounded by the length of the text.
/** Pattern of the places where a value may begin: the start of a line, or after an indicator, an anchor or a tag. */
const START =
  /(?<![^\n])(?:---)?[ \t]*|(?:(?<![^\s])[-?]|:)[ \t]+|["']:|[[{,]\s*|(?<![^\s[{,])[&!][^\s]*[ \t]+/.source;
/** Quoted text, comments, and block scalars with all lines that belong to them. */
const QUOTED = `"(?<=(?:${START})")(?:[^"\\\\]|\\\\[^])*"|'(?<=(?:${START})')(?:[^']|'')*'`;
const COMMENT = /(?<![^\s])#[^\n]*/.source;
/** Pattern of a block scalar: the indicator at the end of a line, and the lines below that are empty or indented deeper. */
const BLOCK =
  /(?<![^\s])[|>][-+\d]*[ \t]*(?:#[^\n]*)?(?![^\n])(?<=(?<![^\n])( *)(?:[^ \n][^\n]*)?)(?:\n(?:\1 [^\n]*|[ \t]*(?![^\n])))*/
    .source;
const OPAQUE = new RegExp([QUOTED, COMMENT, BLOCK].join("|"), "g");

const ANCHOR = /(?<![^\s[{,])&[^\s,[\]{}]+/g;
const ALIAS = /(?<![^\s[{,])\*[^\s,[\]{}]+/g;

const REFUSED: [form: RegExp, rule: string][] = [
  [/(?<![^\n]) *\t[ \t]*[^\s#]/, "a line must be indented by spaces, not by tabs"],
  [/:[ \t]+(?:[&!][^\s]*[ \t]+)*\?[ \t]/, "a key with ? must stand on a line of its own"],
  [
    /[:?][ \t]+(?:["']+|\*[^\s,[\]{}]+|\[[^\n[\]]*\]|\{[^\n{}]*\})[ \t]*[^\s#,\]}:"'](?:[^\n:]|:[^\s])*:(?![^\s])/,
    "a second key must stand on a line of its own",
  ],
  [
    new RegExp(`!(?<=(?:${START})!)[^\\s]*(?:[ \\t]+&[^\\s]+)?[ \\t]*(?![^\\n])`),
    "a tag must stand on the line of its value",
  ],
  [/(?<![^\s[{,])!<\?>/, "!<?> is no tag"],
  [/(?<![^\s[{,])&__proto__(?![^\s,[\]{}])/, "an anchor must have another name than __proto__"],
];

/** Finds the first construct that is refused whatever the document's value is. */
export function findYamlDoubt(yamlText: string): YamlDoubt | undefined {
  // Also in comments and quoted text: some programs take it for the end of the document.
  const end = yamlText.indexOf("\0");
  if (end >= 0) return { rule: "it must have no null character", offset: end };
  const structure = structureOf(yamlText);
  for (const [form, rule] of REFUSED) {
    const offset = structure.search(form);
    if (offset >= 0) return { rule, offset };
  }
  const second = findSecondDocument(structure);
  if (second !== undefined) return { rule: "it must be one document", offset: second };
  const anchor = findLoneAnchor(structure);
  if (anchor === undefined) return undefined;
  const rule = "what an alias names must stand after its anchor, or be a list or mapping in the lines below";
  return { rule, offset: anchor };
}

/** Finds the first comma in a bracketed list or mapping with nothing before it. */
export function findEmptyEntry(yamlText: string): YamlDoubt | undefined {
  const offset = structureOf(yamlText).search(/,(?<=[[{,]\s*,)/);
  return offset < 0 ? undefined : { rule: "something must stand before a comma", offset };
}

/**
 * Returns the text without comments and without quoted text that only looks like structure, which is replaced by ', or
 * by " if it is empty. Its length and lines stay.
 */
function structureOf(yamlText: string): string {
  const text = yamlText.replace(/^\uFEFF/, " ").replace(/\r\n/g, " \n").replace(/\r/g, "\n");
  return text.replace(OPAQUE, (opaque) => {
    const isEmpty = opaque.length === 2 || (/^[|>]/.test(opaque) && !/\n[^]*\S/.test(opaque));
    return opaque.replace(/[^\n]/g, opaque.startsWith("#") ? " " : isEmpty ? '"' : "'");
  });
}

/** Finds the line that ends the first document, if anything but comments follows. */
function findSecondDocument(structure: string): number | undefined {
  let hasBegun = false;
  let end: number | undefined;
  for (const { index, 0: line } of structure.matchAll(/[^\n]+/g)) {
    const marker = /^(?:---|\.\.\.)(?![^\s])/.exec(line)?.[0];
    if (end !== undefined && line.trim() !== "") return end;
    if (hasBegun && marker === "---") return index;
    if (marker === "...") end = index;
    // What begins with % comes before a document.
    hasBegun ||= /^\s*[^\s%]/.test(line);
  }
}

/** Finds an anchor with an alias that has neither a value nor lines of a list or mapping after it. */
function findLoneAnchor(structure: string): number | undefined {
  const names = new Set([...structure.matchAll(ALIAS)].map(([alias]) => alias.slice(1)));
  for (const { index, 0: anchor } of structure.matchAll(ANCHOR)) {
    if (!names.has(anchor.slice(1))) continue;
    const after = structure.slice(index + anchor.length).replace(/^(?:[ \t]+![^\s,[\]{}]*)*[ \t]*/, "");
    if (/^(?:"|[,\]}]|$)/.test(after)) return index;
    if (!after.startsWith("\n")) continue;
    const [, indent, content] = /^\s*?\n( *)([^\s][^\n]*)/.exec(after) ?? ["", "", ""];
    const line = structure.slice(structure.lastIndexOf("\n", index) + 1, index);
    const depth = indent.length - (line.length - line.trimStart().length);
    // A list may be indented as deep as its key.
    const isBelow = /^-(?![^\s])/.test(content)
      ? depth > 0 || (depth === 0 && !line.trimStart().startsWith("- "))
      : depth > 0 && /^[^[{]*?:(?![^\s])/.test(content);
    if (!isBelow) return index;
  }
}

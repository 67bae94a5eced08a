/** Telling from its first lines that a file is no running text: whatever is tagged as prose gives entities, but wrong ones. */
// @ts-types="npm:@types/d3-dsv@3.0.7"
import { dsvFormat } from "npm:d3-dsv@3.0.2";
import { isDocumentStart } from "../../data/text/conll.ts";

/** How much of a text is looked at. */
const BEGINNING = 1 << 16;
const LINES = 200;
/** Of so many of its lines a format must be true: a line may be damaged, or a comment. */
const NEARLY_ALL = 0.9;

/**
 * The format of a text that is not running text: JSON, JSON Lines, columns of words and tags, words a line, tables of
 * values, HTML and XML, brat's annotations, RTF.
 *
 * @param text Any text.
 * @returns The name of the format; null for running text, and for whatever can be.
 */
export function otherFormat(text: string): string | null {
  const beginning = text.slice(0, BEGINNING);
  const lines = beginning.split(/\r?\n/).slice(0, -1);
  // The last line may be cut.
  if (text.length <= BEGINNING) lines.push(beginning.slice(beginning.lastIndexOf("\n") + 1));
  const filled = lines.map((line) => line.trim()).filter((line) => line !== "").slice(0, LINES);
  if (filled.length === 0) return null;
  return markupOf(beginning) ?? jsonOf(beginning, filled) ?? columnsOf(filled) ?? tableOf(filled);
}

/**
 * Whether what is taken for columns, separated by spaces, is running text: no line has a tag after its word, and the last
 * ends a sentence. Nothing with tabs is.
 */
export function isProse(text: string): boolean {
  if (text.includes("\t")) return false;
  const rows = text.split(/\r?\n/).map((line) => line.trim()).filter((line) =>
    line !== "" && !isDocumentStart(line)
  )
    .map((line) => line.split(/ +/));
  const last = rows.at(-1);
  const isTag = (value: string) => value === "O" || TAG.test(value);
  if (last === undefined || rows.some((row) => row.slice(1).some(isTag))) return false;
  return last.length > 2 && /\p{L}/u.test(last[0]!) && /[.!?…。]["'”’»)\]]*$/u.test(last.at(-1)!);
}

function markupOf(beginning: string): string | null {
  const start = beginning.trimStart();
  if (start.startsWith("{\\rtf")) return "RTF";
  if (/^<(!doctype|html)\b/i.test(start)) return "HTML";
  if (/^<(\?xml\b|([A-Za-z][\w:.-]*)(\s[^<>]*)?>[^]*<\/\2>)/.test(start)) return "XML or HTML";
  return null;
}

/** A string of JSON. */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/** An object with a key, a list of such objects, of lists or of strings: nobody begins a sentence so. */
const JSON_START = new RegExp(
  String
    .raw`^\s*(\{\s*${STRING}\s*:|\[\s*(\{\s*${STRING}\s*:|\[\s*["\[{\d]|${STRING}\s*(,\s*["\[{]|\]\s*$)))`,
);

function jsonOf(beginning: string, lines: readonly string[]): string | null {
  const records = lines.filter(isRecord);
  if (records.length >= Math.max(2, lines.length / 2)) return "JSON Lines";
  return JSON_START.test(beginning) ? "JSON" : null;
}

/** Whether a line is an object or a list of JSON, other than a number in brackets, which notes begin with. */
function isRecord(line: string): boolean {
  if (!JSON_START.test(line)) return false;
  try {
    return typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

const TAG = /^[BIESLU]-[\p{L}_]/u;
/** How many values of a column are O where types have no prefix. */
const MANY_O = 0.3;

function columnsOf(lines: readonly string[]): string | null {
  if (
    mostOf(lines, (line) => /^([TREAMN]\d+|#\d*|\*)\t/.test(line)) &&
    /^T\d+\t\S+ \d+ \d+/m.test(lines.join("\n"))
  ) {
    return "annotations of brat";
  }
  const rows = lines.filter((line) => !isDocumentStart(line) && !/^#[ \t]/.test(line))
    .map((line) => line.split(/[\t ]+/));
  if (rows.length < 2) return null;
  const nColumns = mostFrequent(rows.map((row) => row.length));
  if (!mostOf(rows, (row) => row.length === nColumns)) return null;
  for (let column = 1; column < nColumns; column++) {
    const values = rows.map((row) => row[column] ?? "");
    const nO = values.filter((value) => value === "O").length;
    const isTagged = nO > 0 && mostOf(values, (value) => value === "O" || TAG.test(value));
    const isEmpty = rows.length >= 3 && mostOf(values, (value) => /^(_|-+|-X-)$/.test(value));
    if (isTagged || isEmpty || (rows.length >= 3 && nO >= MANY_O * rows.length)) {
      return "columns of words and tags";
    }
  }
  // A list of names has neither.
  const isInSentence = ([word]: string[]) => /^(\p{P}$|\p{Ll})/u.test(word!);
  return nColumns === 1 && rows.length >= 5 && rows.some(isInSentence) ? "one word a line" : null;
}

/** What lists begin with: a dash, a number, a letter. */
const BULLET = /^(\p{P}|\p{S}|[\p{L}\p{N}]{1,3}[.):])+$/u;

function tableOf(lines: readonly string[]): string | null {
  const rows = lines.map((line) => line.split("\t"));
  if (rows.length >= 2 && isEven(rows) && !mostOf(rows, ([first]) => BULLET.test(first!))) {
    return "tab-separated values";
  }
  for (const separator of [",", ";"]) {
    const format = dsvFormat(separator);
    const text = lines.join("\n");
    const rows = format.parseRows(text);
    // In a sentence white space follows a comma; and where quotes are no fields', something gets lost.
    const isTable = rows.length >= 3 && isEven(rows) &&
      rows.every((row) => row.slice(1).every((value) => !/^\s/.test(value))) &&
      format.formatRows(rows).replaceAll('"', "") === text.replaceAll('"', "") &&
      // Nor is it one that is within a number.
      isEven(format.parseRows(text.replace(/(?<=\d),(?=\d{3}\b)/g, "")));
    if (isTable) return "comma-separated values";
  }
  return null;
}

/** Whether nearly all rows have the same number of fields, of which more than one is not empty in some row. */
function isEven(rows: readonly string[][]): boolean {
  const nColumns = mostFrequent(rows.map((row) => row.length));
  const isFilled = rows.some((row) => row.filter((value) => value !== "").length > 1);
  return nColumns > 1 && isFilled && mostOf(rows, (row) => row.length === nColumns);
}

function mostOf<T>(all: readonly T[], isSo: (one: T) => boolean): boolean {
  return all.filter(isSo).length >= NEARLY_ALL * all.length;
}

function mostFrequent(numbers: readonly number[]): number {
  const groups = Map.groupBy(numbers, (n) => n);
  return [...groups].reduce((most, group) => group[1].length > most[1].length ? group : most)[0];
}

/**
 * Recognises from its first lines that a file is not running text: anything tagged as prose gives entities, but wrong
 * ones.
 */
// @ts-types="npm:@types/d3-dsv@3.0.7"
import { dsvFormat } from "npm:d3-dsv@3.0.2";
import { isDocumentStart } from "../../data/text/conll.ts";

/** The part of a text that is examined, in UTF-16 code units. */
const BEGINNING = 1 << 16;
const LINES = 200;
/** The share of lines that must match a format; the others may be damaged, or comments. */
const NEARLY_ALL = 0.9;

/**
 * Recognises the format of a text that is not running text: JSON, JSON Lines, columns of words and tags, words a line,
 * tables of values, HTML and XML, brat's annotations, RTF.
 *
 * @param text Any text.
 * @returns The name of the format; null for running text, and for any text that may be.
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
 * Tells whether a text that is read as columns separated by spaces is running text: no line has a tag after its word,
 * and the last ends a sentence. Text with tabs never is.
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

/** A JSON string. */
const STRING = String.raw`"(?:[^"\\]|\\.)*"`;
/**
 * The start of an object with a key, or of a list of such objects, of lists or of strings: no sentence begins like
 * this.
 */
const JSON_START = new RegExp(
  String
    .raw`^\s*(\{\s*${STRING}\s*:|\[\s*(\{\s*${STRING}\s*:|\[\s*["\[{\d]|${STRING}\s*(,\s*["\[{]|\]\s*$)))`,
);

function jsonOf(beginning: string, lines: readonly string[]): string | null {
  const records = lines.filter(isRecord);
  if (records.length >= Math.max(2, lines.length / 2)) return "JSON Lines";
  return JSON_START.test(beginning) ? "JSON" : null;
}

/** Tells whether a line is a JSON object or list, other than a number in brackets, with which notes begin. */
function isRecord(line: string): boolean {
  if (!JSON_START.test(line)) return false;
  try {
    return typeof JSON.parse(line) === "object";
  } catch {
    return false;
  }
}

const TAG = /^[BIESLU]-[\p{L}_]/u;
/** The least share of O among the values of a column of types without prefix. */
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

/** A pattern for the marks of list items: a dash, a number, a letter. */
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
    // In a sentence white space follows a comma; and if quotes do not enclose fields, text would be lost.
    const isTable = rows.length >= 3 && isEven(rows) &&
      rows.every((row) => row.slice(1).every((value) => !/^\s/.test(value))) &&
      format.formatRows(rows).replaceAll('"', "") === text.replaceAll('"', "") &&
      // Nor does a comma inside a number separate fields.
      isEven(format.parseRows(text.replace(/(?<=\d),(?=\d{3}\b)/g, "")));
    if (isTable) return "comma-separated values";
  }
  return null;
}

/** Tells whether nearly all rows have the same number of fields, more than one of them not empty in some row. */
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

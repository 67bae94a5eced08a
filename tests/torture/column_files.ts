/** Random and damaged column files: read whole, or refused with file and line. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Random } from "../../data/random.ts";
import { checkTags } from "../../data/tags/check_tags.ts";
import { linesOf, parseConll, type Sentence } from "../../data/text/conll.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import { formatConll } from "../../data/text/format_conll.ts";
import { INPUT_KINDS, readSentences } from "../../tasks/data_sets/predict_input.ts";
import { damage, pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

const FILE = "hostile.conll";

export const COLUMN_FILES: Torture = {
  name: "column-files",
  what: "column files",
  tries: { test: 4000, torture: 20_000 },
  begin: () => (random) => {
    const whole = new TextEncoder().encode(columnFile(random));
    const bytes = damage(random, whole, POISON, pick(random, [0, 0, 1, 1, 4]));
    const tagColumn = pick(random, [-1, -1, 1]);
    let text: string;
    let sentences: Sentence[];
    try {
      text = decodeText(bytes, FILE);
      for (const kind of INPUT_KINDS) {
        if (kind !== "conll") checkPlaces(text, readSentences(text, kind, FILE));
      }
      sentences = parseConll(text, { source: FILE, tagColumn });
    } catch (error) {
      assertNamesLine(error, bytes);
      return "refused";
    }
    assertEquals(sentences.map(rowsOf), countRows(text, tagColumn));
    if (tagColumn === -1) checkPlaces(text, readSentences(text, "conll", FILE));
    assertEquals(parseConll(formatConll(sentences)), sentences);
    try {
      checkTags(sentences);
    } catch (error) {
      assertNamesLine(error, bytes);
      return "read, tags refused";
    }
    return "read";
  },
};

const WORDS = "EU|rejects|a|b|c|New York|-|#|-DOCSTART-|-DOCSTART-x|\u00a0|\u200b|漢|👍|\u0085".split("|");
const TAGS = "O|O|O|O|B-a|B-a|I-a|I-a|B-b|I-b-c|B|E-a|S-a|L-a|X-a".split("|");
const SEPARATORS = ["\t", " ", "  "];
const LINE_ENDS = ["\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r"];

const POISON = ["\0", "\uFEFF", "\u2028", "\u00a0", "\u200b", "\r", "\n", "\n\n", "\t", " ", "\f", "\x7f"]
  .concat([
    "-DOCSTART-",
    "-DOCSTART- -X- O\n",
    "#",
    "\u0301",
    "B-",
    "\u0000O",
    "\r\r\n",
    "  \t ",
    "\n\uFEFFa O",
  ]);

function columnFile(random: Random): string {
  const separator = pick(random, SEPARATORS);
  const lineEnd = pick(random, LINE_ENDS);
  const more = random.integer(3);
  const lines = Array.from({ length: 1 + random.integer(12) }, () => {
    if (random.integer(5) === 0) return "";
    const columns = [pick(random, WORDS), ...Array.from({ length: more }, () => "x"), pick(random, TAGS)];
    return columns.join(separator);
  });
  return lines.join(lineEnd) + pick(random, ["", lineEnd]);
}

/** Line, word and tag of each word. */
type Row = [line: number, word: string, tag: string];

function rowsOf(sentence: Sentence): Row[] {
  return sentence.words.map((word, w) => [linesOf(sentence)![w]!, word, sentence.tags[w]!]);
}

/** What must have been read, counted line by line in the simplest way that there is. */
function countRows(text: string, tagColumn: number): Row[][] {
  const lines = text.replace(/^\uFEFF/, "").split("\n").map((line) => line.replace(/[\r\t ]*$/, ""));
  const isMark = (line: string) => line.replace(/^ +/, "").split(/[\t ]/)[0] === "-DOCSTART-";
  const separator = lines.some((line) => !isMark(line) && line.includes("\t")) ? "\t" : / +/;
  const sentences: Row[][] = [[]];
  lines.forEach((line, i) => {
    if (line === "" || isMark(line)) return void sentences.push([]);
    const columns = line.split(separator);
    if (columns[0] === "") columns.shift(); // spaces before the word
    sentences.at(-1)!.push([i + 1, columns[0]!, columns.at(tagColumn)!]);
  });
  return sentences.filter((rows) => rows.length > 0);
}

/** Every word must stand where it is said to, behind the one before. */
function checkPlaces(text: string, sentences: { text: string; start: number; end: number }[][]): void {
  let last = 0;
  for (const word of sentences.flat()) {
    assertEquals(text.slice(word.start, word.end), word.text);
    assert(word.start >= last && word.end > word.start);
    last = word.end;
  }
}

function assertNamesLine(error: unknown, bytes: Uint8Array): void {
  assert(error instanceof Error && error.constructor === Error, String(error));
  assertMatch(error.message, /^Cannot \w+ (tag )?"[^]*?" at hostile\.conll:\d+: [^]+, current value is /);
  const line = Number(/ at hostile\.conll:(\d+)/.exec(error.message)![1]);
  assert(line >= 1 && line <= bytes.reduce((n, byte) => n + (byte === 0x0a ? 1 : 0), 1), error.message);
}

import { assertEquals } from "@std/assert";
import { csvRows } from "../../../data/formats/csv_rows.ts";
import { PLAIN_COLUMNS, readColumns, type ReadColumnsOptions } from "../../../data/text/columns.ts";

const read = (text: string, more: Partial<ReadColumnsOptions> = {}) =>
  readColumns(text, { ...PLAIN_COLUMNS, source: "a.txt", ...more });
const shown = (text: string, more: Partial<ReadColumnsOptions> = {}) =>
  read(text, more).map(({ sentence: { words, tags } }) =>
    words.map((word, w) => `${word}/${tags[w]}`).join(" ")
  );
const problems = (text: string, more: Partial<ReadColumnsOptions> = {}) =>
  read(text, more).flatMap(({ problems }) => problems);

const LAYOUTS: [what: string, text: string, settings: Partial<ReadColumnsOptions>, sentences: string[]][] = [
  ["columns by number from the end", "1 Ona B-x 7\n", { wordColumn: -3, tagColumn: -2 }, ["Ona/B-x"]],
  ["columns by name", "id\ttok\tner\n1\tOna\tB-x\n", { wordColumn: "tok", tagColumn: "ner" }, ["Ona/B-x"]],
  ["a header that names nothing of interest", "a b\nOna B-x\n", { header: true }, ["Ona/B-x"]],
  ["semicolons", "Ona;B-x\na b;O\n", { separator: "semicolon" }, ["Ona/B-x a b/O"]],
  ["a separator of two characters", "Ona||B-x\n", { separator: "||" }, ["Ona/B-x"]],
  ["any white space", "Ona \t B-x\n", { separator: "whitespace" }, ["Ona/B-x"]],
  ["comments before a word #", "# 1 text\n# O\nOna B-x\n", { comments: "# " }, ["#/O Ona/B-x"]],
  ["comments of as many columns as words", "# text\nOna B-x\n", { comments: "#" }, ["Ona/B-x"]],
  ["other marks of documents", "Ona B-x\n<doc> 1\nVale O\n", { documentMarks: ["<doc>"] }, [
    "Ona/B-x",
    "Vale/O",
  ]],
  ["sentences by a column", "Ona B-x 1\nsat O 1\nVale O 2\n", { tagColumn: 1, sentenceColumn: 2 }, [
    "Ona/B-x sat/O",
    "Vale/O",
  ]],
  ["a prefix", "de:Ona B-x\nde:de: O\n", { wordPrefix: "de:" }, ["Ona/B-x de:/O"]],
  ["columns that differ from sentence to sentence", "Ona a B-x\n\nVale O\n", { evenColumns: "sentence" }, [
    "Ona/B-x",
    "Vale/O",
  ]],
  ["columns that differ from line to line", "Ona a B-x\nVale O\n", { evenColumns: "no" }, ["Ona/B-x Vale/O"]],
  ["no tags", "Ona\nVale\n\nsat\n", { tagColumn: null }, ["Ona/undefined Vale/undefined", "sat/undefined"]],
];

for (const [what, text, settings, sentences] of LAYOUTS) {
  Deno.test(`readColumns() reads files with ${what}`, () => {
    assertEquals(shown(text, settings), sentences);
  });
}

Deno.test("readColumns() goes on after an error, and notes it in its sentence", () => {
  const text = "Ona B-x\n\nsat\nVale O\n\nUlm B-x\nGlim\u001b O\n\nSo O\nit is O\n";
  const sentences = read(text);
  assertEquals(sentences.map(({ problems }) => problems.length), [0, 1, 1, 1]);
  assertEquals(sentences.flatMap(({ problems }) => problems.map((one) => /a\.txt:(\d+)/.exec(one)![1])), [
    "3",
    "7",
    "10",
  ]);
});

Deno.test("readColumns() takes the number of columns from most lines, not from a damaged first one", () => {
  const found = problems("Ona\nsat a O\nVale a O\n");
  assertEquals(found.length, 1);
  assertEquals(
    found[0],
    'Cannot read "a.txt" at a.txt:1: a line must have 3 space-separated columns, as line 2 has, current value is 1 in "Ona"',
  );
});

Deno.test("readColumns() names the columns of the header when the one that is asked for is not there", () => {
  assertEquals(
    problems("tok\tner\nOna\tB-x\n", { wordColumn: "word" })[0]?.includes("the header has tok, ner"),
    true,
  );
});

Deno.test("readColumns() gives the names of sentences and the numbers of their documents", () => {
  const text = "# id = 7\nOna O\n\n-DOCSTART- O\n# sent_id = b\nVale O\n\nsat O\n";
  assertEquals(read(text, { comments: "#" }).map(({ id, document }) => [id, document]), [["7", 0], ["b", 1], [
    undefined,
    1,
  ]]);
});

Deno.test("readColumns() finds the place of each word in its line", () => {
  const places = (text: string, more: Partial<ReadColumnsOptions>) =>
    read(text, { ...more, withPlaces: true })[0]!.starts;
  assertEquals(places("1\t1\tO\n12\t1\tO\n", { wordColumn: 1 }), [2, 3]);
  assertEquals(places("  n  na O\n", { wordColumn: 1 }), [5]);
  assertEquals(places("en:e\tO\n", { wordPrefix: "*:" }), [3]);
  assertEquals(places("\t\ta\tO\n", { wordColumn: 2, separator: "tab" }), [2]);
});

Deno.test("csvRows() counts the lines of quoted fields", () => {
  const rows = [...csvRows('a,b\n"x\ny",1\n\nz,"2,3"\n', "comma")];
  assertEquals(rows.map(({ number, text }) => [number, text !== ""]), [[1, true], [2, true], [4, false], [
    5,
    true,
  ]]);
  assertEquals(rows[3]!.fields(), ["z", "2,3"]);
});

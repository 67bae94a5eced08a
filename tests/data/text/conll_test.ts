import { assertEquals, assertThrows } from "@std/assert";
import { scoreSpans } from "../../../data/scores/scores.ts";
import { checkTags, tagProblems, wellFormedSchemes } from "../../../data/tags/check_tags.ts";
import { parseConll, placeOf } from "../../../data/text/conll.ts";
import { decodeText } from "../../../data/text/decode_text.ts";
import { formatConll } from "../../../data/text/format_conll.ts";

const TWO = [
  { words: ["EU", "rejects"], tags: ["B-ORG", "O"] },
  { words: ["Peter"], tags: ["B-PER"] },
];

const READABLE: [string, string][] = [
  ["tabs", "EU\tB-ORG\nrejects\tO\n\nPeter\tB-PER\n"],
  ["spaces", "EU B-ORG\nrejects O\n\nPeter B-PER\n"],
  ["runs of spaces", "EU   B-ORG\n rejects  O\n\nPeter B-PER  \n"],
  ["more columns", "EU NNP I-NP B-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP B-PER\n"],
  ["CRLF", "EU\tB-ORG\r\nrejects\tO\r\n\r\nPeter\tB-PER\r\n"],
  ["a byte order mark", "\uFEFFEU\tB-ORG\nrejects\tO\n\nPeter\tB-PER\n"],
  ["no line end at the end", "EU\tB-ORG\nrejects\tO\n\nPeter\tB-PER"],
  ["a lone CR at the end", "EU\tB-ORG\r\nrejects\tO\r\n\r\nPeter\tB-PER\r"],
  ["runs of blank lines", "\n\nEU\tB-ORG\nrejects\tO\n\n \t\n\nPeter\tB-PER\n\n\n"],
  ["-DOCSTART- lines", "-DOCSTART- -X- O O\n\nEU B-ORG\nrejects O\n-DOCSTART-\nPeter B-PER\n"],
  ["-DOCSTART- with a tab among spaces", "-DOCSTART-\tO\n\nEU B-ORG\nrejects O\n\nPeter B-PER\n"],
];

for (const [what, text] of READABLE) {
  Deno.test(`parseConll() reads words and tags when the file has ${what}`, () => {
    assertEquals(parseConll(text), TWO);
  });
}

Deno.test("parseConll() takes word and tag from the columns asked for", () => {
  const text = "1 EU NNP B-ORG 0\n2 rejects VBZ O 0\n\n1 Peter NNP B-PER 0";
  assertEquals(parseConll(text, { wordColumn: 1, tagColumn: -2 }), TWO);
  assertEquals(parseConll(text, { wordColumn: 1, tagColumn: 3 }), TWO);
});

Deno.test("parseConll() skips comments only when asked", () => {
  const text = "# text = EU rejects\nEU\tB-ORG\n#\trejected\nrejects\tO\n\nPeter\tB-PER\n";
  const sentences = parseConll(text, { source: "a.conll", comments: true });
  assertEquals(sentences, TWO);
  assertEquals(placeOf(sentences[0]!, 1), "a.conll:4");
  assertEquals(parseConll("#\tO\nEU\tB-ORG\n"), [{ words: ["#", "EU"], tags: ["O", "B-ORG"] }]);
});

Deno.test("parseConll() keeps spaces within a word when columns are separated by tabs", () => {
  assertEquals(parseConll("New York\tB-LOC\n"), [{ words: ["New York"], tags: ["B-LOC"] }]);
});

Deno.test("parseConll() keeps other white space and characters without width in the word", () => {
  const words = [
    "a\u00a0b",
    "c\u2028d",
    "\u0085",
    "\u3000",
    "e\ff",
    "\u200b",
    "\u200d\u00ad",
    "g\uFEFF",
    "\ufffe",
  ];
  for (const separator of ["\t", " "]) {
    assertEquals(parseConll(words.map((word) => `${word}${separator}O`).join("\n"))[0]!.words, words);
  }
});

Deno.test("parseConll() takes LF and CRLF in one file, and a CR before either", () => {
  assertEquals(parseConll("EU\tB-ORG\r\nrejects\tO\n\r\r\nPeter\tB-PER\r\r\n"), TWO);
});

Deno.test("parseConll() takes only a first column of -DOCSTART- for a mark", () => {
  const text = "EU B-ORG\n -DOCSTART- -X-\n-DOCSTART-x O\n-DOCSTART O\n";
  assertEquals(parseConll(text).map(({ words }) => words), [["EU"], ["-DOCSTART-x", "-DOCSTART"]]);
});

Deno.test("parseConll() reads what is longer when its options allow it, however long", () => {
  const n = 300_000;
  const sentence = parseConll("a B-x\n".repeat(n), { maxSentenceWords: n })[0]!;
  assertEquals([sentence.words.length, placeOf(sentence, n - 1)], [n, `text:${n}`]);
  checkTags([sentence], { scheme: "IOB2", wellFormed: true });
  assertEquals(scoreSpans([sentence.tags], [sentence.tags]).nCorrect, n);
  assertEquals(scoreSpans([sentence.tags], [sentence.tags], { mode: "strict" }).nCorrect, n);
  assertEquals(formatConll([sentence]).length, 6 * n);
  const long = "a".repeat(n);
  assertEquals(parseConll(`${long} O`, { maxLineLength: n + 2 })[0]!.words, [long]);
  assertThrows(() => parseConll(`${long} O`, { maxLineLength: n + 1 }), Error, `at most ${n + 1} characters`);
});

Deno.test("parseConll() shows no more of a line than 80 characters", () => {
  const { message } = assertThrows(() => parseConll("a".repeat(90_000), { source: "a.conll" }), Error);
  assertEquals(message.endsWith(`current value is "${"a".repeat(79)}…"`), true);
});

Deno.test("parseConll() looks at each of many spaces once", () => {
  const spaces = " ".repeat(2_000_000);
  const text = `a${spaces}O${spaces}\n${spaces}b O`;
  assertEquals(parseConll(text, { maxLineLength: 1e7 })[0]!.words, ["a", "b"]);
});

const REFUSED: [string, string, string][] = [
  ["a line has one column", "EU\tB-ORG\nrejects\n", "at a.conll:2: a line must have 2 tab-separated columns"],
  ["a tag is missing after the tab", "EU\tB-ORG\n\nrejects\t\n", "at a.conll:3: "],
  [
    "a line has too many columns",
    "EU B-ORG\nNew York B-LOC\n",
    'as line 1 has, current value is 3 in "New York B-LOC"',
  ],
  ["separators are mixed", "EU\tB-ORG\nrejects O\n", "at a.conll:2: a line must have 2 tab-separated"],
  ["the first line has one column", "\nEU\n", "at a.conll:2: a line must have a word and a tag"],
  ["a word is empty", "EU\tB-ORG\n\tO\n", "at a.conll:2: a word must not be empty"],
  [
    "the file is empty",
    "",
    "at a.conll:1: a column file must hold a sentence, current value is an empty file",
  ],
  ["the file has only blank lines", "\uFEFF\r\n\r\n", "a column file must hold a sentence"],
  ["the file has only -DOCSTART-", "-DOCSTART- O\n\n", "a column file must hold a sentence"],
  ["lines end in CR", "EU\tB-ORG\rrejects\tO\r", "at a.conll:1: lines must end in LF or CRLF"],
  ["a CR is within a line", "EU B-ORG\nre\rjects O\n", "at a.conll:2: lines must end in LF or CRLF"],
  [
    "a CR is within a comment or mark",
    "EU O\n-DOCSTART- \rx\n",
    "at a.conll:2: lines must end in LF or CRLF",
  ],
  [
    "files were joined",
    "EU\tO\n\n\uFEFFEU\tO\n",
    "at a.conll:3: a byte order mark must be at the start of the file",
  ],
  ["a word holds NUL", "EU O\nre\0jects O\n", "at a.conll:2: a text must hold neither control characters"],
  ["a blank line holds NUL", "EU O\n\0\n", "at a.conll:2: a text must hold neither control"],
  [
    "a word holds half a surrogate pair",
    "EU O\n\n👍\ud83d O\n",
    "at a.conll:3: a text must hold neither control",
  ],
  [
    "a tag begins with a no-break space",
    "EU\t\u00a0B-ORG\n",
    "at a.conll:1: a tag must not begin or end with white",
  ],
  [
    "a no-break space is all that separates",
    "EU O\nrejects\u00a0O\n",
    "at a.conll:2: a line must have 2 space",
  ],
  [
    "a line is too long",
    `EU O\n${"a".repeat(100_001)} O\n`,
    "at a.conll:2: a line must have at most 100000 char",
  ],
  [
    "a sentence is too long",
    `EU O\n\n${"a O\n".repeat(100_001)}`,
    "at a.conll:100003: a sentence must have at most",
  ],
];

for (const [what, text, message] of REFUSED) {
  Deno.test(`parseConll() throws naming file and line when ${what}`, () => {
    assertThrows(() => parseConll(text, { source: "a.conll" }), Error, message);
  });
}

Deno.test("parseConll() throws when a column asked for is not there", () => {
  assertThrows(() => parseConll("EU O", { tagColumn: 2 }), Error, "a line must have tag column 2");
  assertThrows(() => parseConll("EU O", { wordColumn: -3 }), Error, "a line must have word column -3");
  assertThrows(() => parseConll("EU O", { tagColumn: 0 }), Error, "word and tag must be different columns");
});

Deno.test("formatConll() writes what parseConll() reads", () => {
  const words = ["#", "New York", "\u00a0", "-DOC", "-DOCSTART-x", "\u200b", "a\uFEFF"];
  const odd = [{ words, tags: ["O", "B-LOC", "O", "O", "O", "O", "B-work of art"] }, ...TWO];
  assertEquals(parseConll(formatConll(odd)), odd);
  assertEquals(formatConll(TWO), "EU\tB-ORG\nrejects\tO\n\nPeter\tB-PER\n");
});

Deno.test("formatConll() adds columns after the tag", () => {
  const predicted = [["B-ORG", "B-ORG"], ["O"]];
  assertEquals(
    formatConll(TWO, { columns: [predicted], separator: " " }),
    "EU B-ORG B-ORG\nrejects O B-ORG\n\nPeter B-PER O\n",
  );
});

Deno.test("formatConll() throws when something would be read as something else", () => {
  const write = (words: string[], tags = words.map(() => "O")) => () =>
    formatConll([TWO[0]!, { words, tags }]);
  assertThrows(write([]), Error, "Cannot write sentence 2 as columns: a sentence must have a word");
  assertThrows(write(["a\tb"]), Error, "a field must be neither empty nor hold a line end or the separator");
  assertThrows(write([""]), Error, "a field must be neither empty");
  assertThrows(write(["a"], ["O\n"]), Error, "a field must be neither empty");
  assertThrows(write(["a"], ["O "]), Error, "a tag must not begin or end with white space");
  assertThrows(write(["a"], ["\u00a0O"]), Error, "a tag must not begin or end with white space");
  assertThrows(write(["a\0"]), Error, "neither control characters nor halves of surrogate pairs");
  assertThrows(write(["\ud83d"]), Error, 'Cannot read "sentence 2" at sentence 2:1: ');
  assertThrows(write(["\uFEFFa"]), Error, "a word must not start with a byte order mark");
  assertThrows(
    write(["a", "b"], ["O"]),
    Error,
    "column 1 must have one string a word (2), current value is 1",
  );
  assertThrows(write(["-DOCSTART-"]), Error, "a word must not be -DOCSTART-");
  assertThrows(() => formatConll(TWO, { columns: [[["x", "y"]]] }), Error, "sentence 2 as columns: column 2");
  assertThrows(
    () => formatConll([{ words: ["a b"], tags: ["O"] }], { separator: " " }),
    Error,
    "a field must be",
  );
});

Deno.test("decodeText() decodes UTF-8 and drops a byte order mark", () => {
  assertEquals(decodeText(new TextEncoder().encode("\uFEFFZürich\tO\n漢\tO"), "a.conll"), "Zürich\tO\n漢\tO");
  assertEquals(decodeText(new Uint8Array(), "a.conll"), "");
});

Deno.test("decodeText() throws naming file and line when a text holds control characters", () => {
  const text = "a\u0085\t\v\f\r\n\u200b\n";
  assertEquals(decodeText(new TextEncoder().encode(text), "a.conll"), text);
  for (const control of ["\0", "\b", "\x0e", "\x1b", "\x7f"]) {
    const bytes = new TextEncoder().encode(`${text}a${control}`);
    const code = control.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    assertThrows(() => decodeText(bytes, "a.conll"), Error, `at a.conll:3: `);
    assertThrows(() => decodeText(bytes, "a.conll"), Error, `current value is U+${code}`);
  }
});

Deno.test("decodeText() throws when there are more bytes than a string can hold", () => {
  assertThrows(
    () => decodeText({ length: 2 ** 29 } as Uint8Array, "a.conll"),
    Error,
    'Cannot decode "a.conll": it must be at most 536870888 bytes, current value is 536870912',
  );
});

Deno.test("decodeText() throws naming file and line when bytes are not UTF-8", () => {
  const message = (bytes: number[], line: number) =>
    assertThrows(
      () => decodeText(new Uint8Array(bytes), "a.conll"),
      Error,
      `at a.conll:${line}: it must be UTF-8`,
    );
  message([0xff, 0xfe, 0x41, 0x00], 1);
  message([0x41, 0x0a, 0x0a, 0x5a, 0xfc, 0x0a, 0xff], 3); // "Zü" in Latin-1
  message([0x41, 0x0a, 0xe6, 0xbc], 2); // cut off within a character
});

function readTags(...tags: string[]) {
  return parseConll("first\tO\n\n" + tags.map((tag) => `word\t${tag}\n`).join(""), { source: "a.conll" });
}

Deno.test("checkTags() accepts tags of one scheme", () => {
  checkTags(readTags("O", "I-a", "B-a", "I-b"));
  checkTags(readTags("B-a", "L-a", "U-b"));
  checkTags(readTags("B-a", "L-a", "U-b"), { scheme: "BILOU", wellFormed: true });
  checkTags(readTags("I-a", "B-a", "I-a"), { scheme: "IOB1", wellFormed: true });
  checkTags(readTags("E-a", "I-a", "O"), { scheme: "IOE1", wellFormed: true });
});

Deno.test("checkTags() throws naming file and line when a tag is unknown or of another scheme", () => {
  assertThrows(
    () => checkTags(readTags("B-a", "X-a")),
    Error,
    'Cannot use tag "X-a" at a.conll:4: a tag must be O or',
  );
  assertThrows(() => checkTags(readTags("B-a", "Ia")), Error, 'Cannot use tag "Ia" at a.conll:4');
  assertThrows(
    () => checkTags(readTags("B-a", "E-a", "U-b")),
    Error,
    'Cannot use tag "U-b" at a.conll:5: the tags before it are IOBES (O B- I- E- S-)',
  );
  assertThrows(
    () => checkTags(readTags("B-a", "S-b"), { scheme: "IOB2" }),
    Error,
    'Cannot use tag "S-b" at a.conll:4: IOB2 (O B- I-), current value is "S-b"',
  );
});

Deno.test("checkTags() throws naming file and line when tags are not well-formed and must be", () => {
  const check = (...tags: string[]) => () => checkTags(readTags(...tags), { wellFormed: true });
  check("B-a", "I-a", "B-b", "B-b", "O")();
  assertThrows(
    check("O", "I-a"),
    Error,
    'at a.conll:4: IOB2 has "B-a" after "O" here, current value is "I-a"',
  );
  assertThrows(check("B-a", "I-b"), Error, 'IOB2 has "B-b" after "B-a" here');
  assertThrows(check("I-a"), Error, 'IOB2 has "B-a" at the start of a sentence here');
  assertThrows(
    () => checkTags(readTags("B-a"), { scheme: "IOB1", wellFormed: true }),
    Error,
    'IOB1 has "I-a"',
  );
});

Deno.test("checkTags() wants a type after a prefix unless it may be left out", () => {
  const check = (untyped: boolean) => () =>
    checkTags(readTags("B", "I-", "O"), { wellFormed: true, untyped });
  check(true)();
  assertThrows(check(false), Error, 'tag "B" at a.conll:3: a tag must have an entity type after its prefix');
});

Deno.test("tagProblems() lists every tag that is wrong, with its line", () => {
  const lines = (problems: Iterable<string>) => Array.from(problems, (text) => text.match(/conll:(\d+)/)![1]);
  const sentences = readTags("I-a", "O", "I-a", "X-a", "B-a").concat(readTags("O", "I-b", "I-b"));
  assertEquals(lines(tagProblems(sentences, { wellFormed: true })), ["6", "4"]);
  assertEquals(lines(tagProblems(sentences)), ["6"]);
  assertEquals(lines(tagProblems(readTags("I-a", "O", "I-a"), { wellFormed: true })), ["3", "5"]);
});

Deno.test("wellFormedSchemes() names the schemes that tags are written in", () => {
  const of = (...tags: string[]) => wellFormedSchemes(readTags(...tags));
  assertEquals(of("B-a", "I-a"), ["IOB2"]);
  assertEquals(of("I-a", "B-a"), ["IOB1"]);
  assertEquals(of("I-a", "O"), ["IOB1", "IOE1"]);
  assertEquals(of("B-a", "L-a"), ["BILOU"]);
  assertEquals(of("B-a", "O", "I-a"), []);
});

Deno.test("placeOf() names the word when the sentence was not read from a file", () => {
  assertEquals(placeOf(TWO[0]!, 1), 'word 2 of "EU rejects"');
});

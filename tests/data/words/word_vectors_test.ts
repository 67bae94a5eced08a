import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import v8 from "node:v8";
import vm from "node:vm";
import { createRandom } from "../../../data/random.ts";
import { readLines } from "../../../data/text/text_lines.ts";
import { formatWordVectors, readWordVectors, type WordVectors } from "../../../data/words/word_vectors.ts";

const encoder = new TextEncoder();

/** The bytes of a text in chunks of so many bytes, each in the same buffer, which is overwritten. */
function* chunksOf(text: string | Uint8Array, size: number): Generator<Uint8Array> {
  const bytes = typeof text === "string" ? encoder.encode(text) : text;
  const buffer = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const part = bytes.subarray(at, at + size);
    buffer.set(part);
    yield buffer.subarray(0, part.length);
  }
}

const read = (text: string | Uint8Array, words?: string[]) =>
  readWordVectors(chunksOf(text, 1 << 16), { source: "v.txt", words: words && new Set(words) });

const plain = ({ words, width, data }: WordVectors) => ({ words, width, data: [...data] });

Deno.test("readLines() gives the same lines however the bytes are cut", async () => {
  const text = "\uFEFFé one\r\n\r\n\uFEFFtwo\u0085\u2028 \u{1F600}\n\rlast";
  for (let size = 1; size < 40; size++) {
    const parts = await Array.fromAsync(readLines(chunksOf(text, size), "t"));
    assertEquals(parts.flatMap(({ lines }) => lines), [
      "é one",
      "",
      "\uFEFFtwo\u0085\u2028 \u{1F600}",
      "\rlast",
    ]);
    let line = 1;
    for (const { firstLine, lines } of parts) {
      assertEquals(firstLine, line);
      line += lines.length;
    }
  }
  assertEquals((await Array.fromAsync(readLines(chunksOf("a\n", 9), "t"))).flatMap(({ lines }) => lines), [
    "a",
  ]);
  assertEquals(await Array.fromAsync(readLines([], "t")), []);
});

Deno.test("readLines() names the line that is not UTF-8, cut characters included", async () => {
  const bad = (bytes: number[], size: number) =>
    Array.fromAsync(readLines(chunksOf(Uint8Array.from(bytes), size), "t"));
  for (const size of [1, 2, 3, 100]) {
    await assertRejects(() => bad([0x61, 10, 10, 0xc3, 10, 0x62], size), Error, "at t:3: it must be UTF-8");
    await assertRejects(() => bad([0x61, 10, 0xe2, 0x82], size), Error, "at t:2: it must be UTF-8");
  }
});

Deno.test("readWordVectors() reads GloVe's and word2vec's form to the same vectors", async () => {
  const expected = {
    words: ["the", "Bonn", "."],
    width: 2,
    data: [0.5, -2, 1e-3, 4, 0.25, 3].map(Math.fround),
  };
  const lines = ["the 0.5 -2", "Bonn 1e-3 4.", ". +.25 3"];
  assertEquals(plain(await read(lines.join("\n"))), expected);
  assertEquals(plain(await read(lines.join("\r\n") + "\r\n")), expected);
  // word2vec.c ends every line but the header with a space.
  assertEquals(plain(await read("3 2\n" + lines.map((line) => `${line} \n`).join(""))), expected);
  const cut = await readWordVectors(chunksOf(lines.join("\n"), 3));
  assertEquals(plain(cut), expected);
});

Deno.test("readWordVectors() keeps words with spaces, odd characters and whole numbers as glove.840B has them", async () => {
  const words = [
    "a",
    ". . .",
    "at name@domain.com",
    "1996",
    "\u0085",
    "\u00a0",
    "1 1/2",
    "constructor",
    "__proto__",
  ];
  const vectors = await read(words.map((word, i) => `${word} ${i} -${i}.5 7\n`).join(""));
  assertEquals(vectors.words, words);
  assertEquals([...vectors.data.subarray(3, 6)], [1, -1.5, 7]);
});

Deno.test("readWordVectors() keeps the first of a word's vectors, and only the words asked for", async () => {
  const text = "a 1 1\nb 2 2\na 3 3\nc 4 4\nb 5 5\n";
  assertEquals(plain(await read(text)), { words: ["a", "b", "c"], width: 2, data: [1, 1, 2, 2, 4, 4] });
  assertEquals(plain(await read(text, ["c", "b", "z"])), { words: ["b", "c"], width: 2, data: [2, 2, 4, 4] });
  assertEquals(plain(await read(text, [])), { words: [], width: 2, data: [] });
  assertEquals((await read(`5 2\n${text}`, ["b"])).words, ["b"]);
});

Deno.test("readWordVectors() names file, line and rule of what is wrong", async () => {
  const cases: [text: string, message: string][] = [
    ["a 1 2\nb 1\n", 'at v.txt:2: a line must have a word and 2 numbers, current value is "b 1"'],
    ["a 1 2\nb 1 2 3\n", 'v.txt:2: a line must have a word and 2 numbers, current value is "b 1 2 3"'],
    ["a 1 2\n\nb 1 2\n", 'v.txt:2: a line must have a word and 2 numbers, current value is ""'],
    ["a 1 2\n 1 2\n", 'v.txt:2: a line must have a word and 2 numbers, current value is " 1 2"'],
    ["2 3\na 1 2 3\nb 1 2\n", "v.txt:3: a line must have a word and 3 numbers"],
    [
      "a 1 2\nb 1 nan\n",
      'v.txt:2: a vector\'s numbers must be finite in 32 bits, current value is "nan" of word "b"',
    ],
    ["a 1 2\nb 1 Infinity\n", '"Infinity" of word "b"'],
    ["a 1 2\nb 1 1e39\n", '"1e39" of word "b"'],
    ["a 1 2\nb 1 0x10\n", '"0x10" of word "b"'],
    ["a 1 2\nb  2\n", '"" of word "b"'],
    ["a 1 2\nb 1,5 2\n", '"1,5" of word "b"'],
    ["a\n", "v.txt:1: a line must have a word and numbers, or be a header"],
    [
      "3 2\na 1 2\nb 1 2\n",
      "v.txt:1: the file must have as many vectors as its header says, current value is 2, not 3",
    ],
    ["1 2\na 1 2\na 1 2\n", "current value is 2, not 1"],
    ["0 2\n", "v.txt:2: a file of word vectors must hold one"],
    ["", "v.txt:1: a file of word vectors must hold one"],
  ];
  for (const [text, message] of cases) await assertRejects(() => read(text), Error, message);
  // The width of every line is looked at, the numbers of the words asked for alone.
  await assertRejects(() => read("a 1 2\nb 1\n", ["a"]), Error, "v.txt:2");
  assertEquals((await read("a 1 2\nb 1 nan\n", ["a"])).words, ["a"]);
});

/** Runs the garbage collector, which V8 offers only to those who ask. */
function collectGarbage(): void {
  v8.setFlagsFromString("--expose_gc");
  vm.runInNewContext("gc")();
}

Deno.test("readWordVectors() holds the words that it keeps, not the text around them", async () => {
  // 40 MB, of which every chunk has a word to keep: a piece of a string must not keep the whole of it.
  const rest = `word${" 0.12345678".repeat(10)}\n`.repeat(550);
  const nChunks = 640;
  const held: number[] = [];
  function* many() {
    for (let i = 0; i < nChunks; i++) {
      yield encoder.encode(`a-rather-long-word-${i}${" 1".repeat(10)}\n${rest}`);
      if (i % 160 !== 159) continue;
      collectGarbage();
      held.push(Deno.memoryUsage().heapUsed);
    }
  }
  const words = new Set(Array.from({ length: nChunks }, (_, i) => `a-rather-long-word-${i}`));
  assertEquals((await readWordVectors(many(), { words })).words.length, nChunks);
  assertEquals(held.at(-1)! - held[0]! < 5e6, true, `bytes held on the way: ${held}`);
});

Deno.test("formatWordVectors() writes what is read back to the bit, with and without a header", async () => {
  const random = createRandom(5);
  const bits = new Uint32Array(4000);
  for (let i = 0; i < bits.length; i++) bits[i] = random.uint32();
  // Random bits, so that all exponents come, small numbers without full precision too.
  const data = new Float32Array(bits.buffer).map((x) => Number.isFinite(x) ? x : 0);
  const words = Array.from({ length: 400 }, (_, i) => ["w", "1", ". .", "é"][i % 4] + (i < 4 ? "" : `-${i}`));
  for (const header of [true, false]) {
    const text = [...formatWordVectors({ words, width: 10, data }, { header })].join("");
    assertEquals(text.startsWith("400 10\n"), header);
    const back = await read(text);
    assertEquals(back.words, words);
    assertEquals([...back.data], [...data].map((x) => x + 0));
  }
});

Deno.test("formatWordVectors() refuses what could not be read back", () => {
  const write = (words: string[], header = true, width = 1) => () => [
    ...formatWordVectors({ words, width, data: new Float32Array(words.length * width).fill(5) }, { header }),
  ];
  for (const word of ["", "a\nb", "a 5", "1 2.5"]) {
    assertThrows(write(["x", word]), Error, "a word must be read back as it is");
  }
  for (const word of ["12", "a b", "\uFEFFa"]) {
    assertThrows(write([word], false), Error, "a word must be read back as it is");
    assertEquals(write([word])().length, 2);
    assertEquals(write(["x", word], false)().length, 2);
  }
  assertEquals(write(["12"], false, 2)().length, 1);
  assertThrows(write(["a", "b", "a"]), Error, '"a": a word must come once');
  const vectors = (data: number[]) => () => [
    ...formatWordVectors({ words: ["a"], width: 2, data: Float32Array.from(data) }),
  ];
  assertThrows(vectors([1, NaN]), Error, '"a": its numbers must be finite, current value is NaN');
  assertThrows(vectors([1, 2, 3]), Error, "current value is 3 of 2");
});

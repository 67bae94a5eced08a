import { readLines } from "../text/text_lines.ts";

/** Vectors of words. */
export interface WordVectors {
  /** The words, each once. */
  words: string[];
  /** Length of a vector. */
  width: number;
  /** The vectors, float32 [words, width], row by row. */
  data: Float32Array;
}

/** Options of {@link readWordVectors}. */
export interface ReadWordVectorsOptions {
  /** Name of the file, for errors. */
  source?: string;
  /** The words to keep. Default: all. */
  words?: ReadonlySet<string> | undefined;
}

/** A header: only two whole numbers, the number of words and the width. */
const HEADER = /^(\d+) (\d+)$/;
const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

/**
 * Reads word vectors as text: a word and its numbers a line, separated by spaces.
 *
 * Reads GloVe's files, and word2vec's and fastText's with their header line "words width". Without a header the first
 * line gives the width, and its word must not contain a space; later words may, as in glove.840B (". . ."), unless they
 * end in a number. A file of width 1 needs a header if its first word is a whole number. If a word occurs twice, its
 * first vector counts. Only the given words are kept, and only their numbers are parsed; every line must be a word with
 * the right number of fields.
 *
 * @param chunks The bytes of the file, in order, such as `response.body` or `file.readable`.
 * @returns The words found, in the order of the file.
 * @throws {Error} Naming file and line: if a line is not UTF-8, has no word or the wrong width, or a number cannot be
 * read or is not finite; if there are no vectors, or not as many as the header says.
 *
 * @example
 * ```ts
 * import { readWordVectors } from "@laner/laner";
 *
 * const file = new Blob(["the 0.1 0.2\nBonn -1 0.5\n"]);
 * const { words, width, data } = await readWordVectors(file.stream(), { words: new Set(["Bonn"]) });
 * console.log(words, width, data); // ["Bonn"] 2 Float32Array [-1, 0.5]
 * ```
 */
export async function readWordVectors(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { source = "word vectors", words: wanted }: ReadWordVectorsOptions = {},
): Promise<WordVectors> {
  const rows = new Map<string, Float32Array>();
  let header: { nWords: number; line: number } | undefined;
  let width = 0;
  let nVectors = 0;
  let nLines = 0;
  const fail = (line: number, rule: string, value: string): never => {
    throw new Error(`Cannot read "${source}" at ${source}:${line}: ${rule}, current value is ${value}`);
  };
  for await (const { firstLine, lines } of readLines(chunks, source)) {
    for (let i = 0; i < lines.length; i++) {
      // word2vec's own files have a space after the last number.
      const line = lines[i]!.endsWith(" ") ? lines[i]!.trimEnd() : lines[i]!;
      const number = firstLine + i;
      nLines = number;
      if (number === 1) {
        const [, nWords, headerWidth] = HEADER.exec(line) ?? [];
        if (nWords !== undefined) header = { nWords: Number(nWords), line: number };
        width = nWords === undefined ? line.split(" ").length - 1 : Number(headerWidth);
        if (width < 1) fail(number, "a line must have a word and numbers, or be a header", shown(line));
        if (header) continue;
      }
      const word = wordOf(line, width) ??
        fail(number, `a line must have a word and ${width} numbers`, shown(line));
      nVectors++;
      if (rows.has(word) || (wanted && !wanted.has(word))) continue;
      rows.set(
        word,
        Float32Array.from(line.slice(word.length + 1).split(" "), (text) => {
          const value = NUMBER.test(text) ? Math.fround(Number(text)) : NaN;
          return Number.isFinite(value)
            ? value
            : fail(number, `a vector's numbers must be finite in 32 bits`, `"${text}" of word "${word}"`);
        }),
      );
    }
  }
  if (header && header.nWords !== nVectors) {
    fail(
      header.line,
      `the file must have as many vectors as its header says`,
      `${nVectors}, not ${header.nWords}`,
    );
  }
  if (nVectors === 0) fail(nLines + 1, "a file of word vectors must hold one", "none");
  const data = new Float32Array(rows.size * width);
  [...rows.values()].forEach((row, i) => data.set(row, i * width));
  return { words: [...rows.keys()], width, data };
}

/** Returns the word of a line, which may contain spaces; undefined unless exactly `width` numbers follow it. */
function wordOf(line: string, width: number): string | undefined {
  let end = line.length;
  for (let field = 0; field < width; field++) {
    if (end <= 0) return undefined;
    end = line.lastIndexOf(" ", end - 1);
  }
  if (end < 1) return undefined;
  const word = line.slice(0, end);
  const space = word.lastIndexOf(" ");
  return space >= 0 && NUMBER.test(word.slice(space + 1)) ? undefined : word;
}

function shown(line: string): string {
  return `"${line.length > 60 ? `${line.slice(0, 60)}…` : line}"`;
}

/**
 * Writes word vectors as text that {@link readWordVectors} and other programs read, to the same float32 numbers.
 *
 * @param vectors Words and their vectors.
 * @param options `header`: whether to begin with word2vec's line "words width"; default true.
 * @returns The lines one by one, so that the whole text need not be in memory; join them for a small file.
 * @throws {Error} If a word could not be read back (empty, with a line end, with an outer space, or with a space before
 * a number in it), occurs twice, or has a number that is not finite; or if there are not `width` numbers a word.
 *
 * @example
 * ```ts
 * import { formatWordVectors } from "@laner/laner";
 *
 * const vectors = { words: ["Bonn"], width: 2, data: Float32Array.of(-1, 0.5) };
 * console.log([...formatWordVectors(vectors)].join("")); // "1 2\nBonn -1 0.5\n"
 * ```
 */
export function* formatWordVectors(
  { words, width, data }: WordVectors,
  { header = true }: { header?: boolean } = {},
): Generator<string> {
  const fail = (subject: string, rule: string, value: unknown): never => {
    throw new Error(`Cannot write word vectors "${subject}": ${rule}, current value is ${value}`);
  };
  if (!(width >= 1) || data.length !== words.length * width) {
    fail(
      "data",
      `it must have a width of 1 or more and as many numbers a word`,
      `${data.length} of ${width}`,
    );
  }
  if (header) yield `${words.length} ${width}\n`;
  const written = new Set<string>();
  for (const [i, word] of words.entries()) {
    const row = data.subarray(i * width, (i + 1) * width);
    if (!row.every(Number.isFinite)) {
      fail(
        word,
        "its numbers must be finite",
        row.find((x) => !Number.isFinite(x)),
      );
    }
    // Nine digits tell all float32 numbers apart.
    const line = `${word} ${Array.from(row, (x) => Number(x.toPrecision(9))).join(" ")}`;
    const isFirstLine = !header && i === 0;
    const isReadable = wordOf(line, width) === word && !word.includes("\n") &&
      !(isFirstLine && (/[ \uFEFF]/.test(word) || HEADER.test(line)));
    if (!isReadable) fail(word, "a word must be read back as it is", JSON.stringify(line.slice(0, 60)));
    if (written.has(word)) fail(word, "a word must come once", "a second vector");
    written.add(word);
    yield `${line}\n`;
  }
}

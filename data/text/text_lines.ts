import { decodeUtf8 } from "./decode_text.ts";

/** Consecutive lines of a text. */
export interface TextLines {
  /** Number of the first line, from 1. */
  firstLine: number;
  /** The lines, without LF or CRLF. */
  lines: string[];
}

const LINE_FEED = 0x0a;

/**
 * Splits a stream of bytes into lines of UTF-8, keeping only one chunk and an unfinished line in memory.
 *
 * Only LF and CRLF end lines: word vectors have words such as U+0085 that other splitters take for line ends. A byte
 * order mark at the start is dropped; elsewhere U+FEFF is a character like any other.
 *
 * @param chunks The bytes, in order, such as `response.body` or `file.readable`.
 * @param source Name of the text, for the error.
 * @throws {Error} If a line is not UTF-8, naming it.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  source: string,
): AsyncGenerator<TextLines> {
  // A line feed is never part of a longer character, so whole lines can be decoded alone.
  let firstLine = 1;
  let unfinished: Uint8Array[] = [];
  const linesIn = (bytes: Uint8Array): TextLines => {
    const lines = splitLines(decodeUtf8(bytes, source, { firstLine, ignoreBOM: true }));
    if (firstLine === 1) lines[0] = lines[0]!.replace(/^\uFEFF/, "");
    const from = firstLine;
    firstLine += lines.length;
    return { firstLine: from, lines };
  };
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED);
    if (end >= 0) yield linesIn(joinBytes([...unfinished, chunk.subarray(0, end)]));
    if (end >= 0) unfinished = [];
    // A copy, because the source may fill the same buffer again.
    if (end + 1 < chunk.length) unfinished.push(chunk.slice(end + 1));
  }
  if (unfinished.length > 0) yield linesIn(joinBytes(unfinished));
}

function splitLines(text: string): string[] {
  return text.split("\n").map((line) => line.endsWith("\r") ? line.slice(0, -1) : line);
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

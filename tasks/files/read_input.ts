/** Input files of users, read in bounded memory. */
import { MAX_LINE_LENGTH } from "../../data/text/conll.ts";
import { MAX_TEXT_BYTES } from "../../data/text/decode_text.ts";
import { errorMessage, reasonOf } from "../errors.ts";

/** Limits on the size of an input. */
export interface InputLimits {
  /** Bytes of the whole input. Default: as many as fit into a string. */
  maxBytes?: number | undefined;
  /** Bytes of a line. Default: no further limit. */
  maxLineBytes?: number;
}

/**
 * Limits for a column file. A UTF-16 code unit is at most three bytes in UTF-8: `parseConll` refuses every longer line.
 */
export const COLUMN_LIMITS: InputLimits = { maxBytes: 2 ** 26, maxLineBytes: 3 * MAX_LINE_LENGTH };

/** Limits for a text to find entities in: all its words are held in memory. */
export const TEXT_LIMITS: InputLimits = { maxBytes: 2 ** 26 };

/**
 * Reads a file; errors say which file and why.
 *
 * @param path Any file; - is standard input.
 * @param what A name of the file for errors: "the configuration".
 * @param limits The most that is read; longer input takes no more memory.
 * @throws Error naming the file if it is missing, a folder, not readable, or larger than `limits` allow, with the line
 * that is too long.
 */
export async function readInput(
  path: string,
  what: string,
  limits: InputLimits = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const source = inputName(path);
  try {
    const stream = path === "-" ? Deno.stdin.readable : (await Deno.open(path)).readable;
    return await readBounded(stream, source, limits);
  } catch (error) {
    if (error instanceof LimitError) throw error;
    throw new Error(
      errorMessage({ act: "read", subject: source, rule: `${what} ${reasonOf(error, path)}` }),
      {
        cause: error,
      },
    );
  }
}

/** Returns the name of an input for errors. */
export function inputName(path: string): string {
  return path === "-" ? "standard input" : path;
}

class LimitError extends Error {
  override name = "Error";
}

async function readBounded(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  source: string,
  { maxBytes = MAX_TEXT_BYTES, maxLineBytes = Infinity }: InputLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let nBytes = 0;
  let line = 1;
  let lineBytes = 0;
  const refuse = (rule: string, place?: string): never => {
    throw new LimitError(errorMessage({ act: "read", subject: source, place, rule }));
  };
  for await (const chunk of stream) {
    for (let start = 0; start <= chunk.length;) {
      const lineEnd = chunk.indexOf(0x0a, start);
      const end = lineEnd < 0 ? chunk.length : lineEnd;
      lineBytes += end - start;
      if (lineBytes > maxLineBytes) {
        refuse(`a line must have at most ${maxLineBytes} bytes`, `${source}:${line}`);
      }
      if (lineEnd >= 0) [line, lineBytes] = [line + 1, 0];
      start = end + 1;
    }
    nBytes += chunk.length;
    if (nBytes > maxBytes) refuse(`it must have at most ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(nBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

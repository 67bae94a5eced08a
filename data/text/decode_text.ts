import { checkText } from "./check_text.ts";

/** The most bytes that surely fit into one string: V8 refuses longer ones. */
export const MAX_TEXT_BYTES = 2 ** 29 - 24;

/**
 * Decodes UTF-8; refuses bytes that are not UTF-8, and text that {@link checkText} refuses.
 *
 * @param bytes contents of a file; a byte order mark at the start is dropped
 * @param source name of the file, for the error
 * @throws if the bytes are not UTF-8 or hold a control character other than white space, naming the first such line; if
 * there are more bytes than fit into a string
 */
export function decodeText(bytes: Uint8Array, source: string): string {
  checkLength(bytes, source);
  const text = decodeUtf8(bytes, source);
  checkText(text, source);
  return text;
}

/**
 * Decodes text in which places are counted: UTF-8, or UTF-16 with a byte order mark at the start.
 *
 * The mark stays in place, as U+FEFF, so that places count it like programs that read it as a character. Control
 * characters are not refused.
 *
 * @param bytes contents of a file
 * @param source name of the file, for the error
 * @param given another encoding that `TextDecoder` knows
 * @throws if the bytes are not valid, naming the first such line of UTF-8; if there are more bytes than fit into a
 * string
 */
export function decodeInPlace(bytes: Uint8Array, source: string, given?: string): string {
  checkLength(bytes, source);
  const [first, second] = bytes;
  const marked = first === 0xff && second === 0xfe
    ? "utf-16le"
    : first === 0xfe && second === 0xff
    ? "utf-16be"
    : "utf-8";
  const { encoding } = new TextDecoder(given ?? marked);
  if (encoding === "utf-8") return decodeUtf8(bytes, source, { ignoreBOM: true });
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const rule = given === undefined ? "UTF-16 after its byte order mark" : given;
    throw new Error(`Cannot decode "${source}": it must be ${rule}, current value is not`);
  }
}

function checkLength(bytes: Uint8Array, source: string): void {
  if (bytes.length <= MAX_TEXT_BYTES) return;
  throw new Error(
    `Cannot decode "${source}": it must be at most ${MAX_TEXT_BYTES} bytes, current value is ${bytes.length}`,
  );
}

/**
 * Decodes whole lines of UTF-8.
 *
 * @param options The number of the first line, default 1; whether U+FEFF at the start is a character like any other
 * (`ignoreBOM`, as in TextDecoder).
 * @throws if the bytes are not UTF-8, naming the first line that is not
 */
export function decodeUtf8(
  bytes: Uint8Array,
  source: string,
  { firstLine = 1, ignoreBOM = false }: { firstLine?: number; ignoreBOM?: boolean } = {},
): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM });
  try {
    return decoder.decode(bytes);
  } catch {
    // A line end is never part of a longer character, so each line can be decoded alone.
    let line = firstLine;
    for (let start = 0; start < bytes.length; line++) {
      const lineEnd = bytes.indexOf(0x0a, start);
      const end = lineEnd < 0 ? bytes.length : lineEnd;
      try {
        decoder.decode(bytes.subarray(start, end));
      } catch {
        break;
      }
      start = end + 1;
    }
    throw new Error(`Cannot decode "${source}" at ${source}:${line}: it must be UTF-8, current value is not`);
  }
}

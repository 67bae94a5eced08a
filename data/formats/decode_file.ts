/** From the bytes of a file to its text. */
import { MAX_TEXT_BYTES } from "../text/decode_text.ts";
import type { SourceFile } from "./data_record.ts";

const LINE_FEED = 0x0a;

/**
 * Decodes a file. Lines that are not UTF-8 are noted, so that all errors of a file can be listed.
 *
 * @param encoding A name that `TextDecoder` knows. A byte order mark is dropped.
 * @throws {Error} If the bytes are not of another encoding than UTF-8, or more than fit into a string.
 */
export function decodeFile(bytes: Uint8Array, name: string, encoding: string): SourceFile {
  if (bytes.length > MAX_TEXT_BYTES) {
    throw new Error(
      `Cannot decode "${name}": it must be at most ${MAX_TEXT_BYTES} bytes, current value is ${bytes.length}`,
    );
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    return { name, text: decoder.decode(bytes) };
  } catch (error) {
    if (decoder.encoding !== "utf-8") {
      throw new Error(`Cannot decode "${name}": it must be ${encoding} (encoding), current value is not`, {
        cause: error,
      });
    }
  }
  return { name, text: new TextDecoder().decode(bytes), damage: damagedLines(bytes) };
}

/** Finds the lines that are not UTF-8: a line end is never part of a longer character. */
function damagedLines(bytes: Uint8Array): Map<number, string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const damage = new Map<number, string>();
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const lineEnd = bytes.indexOf(LINE_FEED, start);
    const end = lineEnd < 0 ? bytes.length : lineEnd;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      damage.set(line, "it must be UTF-8, or its encoding be named (encoding, such as latin1)");
    }
    start = end + 1;
  }
  return damage;
}

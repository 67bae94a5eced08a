import { CONTROLS } from "./characters.ts";

const CONTROL = new RegExp(CONTROLS, "gv");
/** Control characters other than white space, and halves of surrogate pairs. */
// deno-lint-ignore no-control-regex
const REFUSED = /[\0-\x08\x0e-\x1f\x7f\p{Cs}]/u;

/**
 * Checks that a text has no control character other than white space, U+0000 to U+001F or U+007F, which shows a binary
 * file or another encoding, and no half of a surrogate pair, which no file could store.
 *
 * @param text Any text.
 * @param source Its name, for the error.
 * @throws naming the line and the first such character
 */
export function checkText(text: string, source: string): void {
  const found = REFUSED.exec(text);
  if (found === null) return;
  throw new Error(
    `Cannot read "${source}" at ${source}:${lineAt(text, found.index)}: ${NO_CONTROLS}, current value is ${
      refusedIn(text)
    }`,
  );
}

/** The rule that {@link checkText} checks. */
export const NO_CONTROLS = "a text must hold neither control characters nor halves of surrogate pairs";

/** Returns the first character of a text that {@link checkText} refuses, as in "U+001B"; undefined if there is none. */
export function refusedIn(text: string): string | undefined {
  const found = REFUSED.exec(text);
  if (found === null) return undefined;
  return `U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * Counts the control characters of a running text; they are read as white space.
 *
 * @param text Any text.
 * @param source Its name, for the error.
 * @throws if so many are U+0000 that it cannot be text: more than one, and more than one in a hundred characters
 */
export function countControls(text: string, source: string): number {
  const nNulls = text.split("\0").length - 1;
  if (nNulls > 1 && nNulls * 100 > text.length) {
    throw new Error(
      `Cannot read "${source}" as text: it must be UTF-8, or UTF-16 with a byte order mark, current value has ` +
        `${nNulls} times U+0000 among ${text.length} characters`,
    );
  }
  let n = 0;
  for (const _ of text.matchAll(CONTROL)) n++;
  return n;
}

/** Returns the line, from 1, that a place in a text is in. */
export function lineAt(text: string, index: number): number {
  let line = 1;
  for (let end = text.indexOf("\n"); end >= 0 && end < index; end = text.indexOf("\n", end + 1)) line++;
  return line;
}

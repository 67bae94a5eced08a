/** Text from elsewhere (tags, words, names, a model's metadata) as a terminal may get it. */

/**
 * What a terminal obeys instead of showing it, or shows by nothing: control characters but line feed and tab (so escape
 * sequences too), marks of text direction, separators of lines and paragraphs, halves of surrogate pairs, and characters
 * that are invisible and join nothing.
 */
const UNPRINTABLE =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Writes what a terminal must not get as it stands as JSON escapes it, `\u001b`; line feeds and tabs stay.
 *
 * The JSON that a value is printed as remains JSON of the same value, as only strings hold such characters in it.
 *
 * @param text One line or several.
 *
 * @example
 * ```ts
 * import { printable } from "@laner/laner";
 *
 * console.log(printable("a\x1b[2Jb\u202Ec")); // a\u001b[2Jb\u202ec
 * ```
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** As {@link printable} for what must stay in one line, such as a cell or a name: line feeds and tabs are escaped too. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, escaped);
}

/** As JSON escapes: each UTF-16 code unit of the character. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}

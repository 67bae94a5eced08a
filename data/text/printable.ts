/** Text from elsewhere (tags, words, names, a model's metadata), made safe for a terminal. */

/**
 * Characters that a terminal obeys or shows as nothing: control characters except line feed and tab (so escape
 * sequences too), marks of text direction, separators of lines and paragraphs, halves of surrogate pairs, and invisible
 * characters that join nothing.
 */
const UNPRINTABLE =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/**
 * Escapes characters that must not reach a terminal as JSON does, `\u001b`; line feeds and tabs stay.
 *
 * JSON stays JSON of the same value, because only its strings contain such characters.
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

/**
 * Does the same as {@link printable} for text that must stay in one line, such as a cell or a name: line feeds and tabs
 * are escaped too.
 */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, escaped);
}

/** Writes each UTF-16 code unit of a character as a JSON escape. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
  ).join("");
}

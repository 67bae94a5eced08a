/** Kinds of characters, as sets for the brackets of a regular expression with the flag v. */

/** White space, including U+0085 and all control characters, but not U+FEFF. */
export const SPACES = "\\p{White_Space}\\p{Cc}";

/** Characters that have no width or only change another one: soft hyphens, joiners, marks of direction. */
export const IGNORABLES = "\\p{Default_Ignorable_Code_Point}";

/** Control characters other than white space, as a set of its own. */
export const CONTROLS = "[\\p{Cc}--\\p{White_Space}]";

/** Scripts in which U+200B marks the end of a word. */
export const MARKED_SCRIPTS = "\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}";

/** Letters of scripts that are written without spaces, except ideographs; the marks at the end are those of kana. */
export const UNSPACED =
  `[[${MARKED_SCRIPTS}\\p{Script=Hiragana}\\p{Script=Katakana}\\u30fc\\uff70\\uff9e\\uff9f]--\\p{Nd}]`;

/** Letters, digits and accents that are not part of a word of other scripts. */
export const APART = `\\p{Script=Han}${UNSPACED}`;

/** A letter or digit of a script that has spaces between words, as a set of its own. */
export const LETTER = `[[\\p{L}\\p{N}_]--[${APART}]]`;

/**
 * Characters that spell nothing. Joiners and variation selectors shape letters in Persian, in the scripts of India, and
 * among emoji; beside letters that never join they are noise, too.
 */
const NOISE = new RegExp(
  `[${IGNORABLES}--[\\p{Variation_Selector}\\p{Join_Control}]]|` +
    "(?<=[\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Nd}])\\p{Join_Control}+",
  "gv",
);

/**
 * Returns a word as a model reads it: without soft hyphens, zero-width spaces and the like. BERT's tokenizer drops them
 * itself, so that `Neur\u00adIPS` is looked up as `NeurIPS`.
 *
 * @returns The word itself if it consists of such characters alone.
 */
export function wordAsRead(word: string): string {
  return word.replace(NOISE, "") || word;
}

/** The width of text, estimated where there is no browser to measure it. */

/** Widths of characters as shares of the font size, about those of the widest default fonts of browsers. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[\p{Mn}\p{Me}\p{Cf}]/u, 0],
  [/[ijl.,:;|!'` I[\]()]/, 0.36],
  [/[-ftr"/\\*]/, 0.43],
  [/[mwMW%@]/, 0.95],
  [/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u, 1],
  [/\p{Lu}/u, 0.73],
];
const USUAL = 0.62;

/** Estimates the width of a line of text in the unit of the font size. */
export function textWidth(text: string, fontSize: number): number {
  const widths = Array.from(text, (character) => WIDTHS.find(([kind]) => kind.test(character))?.[1] ?? USUAL);
  return fontSize * widths.reduce((sum, width) => sum + width, 0);
}

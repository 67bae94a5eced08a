/**
 * Breaks text between its words into lines of limited width; a longer word gets a line of its own.
 *
 * @param text Words with white space between them.
 * @param width Greatest width of a line, in the units of `widthOf`.
 * @param widthOf Measures a line. Default: its number of UTF-16 code units.
 */
export function wrapWords(
  text: string,
  width: number,
  widthOf: (line: string) => number = (line) => line.length,
): string[] {
  const [first = "", ...words] = text.split(/\s+/);
  const lines = [];
  let line = first;
  for (const word of words) {
    const longer = `${line} ${word}`;
    if (widthOf(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

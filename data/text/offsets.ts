/** Places in a text, counted in the units of other programs. */

/** The units in which places are counted. */
export type OffsetUnit = "utf16" | "codepoints" | "bytes";

/** Converts places of one text; both ways return undefined for a place that is not between two of its characters. */
export interface OffsetConverter {
  /** Returns the place in UTF-16 code units. */
  toUtf16(offset: number): number | undefined;
  /** Returns the place in the unit, of one in UTF-16 code units. */
  fromUtf16(index: number): number | undefined;
}

/** Creates a converter for a text. */
export function createOffsetConverter(text: string, unit: OffsetUnit): OffsetConverter {
  const isIn = (index: number) =>
    Number.isInteger(index) && index >= 0 && index <= text.length ? index : undefined;
  const isSame = unit === "utf16" || /^[\0-\x7f]*$/.test(text) ||
    (unit === "codepoints" && !/[\ud800-\udfff]/.test(text));
  if (isSame) return { toUtf16: isIn, fromUtf16: isIn };
  const indexOf = new Map<number, number>();
  const offsetOf = new Map<number, number>();
  let index = 0;
  let offset = 0;
  const note = () => {
    indexOf.set(offset, index);
    offsetOf.set(index, offset);
  };
  for (const character of text) {
    note();
    index += character.length;
    offset += unit === "codepoints" ? 1 : utf8Length(character.codePointAt(0)!);
  }
  note();
  return { toUtf16: (at) => indexOf.get(at), fromUtf16: (at) => offsetOf.get(at) };
}

function utf8Length(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

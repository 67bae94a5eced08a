/** Entity types in words. */

/** The types of CrossNER's data sets and of MIT movie and restaurant whose names are not words of their own. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  academicjournal: "academic journal",
  astronomicalobject: "astronomical object",
  chemicalcompound: "chemical compound",
  chemicalelement: "chemical element",
  literarygenre: "literary genre",
  misc: "miscellaneous",
  musicalartist: "musical artist",
  musicalinstrument: "musical instrument",
  musicgenre: "music genre",
  organisation: "organization",
  politicalparty: "political party",
  programlang: "programming language",
  researcher: "researcher",
};

/**
 * The words that describe an entity type, in lower case: those of its name, at what is no letter and before capitals;
 * names that are words written together are known for the data sets of the paper.
 *
 * @example
 * ```ts
 * import { typeWords } from "@laner/laner";
 *
 * console.log(typeWords("politicalparty"), typeWords("Ratings_Average")); // political party, ratings average
 * ```
 */
export function typeWords(entityType: string): string[] {
  const name = DESCRIPTIONS[entityType.toLowerCase()] ?? entityType.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, " ");
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu);
  return words ?? [entityType.toLowerCase()];
}

/** Entity types of the data sets in use whose names join or shorten words, or spell them as vectors rarely do. */
const WRITTEN_AS_ONE: Readonly<Record<string, string>> = {
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
};

/**
 * Splits the name of an entity type into words in lower case: "musicalartist" is musical artist, "Restaurant_Name" and
 * "RestaurantName" are restaurant name.
 *
 * Names are split at marks and before capitals; CrossNER's, which join words without a mark, by a list.
 *
 * @param entityType The name.
 * @throws If the name has no letter or digit.
 *
 * @example
 * ```ts
 * import { typeWords } from "@laner/laner";
 *
 * console.log(typeWords("politicalparty"), typeWords("Character_Name")); // ["political", "party"] ["character", "name"]
 * ```
 */
export function typeWords(entityType: string): string[] {
  const known = Object.hasOwn(WRITTEN_AS_ONE, entityType) ? WRITTEN_AS_ONE[entityType]! : entityType;
  const words = known.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2").toLowerCase().match(
    /[\p{L}\p{M}\p{N}]+/gu,
  );
  if (words === null) {
    throw new Error(
      `Cannot divide entity type "${entityType}": it must have a letter or a digit, current value is "${entityType}"`,
    );
  }
  return words;
}

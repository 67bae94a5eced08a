import { assertEquals, assertThrows } from "@std/assert";
import { typeWords } from "../../../data/words/type_words.ts";

Deno.test("typeWords() divides names at marks, before capitals, and those written as one", () => {
  const cases: Record<string, string> = {
    person: "person",
    musicalartist: "musical artist",
    programlang: "programming language",
    Restaurant_Name: "restaurant name",
    RestaurantName: "restaurant name",
    "work-of art": "work of art",
    MISC: "misc",
    misc: "miscellaneous",
    ÉcoleNormale2D: "école normale2 d",
    constructor: "constructor",
  };
  for (const [name, words] of Object.entries(cases)) assertEquals(typeWords(name).join(" "), words);
  assertThrows(
    () => typeWords("_"),
    Error,
    'Cannot divide entity type "_": it must have a letter or a digit',
  );
});

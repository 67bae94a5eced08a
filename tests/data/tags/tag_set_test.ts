import { assertEquals, assertThrows } from "@std/assert";
import { createTagSet, sharedTags, TagSet, tagSetOf, unionOfTagSets } from "../../../data/tags/tag_set.ts";
import { parseConll } from "../../../data/text/conll.ts";

Deno.test("createTagSet() lists O and then each type's tags", () => {
  assertEquals(createTagSet(["person", "misc"]).tags, ["O", "B-person", "I-person", "B-misc", "I-misc"]);
  assertEquals(createTagSet(["a"], { scheme: "BILOU" }).tags, ["O", "B-a", "I-a", "L-a", "U-a"]);
  assertEquals(createTagSet([]).tags, ["O"]);
  assertThrows(
    () => createTagSet(["a", "a"]),
    Error,
    'its tags must be distinct, current value has "B-a" twice',
  );
  assertThrows(() => createTagSet([""]), Error, "an entity type must not be empty");
});

Deno.test("tagSetOf() has all tags of the types that occur, whatever their order", () => {
  const [first, second] = parseConll("x B-person\n\ny O\nz B-misc\nz I-misc");
  const tags = ["O", "B-misc", "I-misc", "B-person", "I-person"];
  assertEquals(tagSetOf([first!, second!]).tags, tags);
  assertEquals(tagSetOf([second!, first!]).tags, tags);
});

Deno.test("tagSetOf() throws naming file and line when a tag is not of the scheme", () => {
  const sentences = parseConll("x B-person\ny S-person", { source: "a.conll" });
  assertThrows(
    () => tagSetOf(sentences),
    Error,
    'Cannot use tag "S-person" at a.conll:2: IOB2 has O, B-type',
  );
  assertEquals(tagSetOf(sentences, { scheme: "IOBES" }).nTags, 5);
});

Deno.test("TagSet numbers tags by their place", () => {
  const tagSet = new TagSet(["O", "I-a", "B-b", "B-a"]);
  assertEquals(tagSet.entityTypes, ["a", "b"]);
  assertEquals(["O", "I-a", "B-b", "B-a"].map((tag) => tagSet.idOf(tag)), [0, 1, 2, 3]);
  assertEquals([0, 1, 2, 3].map((id) => tagSet.tagOf(id)), ["O", "I-a", "B-b", "B-a"]);
  assertEquals(tagSet.has("I-b"), false);
  assertEquals(tagSet.idsOf({ words: ["x", "y"], tags: ["B-a", "O"] }), [3, 0]);
});

Deno.test("TagSet throws listing its tags when one is unknown", () => {
  const tagSet = createTagSet(["a"]);
  assertThrows(() => tagSet.idOf("B-b"), Error, 'Cannot look up tag "B-b": it must be one of O, B-a, I-a');
  assertThrows(() => tagSet.tagOf(3), Error, "it must be from 0 to 2, current value is 3");
  assertThrows(() => tagSet.tagOf(-1), Error, "it must be from 0 to 2");
  const sentence = parseConll("x O\ny B-b", { source: "a.conll" })[0]!;
  assertThrows(
    () => tagSet.idsOf(sentence),
    Error,
    'Cannot use tag "B-b" at a.conll:2: it must be one of O, B-a',
  );
});

Deno.test("TagSet throws unless O is first, tags are distinct and of the scheme", () => {
  assertThrows(() => new TagSet(["B-a", "O"]), Error, 'its first tag must be O, current value is "B-a"');
  assertThrows(() => new TagSet([]), Error, "its first tag must be O");
  assertThrows(() => new TagSet(["O", "B-a", "B-a"]), Error, "its tags must be distinct");
  assertThrows(() => new TagSet(["O", "S-a"]), Error, 'Cannot read tag "S-a"');
  assertThrows(() => new TagSet(["O", "O"]), Error, "must be distinct");
});

Deno.test("TagSet cannot be changed", () => {
  const given = ["O", "B-a"];
  const tagSet = new TagSet(given);
  given[1] = "B-b";
  assertEquals(tagSet.tags, ["O", "B-a"]);
  assertThrows(() => (tagSet.tags as string[]).push("B-c"), TypeError);
});

Deno.test("unionOfTagSets() keeps the first set's ids and adds the second's tags", () => {
  const union = unionOfTagSets(createTagSet(["misc", "person"]), createTagSet(["field", "person"]));
  assertEquals(union.tags, ["O", "B-misc", "I-misc", "B-person", "I-person", "B-field", "I-field"]);
  assertThrows(
    () => unionOfTagSets(createTagSet(["a"]), createTagSet(["a"], { scheme: "IOBES" })),
    Error,
    "both must have one scheme, current value is IOB2 and IOBES",
  );
});

Deno.test("sharedTags() pairs the ids of equal tags", () => {
  assertEquals(sharedTags(createTagSet(["misc", "person"]), createTagSet(["field", "person"])), [
    { tag: "O", sourceId: 0, targetId: 0 },
    { tag: "B-person", sourceId: 3, targetId: 3 },
    { tag: "I-person", sourceId: 4, targetId: 4 },
  ]);
  assertEquals(sharedTags(createTagSet(["a"]), createTagSet(["b", "a"])).at(1), {
    tag: "B-a",
    sourceId: 1,
    targetId: 3,
  });
});

import { assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { convertTags } from "../../../data/tags/convert_tags.ts";
import { createTagSet } from "../../../data/tags/tag_set.ts";

Deno.test("convertTags() there and back gives well-formed tags again", () => {
  const random = createRandom(1);
  const iob2 = createTagSet(["a", "b"]);
  const iobes = createTagSet(["b", "a"], { scheme: "IOBES" });
  for (let n = 0; n < 50; n++) {
    const tags: string[] = [];
    for (let i = 0; i < 12; i++) {
      const before = tags.at(-1) ?? "O";
      const type = random.integer(2) === 0 ? "a" : "b";
      tags.push(
        before !== "O" && random.integer(2) === 0
          ? `I-${before[2]}`
          : random.integer(2) === 0
          ? "O"
          : `B-${type}`,
      );
    }
    const ids = Int32Array.from(tags, (tag) => iob2.idOf(tag));
    assertEquals(convertTags(convertTags(ids, iob2, iobes), iobes, iob2), ids);
  }
});

Deno.test("convertTags() throws at a type that there is not, or leaves it out where told", () => {
  const from = createTagSet(["a", "b"]);
  const to = createTagSet(["b"]);
  const ids = ["B-a", "I-a", "B-b"].map((tag) => from.idOf(tag));
  assertThrows(() => convertTags(ids, from, to), Error, "B-a");
  assertEquals([...convertTags(ids, from, to, "drop")].map((id) => to.tagOf(id)), ["O", "O", "B-b"]);
});

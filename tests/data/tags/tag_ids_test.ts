import { assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createTagReader, createTagWriter } from "../../../data/tags/tag_ids.ts";
import { type Scheme, SCHEME_PREFIXES } from "../../../data/tags/tag.ts";
import { spansToTags, tagsToSpans } from "../../../data/tags/tag_scheme.ts";
import { createTagSet, TagSet } from "../../../data/tags/tag_set.ts";

for (const scheme of Object.keys(SCHEME_PREFIXES) as Scheme[]) {
  Deno.test(`createTagReader() and createTagWriter() do as tagsToSpans() and spansToTags() when tags are ${scheme}`, () => {
    const random = createRandom(1);
    const tags = createTagSet(["b", "a"], { scheme });
    const read = createTagReader(tags);
    const write = createTagWriter(tags);
    let nSpans = 0;
    for (let n = 0; n < 200; n++) {
      const ids = Array.from({ length: random.integer(12) }, () => random.integer(tags.nTags));
      const spans = read(ids);
      const named = spans.map(({ start, end, type }) => ({
        start,
        end,
        entityType: tags.entityTypes[type]!,
      }));
      assertEquals(named, tagsToSpans(ids.map((id) => tags.tagOf(id)), { scheme }));
      const written = Array.from(write(spans, ids.length), (id) => tags.tagOf(id));
      assertEquals(written, spansToTags(named, ids.length, { scheme }));
      nSpans += spans.length;
    }
    assertEquals(nSpans > 400, true);
  });
}

Deno.test("createTagReader() throws at an id that there is not, createTagWriter() at a tag", () => {
  const tags = new TagSet(["O", "B-a", "B-b", "I-b"]);
  const idError = "Cannot look up tag id 4: it must be from 0 to 3, current value is 4";
  assertThrows(() => createTagReader(tags)([1, 4]), Error, idError);
  const write = createTagWriter(tags);
  assertEquals([...write([{ start: 1, end: 2, type: 0 }], 3)], [0, 1, 0]);
  assertThrows(() => write([{ start: 1, end: 3, type: 0 }], 3), Error, 'Cannot look up tag "I-a"');
});

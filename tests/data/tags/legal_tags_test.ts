import { assert, assertEquals, assertThrows } from "@std/assert";
import { legalTags } from "../../../data/tags/legal_tags.ts";
import { type Scheme, SCHEME_PREFIXES } from "../../../data/tags/tag.ts";
import { type Span, spansToTags } from "../../../data/tags/tag_scheme.ts";
import { createTagSet, TagSet } from "../../../data/tags/tag_set.ts";

const SCHEMES = Object.keys(SCHEME_PREFIXES) as Scheme[];

/** All ways to place entities of two types in the words from `start` to `end`. */
function layouts(start: number, end: number): Span[][] {
  if (start === end) return [[]];
  const withEntity = Array.from({ length: end - start }, (_, i) => start + 1 + i).flatMap((last) =>
    layouts(last, end).flatMap((rest) =>
      ["a", "b"].map((entityType) => [{ start, end: last, entityType }, ...rest])
    )
  );
  return [...layouts(start + 1, end), ...withEntity];
}

/** All tags in a row. */
function rows(tags: readonly string[], n: number): string[][] {
  return n === 0 ? [[]] : rows(tags, n - 1).flatMap((row) => tags.map((tag) => [...row, tag]));
}

for (const scheme of SCHEMES) {
  Deno.test(`legalTags() allows just what spansToTags() writes in ${scheme}`, () => {
    const tags = createTagSet(["a", "b"], { scheme });
    const { nTags, mayFollow } = legalTags(tags);
    for (const n of [1, 2, 3, 4]) {
      const written = new Set(layouts(0, n).map((spans) => spansToTags(spans, n, { scheme }).join(" ")));
      const allowed = rows(tags.tags, n).filter((row) => {
        const ids = [nTags, ...row.map((tag) => tags.idOf(tag)), nTags];
        return ids.slice(1).every((id, i) => mayFollow(ids[i]!, id));
      });
      assertEquals(new Set(allowed.map((row) => row.join(" "))), written);
      assert(allowed.length < tags.nTags ** n || n === 1, "some rows are not legal");
    }
  });
}

Deno.test("legalTags() throws when an entity that has begun could not end", () => {
  const incomplete: [Scheme, string[], string][] = [
    ["IOBES", ["O", "B-a", "I-a", "S-a"], "B-a"],
    ["BILOU", ["O", "U-b", "B-a", "L-b"], "B-a"],
    ["IOE2", ["O", "I-a"], "I-a"],
    ["IOE1", ["O", "E-a"], "E-a"],
  ];
  for (const [scheme, tags, tag] of incomplete) {
    assertThrows(
      () => legalTags(new TagSet(tags, { scheme })),
      Error,
      `Cannot make legal tags: the set must have a tag that ends an entity after each that does not, ` +
        `current value has none after "${tag}"`,
    );
  }
  // An entity of IOB tags ends with any of them.
  legalTags(new TagSet(["O", "B-a"]));
});

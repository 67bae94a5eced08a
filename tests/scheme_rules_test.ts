import { assert, assertEquals } from "@std/assert";
import type { Scheme } from "../data/tags/tag.ts";
import { readOracle } from "./oracle_dir.ts";
import { strictEntities } from "./scheme_rules.ts";

Deno.test("strictEntities() reads every tag sequence as seqeval itself does, IOE1 but for the E that it overlooks", () => {
  const { extraction } = readOracle<
    { extraction: Record<Scheme, [string[], [string, number, number][]][]> }
  >("seqeval_cases.json");
  for (const [scheme, cases] of Object.entries(extraction) as [Scheme, typeof extraction[Scheme]][]) {
    assert(cases.length > 100, scheme);
    for (const [tags, expected] of cases) {
      const entities = strictEntities(tags, scheme).filter(({ start }) =>
        scheme !== "IOE1" || !tags[start]!.startsWith("E") || tags[start] === tags[start - 1]
      );
      assertEquals(
        entities.map(({ entityType, start, end }) => [entityType, start, end]),
        expected,
        `${scheme}: ${tags}`,
      );
    }
  }
});

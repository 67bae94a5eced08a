import { assert, assertEquals, assertThrows } from "@std/assert";
import { isSystemName } from "../../../model/systems/systems.ts";
import { readShape } from "../../../tasks/config/place.ts";
import { PAPER_RESULTS, readPaperResults } from "../../../tasks/report/paper_results.ts";

Deno.test("readPaperResults() reads the file that comes with the toolkit, and refuses another shape", async () => {
  const paper = await readPaperResults();
  assertEquals(Object.keys(paper.tables), ["table_2", "table_3", "table_4"]);
  const rows = Object.values(paper.tables).flat();
  assert(rows.every(({ system }) => isSystemName(system)), "every row is of a system that there is");
  assertThrows(
    () => readShape(PAPER_RESULTS, { ...paper, settings: [] }, { path: "", sourceOf: () => "p.yaml" }),
    Error,
    'Cannot use "settings" at p.yaml: expected an object',
  );
});

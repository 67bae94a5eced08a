import { assert, assertEquals } from "@std/assert";
import { adaptationTable } from "../../../tasks/report/adaptation_table.ts";
import { nearestTagsTable } from "../../../tasks/report/nearest_tags_table.ts";

Deno.test("adaptationTable() gives perplexities, and says why there is none before", () => {
  const shared = { blocks: 1200, heldOut: 24, losses: [3, 2.5], seconds: 90 };
  const table = adaptationTable([
    { target: "ai", ...shared, perplexity: { before: 20.5, after: 9.126 } },
    { target: "music", ...shared, perplexity: { before: null, after: 7 } },
  ])!;
  assertEquals(table.rows.map((row) => row.map(({ text }) => text)), [
    ["ai", "20.50", "9.13", "2.500", "2", "1,200", "24", "1.5"],
    ["music", "", "7.00", "2.500", "2", "1,200", "24", "1.5"],
  ]);
  assertEquals(table.notes.length, 1);
  assertEquals(adaptationTable([]), null);
});

Deno.test("nearestTagsTable() lists neighbours with their cosines, also where a tag has fewer", () => {
  const map = (near: { tag: string; cosine: number }[][]) => ({
    tags: ["O", "B-task"],
    points: [[0, 0], [1, 1]] as [number, number][],
    explained: [0.5, 0.2] as [number, number],
    nearest: near,
  });
  const analysis = {
    target: "ai",
    system: "laner",
    adapt: true,
    seed: 555,
    before: map([[], []]),
    after: map([[{ tag: "B-task", cosine: -0.125 }], []]),
    attention: { words: [], tags: [], weights: [] },
  };
  const table = nearestTagsTable(analysis, "after");
  assert(table);
  assertEquals(table.header, ["tag", "1"]);
  assertEquals(table.rows.map((row) => row.map(({ text }) => text)), [["O", "B-task −0.13"], ["B-task", ""]]);
  assertEquals(table.name, "nearest_tags_ai_laner_DAPT_555_after");
  assertEquals(nearestTagsTable(analysis, "before")?.header, ["tag"]);
});

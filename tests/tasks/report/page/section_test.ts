import { assertEquals } from "@std/assert";
import { type Block, foldEach } from "../../../../tasks/report/page/section.ts";

Deno.test("foldEach() leaves out empty parts, and opens one that stands alone", () => {
  const text: Block = { kind: "text", text: "x" };
  const parts = (...lists: Block[][]) => lists.map((blocks, i) => ({ title: `${i}`, blocks }));
  const shown = (blocks: Block[]) =>
    blocks.map((block) => block.kind === "details" && [block.title, block.open]);
  assertEquals(shown(foldEach(parts([text], [], [text]))), [["0", false], ["2", false]]);
  assertEquals(shown(foldEach(parts([], [text]))), [["1", true]]);
  assertEquals(foldEach(parts([])), []);
});

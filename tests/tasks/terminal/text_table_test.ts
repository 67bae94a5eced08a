import { assertEquals } from "@std/assert";
import { textTable } from "../../../tasks/terminal/text_table.ts";

Deno.test("textTable() aligns each column as it is told and ends no line in spaces", () => {
  const rows = [["name", "count", "remark"], ["a", "12345678", ""], ["longer", "1", "odd"]];
  assertEquals(
    textTable(rows, ["left", "right", "left"]),
    "name       count  remark\na       12345678\nlonger         1  odd",
  );
});

import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { withFolder } from "../temporary_folder.ts";
import { measured } from "./measured.ts";

Deno.test("measured() writes the tables of a file, or that there is none", () =>
  withFolder(async (folder) => {
    const write = ({ results }: { results: number }) => `the table of ${results}`;
    assertEquals(
      measured("a.json", write, folder),
      "Not measured yet (there is no docs/measurements/a.json).",
    );
    await Deno.writeTextFile(join(folder, "a.json"), '{"results": 7}');
    assertEquals(measured("a.json", write, folder), "the table of 7");
  }));

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { CONVERT, convert } from "../../tasks/convert.ts";
import { withFolder } from "../temporary_folder.ts";
import { runForTest } from "./run_command.ts";

const run = (...args: string[]) => runForTest(CONVERT, convert, args);

const EXPORT = '{"id":1,"text":"Ona-Ulm sat. Glim.","label":[[0,3,"PER"],[13,17,"LOC"]],"Comments":["x"]}\n' +
  '{"id":2,"text":"Vale.","label":[[0,4,"PER"]]}\n';

Deno.test("convert takes an export to columns and says what became of spans", () =>
  withFolder(async (folder) => {
    const [input, output] = ["in.jsonl", "out.txt"].map((name) => join(folder, name)) as [string, string];
    await Deno.writeTextFile(input, EXPORT);
    const refused = await run(input, output, "--from", "doccano", "--to", "columns");
    assertEquals([refused.code, refused.printed], [1, ""]);
    assertStringIncludes(refused.errors, 'Cannot use span "Ona"');
    const { code, printed } = await run(
      input,
      output,
      "--from",
      "doccano",
      "--to",
      "columns",
      "--on-span",
      "widen",
      "--ids",
      "--to-scheme",
      "IOBES",
    );
    assertEquals(code, 0);
    assertStringIncludes(printed, `Written to ${output}: sentences 3, entities 3`);
    assertStringIncludes(printed, 'spans widened to whole words: 1: "Ona" at ');
    assertEquals(
      await Deno.readTextFile(output),
      [
        "# id = 1.1\nOna-Ulm\tS-PER\nsat\tO\n.\tO\n",
        "# id = 1.2\nGlim\tS-LOC\n.\tO\n",
        "# id = 2\nVale\tS-PER\n.\tO\n",
      ].join("\n"),
    );
    const again = await run(input, output, "--from", "doccano", "--to", "columns");
    assertEquals(again.code, 1);
    assertStringIncludes(again.errors, "nothing is overwritten");
  }));

Deno.test("convert writes the same file in the same format, and a folder for brat", () =>
  withFolder(async (folder) => {
    const input = join(folder, "in.jsonl");
    await Deno.writeTextFile(input, EXPORT);
    assertEquals(
      (await run(input, join(folder, "same.jsonl"), "--from", "doccano", "--to", "doccano")).code,
      0,
    );
    const records = (text: string) => text.trim().split("\n").map((line) => JSON.parse(line));
    assertEquals(records(await Deno.readTextFile(join(folder, "same.jsonl"))), records(EXPORT));
    const brat = join(folder, "brat");
    assertEquals((await run(input, brat, "--from", "doccano", "--to", "brat")).code, 0);
    assertEquals(await Deno.readTextFile(join(brat, "1.txt")), "Ona-Ulm sat. Glim.");
    assertEquals(await Deno.readTextFile(join(brat, "1.ann")), "T1\tPER 0 3\tOna\nT2\tLOC 13 17\tGlim\n");
    assertEquals(
      (await run(
        brat,
        join(folder, "back.jsonl"),
        "--from",
        "brat",
        "--to",
        "doccano",
        "--labels",
        "PER=person",
      )).code,
      0,
    );
    const [first] = records(await Deno.readTextFile(join(folder, "back.jsonl")));
    assertEquals(first, { id: "1", text: "Ona-Ulm sat. Glim.", label: [[0, 3, "person"], [13, 17, "LOC"]] });
  }));

Deno.test("convert says what is missing when it is called wrongly", async () => {
  const { code, errors } = await run("in.jsonl", "--from", "doccano", "--to", "columns");
  assertEquals(code, 2);
  assertStringIncludes(errors, "IN and OUT must be given");
  assertEquals((await run("a", "b", "--from", "docano", "--to", "columns")).code, 2);
});

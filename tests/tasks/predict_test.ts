import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { PREDICT, predict } from "../../tasks/predict.ts";
import { tinyModel } from "../model/tiny.ts";
import { withModelFolder } from "../model/tiny_model_folder.ts";
import { runForTest } from "./run_command.ts";

const JSON_LINES = '{"text": "new york"}\n{"text": "like ers"}\n';
const COLUMNS = "new\tB-place\nyork\tI-place\nlike\tO\n";
const PROSE = "new york like ers .\n";

Deno.test("predict refuses text in another format unless its kind is given", () =>
  withModelFolder(tinyModel("bert-tagger", 3), async (model) => {
    const run = async (text: string, ...args: string[]) => {
      const file = join(model, "in.txt");
      await Deno.writeTextFile(file, text);
      return await runForTest(PREDICT, predict, ["--model", model, ...args, file]);
    };
    for (const [text, format] of [[JSON_LINES, "JSON Lines"], [COLUMNS, "columns of words and tags"]]) {
      const { code, printed, errors } = await run(text!);
      assertEquals([code, printed], [1, ""]);
      for (
        const part of [`in.txt": without --input`, `looks like ${format}`, "--input conll", "--input text"]
      ) {
        assertStringIncludes(errors, part);
      }
      assertEquals((await run(text!, "--input", "text")).code, 0);
    }
    assertEquals((await run(COLUMNS, "--input", "conll")).code, 0);

    const { code, printed, errors } = await run(PROSE, "--input", "conll");
    assertEquals([code, printed], [1, ""]);
    assertStringIncludes(errors, "this looks like running text: leave --input out");
    assertEquals((await run(PROSE)).code, 0);
    assertEquals((await run(PROSE.replaceAll(" ", "\t"), "--input", "conll")).code, 0);
  }));

Deno.test("predict prints the same with several jobs, and tags in int8", () =>
  withModelFolder(tinyModel("laner", 3), async (model) => {
    const text = Array.from({ length: 1100 }, (_, i) => ["new york", "like ooo .", "yorkers eee"][i * i % 3]);
    const file = join(model, "in.txt");
    await Deno.writeTextFile(file, text.join("\n"));
    const run = (...args: string[]) =>
      runForTest(PREDICT, predict, ["--model", model, "--engine", "onnx", "--input", "words", ...args, file]);
    const one = await run();
    assertEquals([one.code, one.errors], [0, ""]);
    assertEquals(await run("--jobs", "2", "--threads", "1"), one);

    assertEquals((await run("--int8")).code, 0);
    const none = await run("--jobs", "0");
    assertEquals([none.code, none.errors], [2, "Error: Cannot use --jobs 0: expected 1 or more"]);
  }));

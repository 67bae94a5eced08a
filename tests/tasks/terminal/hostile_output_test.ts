/** From hostile tags, words, names and metadata to what commands print: nothing in it is obeyed by a terminal. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { EVALUATE, evaluate } from "../../../tasks/evaluate.ts";
import { PREDICT, predict } from "../../../tasks/predict.ts";
import { PREPARE, prepare } from "../../../tasks/prepare.ts";
import { executeCommand } from "../../../tasks/terminal/command.ts";
import { defineCommand } from "../../../tasks/terminal/command_spec.ts";
import { tinyModel } from "../../model/tiny.ts";
import { withModelFolder } from "../../model/tiny_model_folder.ts";
import { withFolder } from "../../temporary_folder.ts";
import { runForTest } from "../run_command.ts";

/** An entity type as a column file can hold it: C1 controls, which some terminals obey, and text turned round. */
const TYPE = "per\x9b31m\x9d0;title\x9cson\u202e\u2066\u200b\u{e0041}";
const SHOWN = "per\\u009b31m\\u009d0;title\\u009cson\\u202e\\u2066\\u200b\\udb40\\udc41";

/** Everything in a text that a terminal must not get. */
const unsafeIn = (text: string) =>
  // deno-lint-ignore no-control-regex
  text.match(/[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u061c\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu);

Deno.test("executeCommand() lets no command print or throw what a terminal obeys", async () => {
  const spec = defineCommand({ name: "try", summary: "Tries.", flags: {} });
  const print = async (isTerminal: boolean) => {
    const lines: string[] = [];
    const keep = (text: string) => lines.push(text);
    const code = await executeCommand(
      spec,
      (_flags, _operands, output) => {
        output.print(`a\x1b[2J${TYPE}`);
        output.printError(`b\x1b[2J${TYPE}`);
        output.printExactly(`c\x1b[2J${TYPE}`);
        throw new Error(`d\x1b[2J${TYPE}\nError: forged`);
      },
      [],
      { print: keep, printError: keep, isTerminal },
    );
    assertEquals(code, 1);
    return lines;
  };
  const shown = ["a", "b", "c"].map((letter) => `${letter}\\u001b[2J${SHOWN}`);
  const message = `Error: d\\u001b[2J${SHOWN}\n  Error: forged`;
  assertEquals(await print(true), [...shown, message]);
  // Columns for another program are what they are.
  assertEquals(await print(false), [...shown.slice(0, 2), `c\x1b[2J${TYPE}`, message]);
});

Deno.test("predict prints a model's entity types escaped as a table, as JSON of the same value, exactly as columns", () =>
  withModelFolder(tinyModel("bert-tagger", 3), async (model) => {
    const type = `${TYPE}\x1b[2Jx`;
    const text = join(model, "text.txt");
    await Deno.writeTextFile(text, "new york \u202elike ers . new like o e");
    const run = (...args: string[]) => runForTest(PREDICT, predict, ["--model", model, ...args, text]);

    const table = await run();
    assertEquals([table.code, table.errors], [0, ""]);
    assertStringIncludes(table.printed, `${SHOWN}\\u001b[2Jx`);
    assertEquals(unsafeIn(table.printed), null);

    const jsonl = await run("--format", "jsonl");
    assertEquals(unsafeIn(jsonl.printed), null);
    const types = jsonl.printed.split("\n").map((line) => JSON.parse(line).entityType);
    assert(types.includes(type));

    const unknown = await run("--types", "x\x1b[2J");
    assertEquals([unknown.code, unsafeIn(unknown.errors)], [1, null]);
  }, (files) => {
    files["tagger.json"] = (files["tagger.json"] as string)
      .replaceAll("person", JSON.stringify(`${TYPE}\x1b[2Jx`).slice(1, -1));
  }));

Deno.test("evaluate and prepare print the types, words and names of files escaped", () =>
  withFolder(async (folder) => {
    const sentence = (word: string) => `${word}\tB-${TYPE}\nruns\tO\n\n`;
    const root = join(folder, "root\x1b[2J");
    const set = join(root, "a\u202e\n\x1b[2Jb");
    await Deno.mkdir(set, { recursive: true });
    for (const split of ["train", "dev", "test"]) {
      await Deno.writeTextFile(join(set, `${split}.txt`), sentence(`\u202e${split}`));
    }
    const gold = join(set, "train.txt");
    const other = join(set, "test.txt");
    for (const args of [[], ["--strict"], ["--json"]]) {
      const { code, printed, errors } = await runForTest(EVALUATE, evaluate, [
        ...["--gold", gold, "--predicted", gold],
        ...args,
      ]);
      assertEquals([code, errors, unsafeIn(printed)], [0, "", null]);
      if (args[0] === "--json") assertEquals(Object.keys(JSON.parse(printed).perType), [TYPE]);
      else assertStringIncludes(printed, SHOWN);
    }
    const failed = await runForTest(EVALUATE, evaluate, ["--gold", gold, "--predicted", other]);
    assertEquals([failed.code, unsafeIn(failed.errors)], [1, null]);

    const table = await runForTest(PREPARE, prepare, ["--data", root]);
    assertEquals([table.code, table.errors, unsafeIn(table.printed)], [0, "", null]);
    assertStringIncludes(table.printed, "a\\u202e\\u000a\\u001b[2Jb  train");
    const json = await runForTest(PREPARE, prepare, ["--data", root, "--json"]);
    assertEquals(unsafeIn(json.printed), null);
    assertEquals(JSON.parse(json.printed)[0].splits.train.entityTypes, { [TYPE]: 1 });
  }));

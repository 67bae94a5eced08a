import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EXPERIMENT_FLAGS, readExperiments } from "../../../tasks/config/experiment_flags.ts";
import { readProfile } from "../../../tasks/config/read_profile.ts";
import { parseCommand } from "../../../tasks/terminal/command.ts";
import { defineCommand } from "../../../tasks/terminal/command_spec.ts";
import { withFolder } from "../../temporary_folder.ts";

const SPEC = defineCommand({ name: "test", summary: "", flags: EXPERIMENT_FLAGS });
const SAMPLE = fileURLToPath(new URL("../../../experiments/sample.yaml", import.meta.url));

/** The selection that a command line stands for. */
async function selectionOf(...args: string[]): Promise<string | null> {
  return (await readExperiments(parseCommand(SPEC, args).flags)).selection;
}

Deno.test("readExperiments() names a selection as its flags are written, and has none for a whole profile", async () => {
  const cases: [string | null, string][] = [
    [null, ""],
    [null, "--engine cpu --threads 1 --results elsewhere"],
    [null, "--profile laptop --data some/data --corpora some/text"],
    // Wherever it lies: the same encoder.
    [null, "--profile laptop --encoder some/folder/all-MiniLM-L6-v2/"],
    ["only=table_3", "--only table_3"],
    ["only=table_3,figure_3+systems=laner,bert-crf", "--systems laner,bert-crf --only table_3,figure_3"],
    ["targets=ai,music", "--profile laptop --targets ai,music"],
    ["seeds=555", "--seeds 555"],
    ["seeds=555", "--set seeds=[555]"],
    ["adapt=false", "--set adapt=[false]"],
    ["train.epochs=5+model.labelWidth=10", "--set train.epochs=5 --set model.labelWidth=10"],
    ["train.learningRate=0.00005", "--set train.learningRate=5e-5"],
  ];
  for (const [name, line] of cases) {
    assertEquals(await selectionOf(...line.split(" ").filter((word) => word !== "")), name, line);
  }
});

Deno.test("readExperiments() names what a script replaces, too, as dim_sweep.ts does with its widths", async () => {
  const vary = (widths: number[]) => ({
    key: "vary",
    value: { "model.labelWidth": widths },
    flag: "--widths",
  });
  const flags = { ...parseCommand(SPEC, []).flags, only: "figure_3" };
  const selections = await Promise.all(
    [[10, 50], [10, 60]].map(async (widths) => (await readExperiments(flags, [vary(widths)])).selection),
  );
  assertEquals(selections, [
    "only=figure_3+widths=model.labelWidth=10,50",
    "only=figure_3+widths=model.labelWidth=10,60",
  ]);
});

Deno.test("readExperiments() gives every selection a name of its own, which a folder can have", () =>
  withFolder(async (folder) => {
    const file = async (...parts: string[]) => {
      const path = join(folder, ...parts);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.writeTextFile(path, "systems: [laner]\n");
      return path;
    };
    const lines = [
      ["--only", "table_3"],
      ["--only", await file("table_3.yaml")],
      ["--only", await file("a", "mine.yaml")],
      ["--only", await file("b", "mine.yaml")],
      ["--only", await file("b", "mine or yours.yaml")],
      ["--only", await file("b", "mine & yours.yaml")],
      ["--only", await file("b", `${"x".repeat(200)}.yaml`)],
      ["--only", await file("b", `${"x".repeat(201)}.yaml`)],
      ["--encoder", "a/encoder"],
      ["--encoder", "b/encoder"],
      ["--set", "title=a/b"],
      ["--set", "title=a b"],
      ["--set", "title=a_b"],
      ["--set", "title=.."],
      ["--set", "title=a."],
      ["--set", "title='a,b'"],
      ["--set", "title='a+seeds=1'"],
      ["--set", "title=a", "--seeds", "1"],
      ["--set", "words.vectors=null"],
    ];
    const names = await Promise.all(lines.map((line) => selectionOf(...line)));
    assertEquals(new Set(names).size, lines.length, names.join("\n"));
    for (const [i, name] of names.entries()) {
      assert(/^[\w][\w.,=+-]*[\w-]$/.test(name!) && name!.length < 90, `${lines[i]!.join(" ")}: ${name}`);
      assertEquals(await selectionOf(...lines[i]!), name);
    }
    assert(names[2]!.startsWith("only=mine.yaml-"));
  }));

Deno.test("readProfile() takes another file with the name of a profile of the toolkit, as a copy is, for a selection", () =>
  withFolder(async (folder) => {
    const text = await Deno.readTextFile(SAMPLE);
    const selectionIn = async (name: string, yaml = text) => {
      const path = join(folder, name);
      // One experiment, so that the files of those that the profile names need not be there.
      await Deno.writeTextFile(path, yaml.replace(/\nexperiments:[^]*$/, "\n"));
      return (await readProfile(path)).selection;
    };
    assertEquals((await readProfile(SAMPLE)).selection, null);
    assert(/^config=my_sample.yaml-\w{8}$/.test((await selectionIn("my_sample.yaml"))!));
    assert(/^config=sample.yaml-\w{8}$/.test((await selectionIn("sample.yaml"))!));
    assertEquals(await selectionIn("mine.yaml", text.replace("name: sample", "name: mine")), null);
  }));

Deno.test("readProfile() refuses experiments of the same name, whose runs would be taken for each other's", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "table_3.yaml"), "systems: [laner]\n");
    for (const only of [["table_3", "table_3"], ["table_3", join(folder, "table_3.yaml")]]) {
      await assertRejects(() => readProfile(SAMPLE, { only }), Error, 'Cannot use "--only');
    }
  }));

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type ProfileOptions, readProfile } from "../../../tasks/config/read_profile.ts";
import { UsageError } from "../../../tasks/errors.ts";
import { withFolder } from "../../temporary_folder.ts";

const BASE = `
name: small
encoder: enc
data: { targets: [ai, music] }
train: { epochs: 7, patience: 3 }
`;

/** Reads a profile beside whose file the given experiments lie. */
async function read(yaml: string, files: Record<string, string> = {}, options: ProfileOptions = {}) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries({ "small.yaml": yaml, ...files })) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    return await readProfile(join(folder, "small.yaml"), options);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readProfile() takes a file without experiments as one experiment", async () => {
  const { name, experiments } = await read(BASE);
  assertEquals([name, experiments.length], ["small", 1]);
  const { name: own, title, config, vary, variants } = experiments[0]!;
  assertEquals([own, title, vary, config.train.epochs], ["small", "small", null, 7]);
  assertEquals(variants, [{ value: null, config }]);
});

Deno.test("readProfile() lays an experiment's file, the profile's own keys and overrides over the profile", async () => {
  const yaml = BASE + "experiments:\n  a:\n  b: { train: { patience: 9 }, seeds: [4] }\n";
  const files = {
    "a.yaml": "title: First\ndata: { targets: [ai] }\ntrain: { epochs: 5 }",
    "b.yaml": "train: { epochs: 6, patience: 8 }\nvary: { model.labelWidth: [2, 3] }\nshow: lines",
  };
  const { experiments: [a, b] } = await read(yaml, files, { overrides: ["train.batchSize=2"] });
  assertEquals([a!.name, a!.title, a!.config.data.targets], ["a", "First", ["ai"]]);
  const { epochs, patience, batchSize, learningRate } = a!.config.train;
  assertEquals([epochs, patience, batchSize, learningRate], [5, 3, 2, 5e-5]);
  assertEquals([b!.title, b!.config.data.targets, b!.config.seeds], ["b", ["ai", "music"], [4]]);
  assertEquals([b!.config.train.epochs, b!.config.train.patience], [6, 9]);
  assertEquals(b!.vary, { key: "model.labelWidth", values: [2, 3] });
  assertEquals(b!.variants.map(({ value, config }) => [value, config.model.labelWidth]), [[2, 2], [3, 3]]);
});

Deno.test("readProfile() leaves what is there when an experiment has an empty mapping", async () => {
  const yaml = BASE + "experiments: { a: { train: {} } }\n";
  const { experiments: [a] } = await read(yaml, { "a.yaml": "data: {}\ndapt: {}\ntrain: { epochs: 5 }" });
  assertEquals([a!.config.train.epochs, a!.config.train.patience, a!.config.data.targets], [5, 3, [
    "ai",
    "music",
  ]]);
});

Deno.test("readProfile() lets the profile replace what an experiment varies", async () => {
  const yaml = BASE + "experiments:\n  a: { vary: { data.trainSentences: [1] } }\n";
  const { experiments } = await read(yaml, { "a.yaml": "vary: { model.labelWidth: [2, 3] }" });
  assertEquals(experiments[0]!.vary, { key: "data.trainSentences", values: [1] });
});

Deno.test("readProfile() keeps the experiments and systems that are asked for", async () => {
  const yaml = BASE + "experiments: { a: , b: }\n";
  const files = { "a.yaml": "systems: [laner]", "b.yaml": "systems: [bert-tagger, laner]" };
  const names = async (options: ProfileOptions) =>
    (await read(yaml, files, options)).experiments.map(({ name, config }) => [name, ...config.systems]);
  assertEquals(await names({ only: ["b"] }), [["b", "bert-tagger", "laner"]]);
  assertEquals(await names({ systems: ["laner"] }), [["a", "laner"], ["b", "laner"]]);
  assertEquals(await names({ systems: ["bert-tagger"] }), [["b", "bert-tagger"]]);
  for (
    const [options, flag, meant] of [[{ only: ["c"] }, "--only c", "a, b"], [
      { systems: ["lanr"] },
      "--systems lanr",
      '"laner"',
    ]] as const
  ) {
    const error = await assertRejects(() => read(yaml, files, options), UsageError);
    assertStringIncludes(error.message, flag);
    assertStringIncludes(error.message, meant);
  }
});

Deno.test("readProfile() runs a file of one's own with the profile's settings", async () => {
  await withFolder(async (folder) => {
    const mine = join(folder, "mine.yaml");
    await Deno.writeTextFile(mine, "title: Mine\nvary: { model.labelWidth: [2, 3] }\ntrain: { epochs: 5 }");
    const yaml = BASE + "experiments: { a: }\n";
    const { name, experiments } = await read(yaml, { "a.yaml": "{}" }, { only: [mine, "a"] });
    assertEquals([name, experiments.map(({ name, title }) => [name, title])], ["small", [["mine", "Mine"], [
      "a",
      "a",
    ]]]);
    assertEquals(experiments[0]!.variants.map(({ config }) => config.model.labelWidth), [2, 3]);
    assertEquals(experiments.map(({ config }) => config.train.epochs), [5, 7]);
    assertEquals((await read(BASE, {}, { only: [mine] })).experiments[0]!.config.train.patience, 3);
  });
});

Deno.test("readProfile() names the file and the key of what is wrong", async () => {
  const one = BASE + "experiments: { a: }\n";
  const cases: [yaml: string, files: Record<string, string>, ...parts: string[]][] = [
    [one, {}, "a.yaml"],
    [one, { "a.yaml": "trian: { epochs: 5 }" }, '"trian" at', "a.yaml", 'did you mean "train"?'],
    [one, { "a.yaml": "train: { epochs: no }" }, '"train.epochs" at', "a.yaml", "a whole number"],
    [one, { "a.yaml": "[1]" }, "a.yaml", "expected a mapping"],
    [one, { "a.yaml": "vary: { model.labelWidth: [2, x] }" }, '"model.labelWidth" at vary of a', '"x"'],
    [one, { "a.yaml": "vary: { model.labelWidth: [2], seeds: [1] }" }, '"vary" at', "one key"],
    [one, { "a.yaml": "vary: { model.width: [2] }" }, '"model.width" at vary of a', "unknown key"],
    [one, { "a.yaml": "adapt: [true]" }, '"dapt.corpus" at', 'for "ai"'],
    [BASE + "experiments: { a: { trian: 1 } }", { "a.yaml": "{}" }, '"trian" at small.yaml, experiments.a'],
    [BASE + "experiments: { ../a: }", {}, '"experiments" at', "names of YAML files", '"../a"'],
    [one, { "a.yaml": "trian: {}" }, '"trian" at', "a.yaml", 'did you mean "train"?'],
    [one, { "a.yaml": "title: {}" }, '"title" at', "a.yaml", "current value is {}"],
    [one, { "a.yaml": "experiments: { b: }" }, '"experiments" at', "a.yaml", "no experiments of its own"],
    [
      BASE + "experiments: { a: { experiments: { b: } } }",
      { "a.yaml": "{}" },
      "small.yaml, experiments.a",
      "of its own",
    ],
    [one, { "a.yaml": `b: ${"[".repeat(50_000)}` }, "a.yaml", "nest at most 32 deep"],
    [one, { "a.yaml": "seeds: [1,\ntitle: a" }, "a.yaml:2: expected YAML"],
    [BASE + "experiments: { a: 5 }", { "a.yaml": "{}" }, '"experiments.a" at', "a mapping of keys"],
  ];
  for (const [yaml, files, ...parts] of cases) {
    const { message } = await assertRejects(() => read(yaml, files), Error);
    for (const part of parts) assertStringIncludes(message, part);
  }
});

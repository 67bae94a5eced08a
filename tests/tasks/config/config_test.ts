import { assert, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { type Config, describeConfig } from "../../../tasks/config/config.ts";
import type { ConfigOverride } from "../../../tasks/config/config_overrides.ts";
import { parseConfig, readConfig } from "../../../tasks/config/read_config.ts";
import { runSettings } from "../../../tasks/config/run_config.ts";
import { UsageError } from "../../../tasks/errors.ts";

const LEAST = "name: tiny\nencoder: some/encoder\ndata: { targets: [ai, movie] }\n";

function read(yamlText: string, overrides: ConfigOverride[] = []): Config {
  return parseConfig(yamlText, { source: "e.yaml", overrides });
}

function messageOf(yamlText: string, overrides: ConfigOverride[] = []): string {
  return assertThrows(() => read(yamlText, overrides), Error).message;
}

Deno.test("parseConfig() fills in the paper's settings when only what is required is given", () => {
  const config = read(LEAST);
  assertEquals(config.train, {
    epochs: 100,
    patience: 10,
    keep: null,
    rDrop: null,
    batchSize: 16,
    accumulate: null,
    learningRate: 5e-5,
    clipNorm: null,
    sgd: null,
    schedule: null,
    warmup: null,
    weightDecay: null,
    headRate: null,
    layerDecay: null,
    precision: null,
    average: null,
  });
  assertEquals(config.model, {
    labelWidth: 100,
    dropout: 0.1,
    maxPieces: 512,
    beamSize: null,
    labelSpace: "target",
    legalTags: null,
    newTags: null,
    wordShapes: null,
    factoredTags: null,
  });
  assertEquals(config.seeds, [555, 666, 777]);
  assertEquals(config.systems, ["bert-tagger", "laner"]);
  assertEquals(config.engine, "auto");
  assertEquals([config.data.source, config.data.root, config.data.sample], ["conll2003", null, null]);
  assertEquals(config.adapt, [false]);
});

Deno.test("parseConfig() reads the sizes of an encoder that is made in the run", () => {
  const { encoder } = read(
    "name: a\nencoder: { hiddenWidth: 32, mlm: { epochs: 3 } }\ndata: { targets: [ai] }\n",
  );
  assert(typeof encoder !== "string");
  assertEquals([encoder.hiddenWidth, encoder.nLayers, encoder.mlm.epochs, encoder.mlm.maskProbability], [
    32,
    2,
    3,
    0.2,
  ]);
});

Deno.test("parseConfig() gives each call values of its own", () => {
  read(LEAST).seeds.push(1);
  read(LEAST).train.epochs = 1;
  assertEquals(read(LEAST).seeds, [555, 666, 777]);
  assertEquals(read(LEAST).train.epochs, 100);
});

Deno.test("parseConfig() names path, rule and value when a file is wrong", () => {
  const cases: [yamlText: string, ...parts: string[]][] = [
    [LEAST + "trian: { epochs: 5 }", '"trian" at e.yaml', "unknown key", 'did you mean "train"?'],
    [LEAST + "train: { epoch: 5 }", '"train.epoch" at e.yaml', "unknown key", 'did you mean "train.epochs"?'],
    [LEAST + "toString: 1", '"toString" at e.yaml', "unknown key"],
    [LEAST + "__proto__: { name: 1 }", '"__proto__" at e.yaml', "unknown key"],
    [
      LEAST + "train: { epochs: five }",
      '"train.epochs" at e.yaml',
      "a whole number",
      'current value is "five"',
    ],
    [LEAST + "train: { epochs: 2.5 }", '"train.epochs"', "current value is 2.5"],
    [LEAST + "train: { epochs: 0 }", '"train.epochs"', "at least 1", "current value is 0"],
    [LEAST + "train: { learningRate: .inf }", '"train.learningRate"', "above 0"],
    [LEAST + "train: { learningRate: '5e-5' }", '"train.learningRate"', 'current value is "5e-5"'],
    [LEAST + "train: 5", '"train" at e.yaml', "a mapping with the keys epochs", "current value is 5"],
    [LEAST + "train:", '"train" at e.yaml', "a mapping", "current value is null"],
    [LEAST + "model: { dropout: 1 }", '"model.dropout"', "below 1"],
    [LEAST + "seeds: 555", '"seeds"', "a list", "current value is 555"],
    [LEAST + "seeds: []", '"seeds"', "a list"],
    [LEAST + "seeds: [1, -2]", '"seeds[1]"', "from 0 to 4294967295", "current value is -2"],
    [LEAST + "seeds: [4294967296]", '"seeds[0]"', "current value is 4294967296"],
    [LEAST + "seeds: [1, 2, 1]", '"seeds[2]"', "given twice"],
    [LEAST + "engine: onx", '"engine"', "one of auto, onnx", 'did you mean "onnx"?'],
    [LEAST + "systems: [bert-taggr]", '"systems[0]"', 'did you mean "bert-tagger"?'],
    [LEAST + "adapt: [true]", '"dapt.corpus" at e.yaml', 'for "ai"'],
    [LEAST + "perTarget: { aii: { train: { epochs: 1 } } }", '"perTarget.aii"', 'did you mean "ai"?'],
    [
      LEAST + "perTarget: { ai: { train: { epoch: 1 } } }",
      '"perTarget.ai.train.epoch"',
      '"perTarget.ai.train.epochs"',
    ],
    [LEAST + "perTarget: { ai: { model: {} } }", '"perTarget.ai.model"', "unknown key"],
    ["name: a\ndata: { targets: [ai] }", '"encoder" at e.yaml', "missing", "a folder, URL or hub name"],
    ["name: a\nencoder: b", '"data.targets" at e.yaml', "missing"],
    ["name: a\nencoder: [b]\ndata: { targets: [ai] }", '"encoder"', "or a mapping"],
    ["name: a\nencoder: ''\ndata: { targets: [ai] }", '"encoder"', 'current value is ""'],
    ["name: ../a\nencoder: b\ndata: { targets: [ai] }", '"name"', "letters, digits"],
    ["name: a\nencoder: b\ndata: { targets: [../../etc] }", '"data.targets[0]"', "letters, digits"],
    [
      "name: a\nencoder: b\ndata: { source: ai, targets: [x, ai] }",
      '"data.targets[1]"',
      "must not be the source",
    ],
    [
      "name: a\nencoder: { nHeads: 3 }\ndata: { targets: [ai] }",
      '"encoder.nHeads"',
      "must divide",
      "current value is 3",
    ],
    ["name: a\nencoder: b\ndata: { targets: [ai], sample: {} }", '"data.source"', "must be news"],
    ["", "the document", "a mapping", "current value is null"],
    ["- a", "the document", "a mapping"],
    ["name: [a", '"e.yaml" at e.yaml:1:', "expected YAML"],
    ["name: a\nname: b", '"e.yaml" at e.yaml:2:', "expected YAML"],
    ["name: a\n---\nname: b", '"e.yaml" at e.yaml:2:', "expected YAML"],
    ["name: !!js/function 'f'", '"e.yaml" at e.yaml:1:', "expected YAML"],
    ["name: a\nencoder: a\0", '"e.yaml" at e.yaml:2:', "control characters", "U+0000"],
    ['name: a\nencoder: "a\\0b"', '"encoder" at e.yaml', 'current value is "a\\u0000b"'],
    ['name: a\nencoder: "\\ud800"', '"encoder" at e.yaml', 'current value is "\\ud800"'],
    [LEAST + "<<: { seeds: [1] }", '"<<" at e.yaml', "unknown key"],
    [LEAST + "title: 2001-01-01\nseeds: [2001-01-01]", '"seeds[0]"', 'current value is "2001-01-01"'],
    [LEAST + '"a\\nb": 1', '"a\\u000ab" at e.yaml', "unknown key"],
  ];
  for (const [yamlText, ...parts] of cases) {
    const message = messageOf(yamlText);
    for (const part of parts) assertStringIncludes(message, part);
  }
});

Deno.test("parseConfig() puts overrides over the file, later ones over earlier ones", () => {
  const config = read(LEAST + "train: { epochs: 7, patience: 3 }", [
    "train.epochs=5",
    "train.epochs=6",
    "data.targets=[science]",
    "data.root=/a=b",
    "perTarget.science.train.learningRate=1e-5",
    { key: "seeds", value: [1], flag: "--seeds" },
  ]);
  assertEquals([config.train.epochs, config.train.patience], [6, 3]);
  assertEquals([config.data.targets, config.data.root], [["science"], "/a=b"]);
  assertEquals(config.perTarget.science!.train!.learningRate, 1e-5);
  assertEquals(config.seeds, [1]);
});

Deno.test("parseConfig() opens a section that the file leaves null when an override needs it", () => {
  const yamlText = "name: a\nencoder: {}\ndata: { source: news, targets: [research], sample: null }";
  assertEquals(read(yamlText, ["data.sample.seed=7"]).data.sample!.seed, 7);
});

Deno.test("parseConfig() keeps a target's settings when --targets leaves the target out", () => {
  const yamlText = LEAST + "perTarget: { movie: { train: { epochs: 3 } } }";
  const config = read(yamlText, [{ key: "data.targets", value: ["ai"], flag: "--targets" }]);
  assertEquals(config.data.targets, ["ai"]);
});

Deno.test("parseConfig() names the flag when an override is wrong", () => {
  const cases: [ConfigOverride, ...string[]][] = [
    ["train.epoch=5", '"train.epoch" at --set train.epoch=5', 'did you mean "train.epochs"?'],
    ["train.epochs=five", '"train.epochs" at --set train.epochs=five', "a whole number"],
    // Over the file and over the override before it.
    ["train.patience=none", '"train.patience" at --set train.patience=none'],
    ["trian.epochs=5", '"trian" at --set trian.epochs=5', 'did you mean "train"?'],
    ["seeds=[1,-1]", '"seeds[1]" at --set seeds=[1,-1]'],
    ["encoder.hiddenWidth=3", '"encoder" at --set', "expected a mapping"],
    ["__proto__.x=1", '"__proto__" at --set', "unknown key"],
    [{ key: "engine", value: "gpu", flag: "--engine gpu" }, '"engine" at --engine gpu', "one of auto"],
  ];
  for (const [override, ...parts] of cases) {
    const message = messageOf(LEAST, ["train.patience=4", override]);
    for (const part of parts) assertStringIncludes(message, part);
  }
  const deep = messageOf(LEAST, [`${"a.".repeat(50_000)}b=1`]);
  assertStringIncludes(deep, "a key must have at most 32 names, current value is 50001");
  assertEquals(deep.length < 3000, true);
  for (const text of ["train.epochs", "=5", "seeds=[1", `seeds=${"[".repeat(50_000)}`, "seeds=&a [*a]"]) {
    assertThrows(() => read(LEAST, [text]), UsageError, `--set ${text.slice(0, 99)}`);
  }
  assertEquals(({} as Record<string, unknown>).x, undefined);
});

Deno.test("parseConfig() refuses a document that aliases multiply without writing it out", () => {
  const lines = ["a0: &a0 [x, x]"];
  for (let i = 1; i < 60; i++) lines.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
  assertStringIncludes(
    messageOf(lines.join("\n")),
    'Cannot read "e.yaml": expected YAML, it must have at most 20000 values',
  );
  assertStringIncludes(messageOf(`${LEAST}seeds: [[&a [x], *a]]`), '"seeds[0]"');
});

Deno.test("parseConfig() wants a corpus only for targets that are adapted", () => {
  const adapted = LEAST +
    "adapt: [true]\nperTarget: { movie: { adapt: [false] }, ai: { dapt: { corpus: a.txt } } }";
  assertEquals(runSettings(read(adapted), "ai", "laner").dapt.corpus, "a.txt");
});

Deno.test("parseConfig() takes only plain names for what becomes the name of a file or folder", () => {
  const names = [
    "../x",
    "/etc/passwd",
    "a/b",
    "a\\b",
    "..",
    ".",
    ".hidden",
    "-x",
    "con\0",
    "a\n",
    "{target}/x",
    "",
  ];
  const keys: [path: string, yamlOf: (name: string) => string][] = [
    ['"name"', (name) => `name: ${name}\nencoder: b\ndata: { targets: [ai] }`],
    ['"data.source"', (name) => `name: a\nencoder: b\ndata: { targets: [ai], source: ${name} }`],
    ['"data.targets[1]"', (name) => `name: a\nencoder: b\ndata: { targets: [ai, ${name}] }`],
    ['"experiments"', (name) => `name: a\nencoder: b\ndata: { targets: [ai] }\nexperiments: { ${name}: {} }`],
    ['"perTarget.', (name) => `name: a\nencoder: b\ndata: { targets: [ai] }\nperTarget: { ${name}: {} }`],
  ];
  for (const [path, yamlOf] of keys) {
    for (const name of names) {
      const message = messageOf(yamlOf(JSON.stringify(name)));
      assertStringIncludes(message, `Cannot use ${path}`);
    }
  }
  for (const set of ['data.targets=["../x"]', 'data.source="../x"', 'name=".."']) {
    assertThrows(
      () =>
        parseConfig("name: a\nencoder: b\ndata: { targets: [ai] }", { source: "e.yaml", overrides: [set] }),
      Error,
      "letters, digits",
    );
  }
});

Deno.test("describeConfig() documents every key", () => {
  const config = read("name: a\nencoder: {}\ndata: { source: news, targets: [research], sample: {} }");
  const paths = (value: unknown, prefix: string): string[] =>
    typeof value !== "object" || value === null || Array.isArray(value) ? [] : Object.entries(value).flatMap((
      [name, inner],
    ) => [prefix + name, ...paths(inner, `${prefix}${name}.`)]);
  const [text, markdown] = [describeConfig(), describeConfig("markdown")];
  for (const path of paths(config, "")) {
    assert(
      text.split("\n").some((line) => line.match(/^ {2}[\w.]+/)?.[0].trim() === path),
      `${path} in the text`,
    );
    assertStringIncludes(markdown, `| \`${path}\` |`);
  }
  assertStringIncludes(text, "train.epochs: 100");
  assertStringIncludes(text, "train.learningRate: 5e-5");
});

Deno.test("readConfig() names the file when it is not there or not UTF-8", async () => {
  await assertRejects(
    () => readConfig("nowhere/e.yaml"),
    Error,
    'Cannot read "nowhere/e.yaml": the configuration must exist',
  );
  const path = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    await Deno.writeFile(path, new Uint8Array([0x6e, 0x3a, 0x0a, 0xff, 0xfe]));
    await assertRejects(() => readConfig(path), Error, `${path}:2`);
  } finally {
    await Deno.remove(path);
  }
});

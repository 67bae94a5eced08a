/** Random and damaged experiments: read with every key, or refused with file and line or with file and key. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { Random } from "../../data/random.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import { parseYaml } from "../../tasks/config/parse_yaml.ts";
import { type Profile, readProfile } from "../../tasks/config/read_profile.ts";
import { UsageError } from "../../tasks/errors.ts";
import { ROOT } from "../source_text.ts";
import { damage, pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

const FILE = "hostile.yaml";

export const YAML_CONFIGS: Torture = {
  name: "yaml-configs",
  what: "YAML experiments",
  tries: { test: 800, torture: 20_000 },
  async begin(folder) {
    const texts: string[] = [];
    for await (const { name } of Deno.readDir(join(ROOT, "experiments"))) {
      if (!name.endsWith(".yaml") || name === "paper_results.yaml") continue;
      texts.push(await Deno.readTextFile(join(ROOT, "experiments", name)));
      await Deno.writeTextFile(join(folder, name), texts.at(-1)!);
    }
    const path = join(folder, FILE);
    return async (random) => {
      const base = random.integer(2) === 0 ? generated(random) : pick(random, texts);
      const whole = new TextEncoder().encode(rewritten(random, base));
      const bytes = damage(random, whole, VALUES, pick(random, [0, 0, 0, 1, 2]));
      await Deno.writeFile(path, bytes);
      const overrides = random.integer(4) === 0 ? [`${pick(random, KEYS)}=${pick(random, VALUES)}`] : [];
      // An experiment without an encoder of its own is run with the settings of a profile.
      const ownSettings = /^encoder/m.test(base);
      let profile: Profile;
      try {
        profile = ownSettings
          ? await readProfile(path, { overrides })
          : await readProfile(join(folder, "laptop.yaml"), { only: [path], overrides });
      } catch (error) {
        return assertPrecise(error, bytes);
      }
      // What is overridden is not what the file says.
      if (overrides.length > 0) return "read with --set";
      const document = parseYaml(decodeText(bytes, FILE));
      assertHasAll(ownSettings ? profile.config : profile.experiments[0]!.config, document, "");
      return "read";
    };
  },
};

const KEYS = "train.epochs¦data.targets¦name¦seeds¦vary¦perTarget.ai.train¦experiments.a¦a.b.c¦encoder¦title"
  .concat("¦encoder.mlm.epochs¦__proto__.a¦data.sample¦.¦", "¦x", ".x".repeat(50_000)).split("¦");

/** What a value may be, or may be broken by. */
const VALUES = [
  // Numbers, and what looks like them.
  ".inf¦-.inf¦.nan¦0x10¦0o17¦010¦1e999¦-0¦1_000¦1e-400¦9007199254740993¦2001-01-01¦2001-01-01T00:00:00Z¦5¦1",
  // Other scalars, quotes, tags.
  '~¦null¦yes¦True¦true¦\'\'¦"\\0"¦"\\ud800"¦"\\n"¦\'a\n b\'¦|\n  text¦>\n text¦text¦@a¦`a`¦%a¦# c¦\t1¦1 # c',
  "!!js/function 'x'¦!!binary aGk=¦!!set {a}¦!!timestamp 2001-01-01¦!<x> a¦!!str 1¦!",
  // Aliases, merge keys, keys that are no text.
  "&a [*a]¦*a¦&a¦&a {x: *a}¦{<<: {epochs: 1}}¦<<: *a¦\n  <<: {epochs: 1}¦[*a, *a]¦? a¦? [a]\n: b¦? {a: b}\n: c",
  "{}¦[]¦[1, 1]¦[ai]¦[ai, movie]¦{epochs: 3}¦{ai: {train: {}}}¦{a: {b: {c: {d: 1}}}}¦- 1¦: ",
  "__proto__¦{__proto__: {a: 1}}¦constructor¦../../etc/passwd¦---¦\n---\n¦...",
  "\0¦\x07¦\r¦\u0085¦\u2028¦\uFEFF¦\u00a0¦\ufffe¦👍",
].join("¦").split("¦").concat(
  ["x".repeat(5000), "[".repeat(5000), "[".repeat(40) + "]".repeat(40), "- ".repeat(3000), "{a: ".repeat(40)],
  ["x\n".repeat(300), "\n".repeat(300), "{? ".repeat(2000), '"' + "\\x41".repeat(1000), "&".repeat(3000)],
);

const LINES = [
  "seeds: [1, 2]",
  "train: { epochs: 3 }",
  "model: { labelWidth: 8 }",
  "systems: [laner]",
  "title: A b",
  "engine: onnx",
  "perTarget: { ai: { train: { epochs: 2 } } }",
  "vary: { model.labelWidth: [2, 3] }",
  "pretrain:\n  epochs: 4\n  learningRate: 1e-3",
  "adapt:\n  - false",
  "experiments: { table_1: , table_3: }",
];

function generated(random: Random): string {
  const lines = ["name: small", "encoder: some/encoder", "data: { targets: [ai] }"];
  return [...lines, ...random.shuffle([...LINES]).slice(0, random.integer(6))].join("\n") + "\n";
}

/** Changes some lines as YAML is changed by mistake: names, values, indentation, order. */
function rewritten(random: Random, text: string): string {
  const lines = text.split("\n");
  for (let n = pick(random, [0, 1, 1, 2, 4]); n > 0; n--) {
    const i = random.integer(lines.length);
    const line = lines[i]!;
    const changes = [
      () => line.replace(/\w+(?=:)/, (key) => key.slice(1) + pick(random, ["", "x", "s"])),
      () => line.replace(/:.*/, () => `: ${pick(random, VALUES)}`),
      () => line.replace(/[\w.]+(?=[\],} ]*$)/, () => pick(random, VALUES)),
      () => " ".repeat(random.integer(4)) + line.trim(),
      () => `${line}\n${line}`,
      () => `${line}\n${pick(random, lines)}`,
      () => "",
    ];
    lines[i] = pick(random, changes)();
  }
  return lines.join("\n");
}

/** What an error may look like, and what that counts as. */
const ERRORS: readonly [RegExp, string][] = [
  [/^Cannot (?:read|decode) "[^"]*hostile\.yaml" at [^"]*hostile\.yaml:(\d+): /, "refused with its line"],
  [
    /^Cannot read "[^"]*hostile\.yaml": expected YAML, (?:its lists and|it must have at most) /,
    "refused as too large",
  ],
  [/^Cannot use "--set [^]*": expected (?:KEY=VALUE|a YAML value after "="), /, "refused --set"],
  [
    /^Cannot use "[^]+" at (?:[^"]*\.yaml[,:]|vary of \w+:|[^"]*\.yaml, experiments\.|--set )/,
    "refused with its key",
  ],
  [/^Cannot use "[^"]*hostile\.yaml": expected a mapping of keys$/, "refused with its key"],
  [/^Cannot read "[^"]*\.yaml": the configuration must exist/, "refused a missing file"],
];

function assertPrecise(error: unknown, bytes: Uint8Array): string {
  assert(
    error instanceof Error && [Error, UsageError].includes(error.constructor as typeof Error),
    String(error),
  );
  assertMatch(error.message, /^\P{Cc}{1,3000}$/u);
  const [match, outcome] = ERRORS.map(([form, outcome]) => [form.exec(error.message), outcome] as const)
    .find(([match]) => match !== null) ?? [];
  assert(match && outcome, error.message);
  const nLines = new TextDecoder().decode(bytes).split(/\r\n?|\n/).length;
  assert(match[1] === undefined || Number(match[1]) >= 1 && Number(match[1]) <= nLines, error.message);
  return outcome;
}

/** Every value of a document must be in what was read from it. */
function assertHasAll(read: unknown, document: unknown, path: string): void {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    // An experiment for which the profile says nothing is written as null.
    const isExperiment = path.startsWith(".experiments.");
    assertEquals(read, isExperiment && document === null ? {} : document, path);
    return;
  }
  for (const [key, value] of Object.entries(document)) {
    assert(Object.hasOwn(read as object, key), `${path}.${key} was dropped`);
    assertHasAll((read as Record<string, unknown>)[key], value, `${path}.${key}`);
  }
}

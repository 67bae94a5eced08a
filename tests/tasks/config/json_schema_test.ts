/** The JSON Schema by which editors complete and check experiments. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { type Schema, Validator } from "npm:@cfworker/json-schema@4.1.1";
import { configJsonSchema } from "../../../tasks/config/config.ts";
import { parseYaml } from "../../../tasks/config/parse_yaml.ts";
import { ROOT } from "../../source_text.ts";

const VALIDATOR = new Validator(configJsonSchema() as Schema, "2020-12", false);

/** Where a YAML text breaks the schema. */
function problemsOf(yamlText: string): string[] {
  return VALIDATOR.validate(parseYaml(yamlText)).errors.map(({ instanceLocation }) => instanceLocation);
}

Deno.test("configJsonSchema() fits every experiment that comes with the toolkit, each of which names it", async () => {
  const folder = join(ROOT, "experiments");
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".yaml") || name === "paper_results.yaml") continue;
    const text = await Deno.readTextFile(join(folder, name));
    assertStringIncludes(text, "# yaml-language-server: $schema=schema.json", name);
    assertEquals(problemsOf(text), [], name);
  }
});

Deno.test("configJsonSchema() finds what is wrong, and takes null and 0 where they mean none", () => {
  assert(problemsOf("train: { epoch: 5 }").includes("#/train"));
  assert(problemsOf("train: { epochs: five }").includes("#/train/epochs"));
  assert(problemsOf("engine: gpu").includes("#/engine"));
  assert(problemsOf("perTarget: { ai: { train: { epochs: 0 } } }").includes("#/perTarget/ai/train/epochs"));
  assertEquals(problemsOf("train: { patience: 0, sgd: { decay: null } }"), []);
  assertEquals(problemsOf("encoder: { hiddenWidth: 64 }"), []);
  assertEquals(problemsOf("encoder: some/encoder"), []);
});

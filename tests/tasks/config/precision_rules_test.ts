import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { Config } from "../../../tasks/config/config.ts";
import { chosenEngine } from "../../../tasks/config/experiment_flags.ts";
import { checkPrecisions } from "../../../tasks/config/precision_rules.ts";
import { parseConfig } from "../../../tasks/config/read_config.ts";

const LEAST = "name: tiny\nencoder: some/encoder\ndata: { targets: [ai, movie] }\n";

function read(yamlText: string): Config {
  return parseConfig(LEAST + yamlText, { source: "e.yaml" });
}

const profileOf = (config: Config) => ({
  config,
  experiments: [{ name: "tiny", title: "tiny", config, vary: null, variants: [{ value: null, config }] }],
});

Deno.test("parseConfig() reads a precision, and float32 as none", () => {
  assertEquals(read("train: { precision: bfloat16 }").train.precision, "bfloat16");
  for (const none of ["float32", "null", "~"]) {
    assertEquals(read(`train: { precision: ${none} }`).train.precision, null);
  }
  const { message } = assertThrows(() => read("train: { precision: float64 }"), Error);
  assertEquals(
    message,
    'Cannot use "train.precision" at e.yaml: expected one of float32, bfloat16, float16, or null for float32, ' +
      'current value is "float64"',
  );
});

Deno.test("checkPrecisions() refuses a precision for a system that does not train in it, by the path of the key", async () => {
  const cases: [yamlText: string, path: string, system: string][] = [
    ["systems: [laner, bert-crf]\ntrain: { precision: float16 }", "train.precision", "bert-crf"],
    ["systems: [lstm-crf]\npretrain: { precision: bfloat16 }", "pretrain.precision", "lstm-crf"],
    [
      "systems: [laner, coach]\nperSystem: { coach: { train: { precision: float16 } } }",
      "perSystem.coach.train.precision",
      "coach",
    ],
    [
      "systems: [flair]\nperTarget: { movie: { train: { precision: float16 } } }",
      "perTarget.movie.train.precision",
      "flair",
    ],
  ];
  const engine = await createEngine("onnx-ffi");
  for (const [yamlText, path, system] of cases) {
    const { message } = assertThrows(() => checkPrecisions(profileOf(read(yamlText)), engine), Error);
    assertEquals(message.split(",")[0], `Cannot use "${path}" at tiny: must be null for ${system}`);
  }
  // A table of the data trains nothing.
  checkPrecisions(profileOf(read("show: data\nsystems: [flair]\ntrain: { precision: float16 }")), engine);
  // A system may have float32 for itself.
  const apart = "perSystem: { bert-crf: { train: { precision: float32 } } }";
  checkPrecisions(
    profileOf(read(`systems: [laner, bert-crf]\ntrain: { precision: float16 }\n${apart}`)),
    engine,
  );
});

Deno.test("checkPrecisions() refuses a precision that the engine lacks, by the path of the key", async () => {
  const keys: [yamlText: string, path: string][] = [
    ["pretrain: { precision: float16 }", "pretrain.precision"],
    ["perSystem: { laner: { pretrain: { precision: float16 } } }", "perSystem.laner.pretrain.precision"],
    ["perTarget: { movie: { train: { precision: float16 } } }", "perTarget.movie.train.precision"],
  ];
  const onnx = await createEngine("onnx");
  const able = await createEngine("onnx-ffi");
  for (const [yamlText, path] of keys) {
    const profile = profileOf(read(yamlText));
    checkPrecisions(profile, able);
    const { message } = assertThrows(() => checkPrecisions(profile, onnx), Error);
    assertEquals(
      message,
      `Cannot use "${path}" at tiny: must be null on the engine onnx (${onnx.version}): ` +
        'the engines that have float16 are cuda, and webgpu on a GPU with shader-f16, current value is "float16"',
    );
  }
  checkPrecisions(profileOf(read("train: { precision: float32 }")), onnx);
});

Deno.test("chosenEngine() refuses a precision that its engine lacks, before anything is run", async () => {
  const profile = profileOf(read("engine: cpu\ntrain: { precision: bfloat16 }"));
  await assertRejects(
    () => chosenEngine(profile, { threads: 1 }, () => {}),
    Error,
    'Cannot use "train.precision" at tiny: must be null on the engine cpu',
  );
});

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { BENCH, bench } from "../../tasks/bench.ts";
import { benchSystem } from "../../tasks/bench/bench_system.ts";
import { median } from "../../tasks/bench/timed_steps.ts";
import { PREPARE, prepare } from "../../tasks/prepare.ts";
import { tinyModel } from "../model/tiny.ts";
import { withModelFolder } from "../model/tiny_model_folder.ts";
import { runForTest } from "./run_command.ts";

Deno.test("median() is the middle, or between the two in the middle", () => {
  assertEquals([median([3, 1, 2]), median([4, 1, 3, 2])], [2, 2.5]);
});

Deno.test("benchSystem() times every part of a step and prediction", async () => {
  await withModelFolder(tinyModel("laner", 1), async (encoder) => {
    const root = join(encoder, "data");
    assertEquals((await runForTest(PREPARE, prepare, ["--sample", "--out", root])).code, 0);
    const request = { root, target: "research", encoder, size: null, engine: "onnx", epochs: 2 } as const;
    const laner = await benchSystem({ ...request, system: "laner" });
    assert(Object.values(laner.stepMilliseconds).every((time) => time > 0), JSON.stringify(laner));
    assert(laner.epochSeconds > 0 && laner.wordsPerSecond > 0);
    const tagger = await benchSystem({ ...request, system: "bert-tagger" });
    assertEquals(tagger.stepMilliseconds.labelEncoder, 0);
    // The folder holds a trained LANER too, which is timed in place of the one of the epochs.
    assert((await benchSystem({ ...request, system: "laner", model: encoder })).wordsPerSecond > 0);
  });
});

Deno.test("bench() prints medians, the limit and the parts of a step, and writes all figures and graphs", async () => {
  await withModelFolder(tinyModel("laner", 1), async (encoder) => {
    const root = join(encoder, "data");
    assertEquals((await runForTest(PREPARE, prepare, ["--sample", "--out", root])).code, 0);
    const [out, graphs] = [join(encoder, "bench.json"), join(encoder, "graphs")];
    const flags = ["--data", root, "--encoder", encoder, "--size", "tiny", "--target", "research"];
    const short = ["--rounds", "1", "--epochs", "2", "--engine", "onnx", "--out", out, "--graphs", graphs];
    const { code, printed, errors } = await runForTest(BENCH, bench, [...flags, ...short]);
    assertEquals(code, 0, errors);
    for (const part of ["tagger, training epoch", "whole step at", "encoder: linear layers", "| Gemm"]) {
      assert(printed.includes(part), printed);
    }
    assert(!printed.includes("PyTorch") && !printed.includes("NaN"), printed);
    assert(
      /training step:\n +recorded .*\n +as run .*\n.*unread: none; repeated: none; constant: none/.test(
        printed,
      ),
    );
    const { command, results } = JSON.parse(await Deno.readTextFile(out));
    assert(command.startsWith("deno task bench --data DIR --encoder DIR --size tiny"), command);
    assertEquals(results.timings.length, 2);
    const files = await Array.fromAsync(Deno.readDir(join(graphs, "laner")), ({ name }) => name);
    assert(files.includes("training_step.onnx") && files.includes("training_step.run.onnx"), `${files}`);
    // A part without kernels would mean that the shapes no longer tell the parts.
    for (
      const { profile } of Object.values<{ profile: { parts: { name: string; kernels: number }[] } }>(
        results.profiles,
      )
    ) {
      const empty = profile.parts.filter(({ name, kernels }) =>
        /^(encoder|head)/.test(name) && kernels === 0
      );
      assertEquals(empty, []);
    }
  });
});

Deno.test("bench() refuses a size that a script in PyTorch does not know", async () => {
  const flags = ["--data", ".", "--encoder", "x", "--size", "tiny", "--script", "x.py"];
  const { code, errors } = await runForTest(BENCH, bench, flags);
  assertEquals(code, 2);
  assert(errors.includes('"--size"'), errors);
});

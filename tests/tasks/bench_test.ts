import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { benchSystem, median } from "../../tasks/bench/bench_system.ts";
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
    const request = { root, target: "research", encoder, engine: "onnx", epochs: 2 } as const;
    const laner = await benchSystem({ ...request, system: "laner" });
    assert(Object.values(laner.stepMilliseconds).every((time) => time > 0), JSON.stringify(laner));
    assert(laner.epochSeconds > 0 && laner.wordsPerSecond > 0);
    const tagger = await benchSystem({ ...request, system: "bert-tagger" });
    assertEquals(tagger.stepMilliseconds.labelEncoder, 0);
    // The folder holds a trained LANER too, which is timed in place of the one of the epochs.
    assert((await benchSystem({ ...request, system: "laner", model: encoder })).wordsPerSecond > 0);
  });
});

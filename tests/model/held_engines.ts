/** The engines that hold arrays, for tests. */
import { createEngine } from "../../model/engine/create_engine.ts";
import { createEagerEngine } from "../../model/engine/eager_engine.ts";
import type { Engine, EngineName } from "../../model/engine/engine.ts";
import { isSkipped, testedEngines } from "../tested_engines.ts";

const TESTED = testedEngines(["onnx-ffi", "webgpu", "cpu"]);

function ifTested(name: EngineName, load: () => Promise<Engine>): (() => Promise<Engine>) | null {
  return TESTED.includes(name) ? load : null;
}

/** Loads each engine; null where it cannot run, or TEST_ENGINES names others: not all libraries get on in one process. */
export const HELD_ENGINES: Record<string, (() => Promise<Engine>) | null> = {
  "onnx-ffi": ifTested("onnx-ffi", () => createEngine("onnx-ffi", { nThreads: 1 })),
  "webgpu": TESTED.includes("webgpu") && !await isSkipped("webgpu") ? () => createEngine("webgpu") : null,
  // The cpu engine, which need not hold anything, stands for tensorflow, whose code it is.
  "eager": ifTested("cpu", async () => {
    await createEngine("cpu");
    return createEagerEngine("cpu", "cpu", true);
  }),
  "tensorflow": ifTested("tensorflow", () => createEngine("tensorflow")),
};

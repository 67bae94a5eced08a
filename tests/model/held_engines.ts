/** The engines that hold arrays, for tests. */
import { createEngine } from "../../model/engine/create_engine.ts";
import { createEagerEngine } from "../../model/engine/eager_engine.ts";
import type { Engine } from "../../model/engine/engine.ts";
import { findGpu } from "../../model/engine/gpu.ts";
import { testedEngines } from "../tested_engines.ts";

const isTested = (name: "tensorflow") => testedEngines([]).includes(name);

/** Loads each engine; null where it cannot run, or is not asked for by TEST_ENGINES. */
export const HELD_ENGINES: Record<string, (() => Promise<Engine>) | null> = {
  "onnx-ffi": () => createEngine("onnx-ffi", { nThreads: 1 }),
  "webgpu": await findGpu() && (() => createEngine("webgpu")),
  // The cpu engine, which need not hold anything, stands for tensorflow, whose code it is.
  "eager": async () => {
    await createEngine("cpu");
    return createEagerEngine("cpu", "cpu", true);
  },
  "tensorflow": isTested("tensorflow") ? () => createEngine("tensorflow") : null,
};

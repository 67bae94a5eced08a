/** Engines that hold arrays, by name; null where one cannot run. */
import { createEngine } from "../../model/engine/create_engine.ts";
import { createEagerEngine } from "../../model/engine/eager_engine.ts";
import type { Engine } from "../../model/engine/engine.ts";
import { findGpu } from "../../model/engine/gpu.ts";

/** The cpu engine, which need not hold anything, stands for tensorflow, whose code it is. */
export const HELD_ENGINES: Record<string, (() => Promise<Engine>) | null> = {
  "onnx-ffi": () => createEngine("onnx-ffi", { nThreads: 1 }),
  "webgpu": await findGpu() && (() => createEngine("webgpu")),
  "eager": async () => {
    await createEngine("cpu");
    return createEagerEngine("cpu", "cpu", true);
  },
};

/** The choice of `auto`, on a machine whose WebGPU is made up. */
import { assertEquals } from "@std/assert";
import { chooseEngine } from "../../../model/engine/choose_engine.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { SYSTEMS } from "../../../model/systems/systems.ts";
import { SYSTEM_NAMES } from "../families.ts";
import { tinySystem } from "../tiny.ts";

/** Tells whether a native library with CUDA or TensorFlow's binding is here, which comes before WebGPU. */
const HAS_OTHERS = [".venv", "node_modules/@tensorflow"].some((path) => {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
});

Object.defineProperty(navigator, "gpu", {
  value: {
    requestAdapter: () => Promise.resolve({ info: { description: "NVIDIA H200" }, features: new Set() }),
  },
});

Deno.test({
  name: "chooseEngine() takes a GPU for work whose values stay there, and the processor for other work",
  ignore: HAS_OTHERS,
  async fn() {
    assertEquals(await chooseEngine(), { name: "webgpu", reason: "finds NVIDIA H200" });
    assertEquals((await chooseEngine({ gpu: false })).name, "onnx");
  },
});

Deno.test("systems that say they train on a GPU let an engine hold their parameters, and no others do", async () => {
  const engine = await createEngine("onnx");
  for (const name of SYSTEM_NAMES) {
    const system = tinySystem(engine, name, 3);
    assertEquals(system.holder !== undefined, SYSTEMS[name].can.trainOnGpu, name);
    system.dispose();
  }
});

import { assertEquals } from "@std/assert";
import { type Gpu, gpuOf } from "../../../model/engine/gpu.ts";

const info = { description: "", vendor: "", architecture: "", isFallbackAdapter: false };

Deno.test("gpuOf() takes the name that a GPU has, and knows the drivers that compute on a processor", () => {
  const cases: [given: Partial<typeof info>, gpu: Gpu][] = [
    [{ description: "NVIDIA H200", vendor: "4318" }, { name: "NVIDIA H200", isSoftware: false }],
    [{ vendor: "apple", architecture: "metal-3" }, { name: "apple metal-3", isSoftware: false }],
    [{}, { name: "a GPU", isSoftware: false }],
    [{ description: "unheard of", isFallbackAdapter: true }, { name: "unheard of", isSoftware: true }],
    [{ description: "llvmpipe (LLVM 15.0.6, 256 bits)" }, {
      name: "llvmpipe (LLVM 15.0.6, 256 bits)",
      isSoftware: true,
    }],
    [{ vendor: "google", architecture: "swiftshader" }, { name: "google swiftshader", isSoftware: true }],
    [{ description: "Microsoft Basic Render Driver" }, {
      name: "Microsoft Basic Render Driver",
      isSoftware: true,
    }],
  ];
  for (const [given, gpu] of cases) assertEquals(gpuOf({ ...info, ...given }), gpu);
});

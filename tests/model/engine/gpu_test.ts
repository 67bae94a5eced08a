import { assertEquals } from "@std/assert";
import { type Gpu, gpuOf } from "../../../model/engine/gpu.ts";

const info = { description: "", vendor: "", architecture: "", isFallbackAdapter: false };

Deno.test("gpuOf() takes the name that a GPU has, and knows the drivers that compute on a processor", () => {
  const cases: [given: Partial<typeof info>, gpu: Gpu][] = [
    [{ description: "NVIDIA H200", vendor: "4318" }, {
      name: "NVIDIA H200",
      isSoftware: false,
      hasFloat16: false,
    }],
    [{ vendor: "apple", architecture: "metal-3" }, {
      name: "apple metal-3",
      isSoftware: false,
      hasFloat16: false,
    }],
    [{}, { name: "a GPU", isSoftware: false, hasFloat16: false }],
    [{ description: "unheard of", isFallbackAdapter: true }, {
      name: "unheard of",
      isSoftware: true,
      hasFloat16: false,
    }],
    [{ description: "llvmpipe (LLVM 15.0.6, 256 bits)" }, {
      name: "llvmpipe (LLVM 15.0.6, 256 bits)",
      isSoftware: true,
      hasFloat16: false,
    }],
    [{ vendor: "google", architecture: "swiftshader" }, {
      name: "google swiftshader",
      isSoftware: true,
      hasFloat16: false,
    }],
    [{ description: "Microsoft Basic Render Driver" }, {
      name: "Microsoft Basic Render Driver",
      isSoftware: true,
      hasFloat16: false,
    }],
  ];
  for (const [given, gpu] of cases) assertEquals(gpuOf({ ...info, ...given }, new Set()), gpu);
});

Deno.test("gpuOf() tells whether the GPU computes in float16", () => {
  assertEquals(gpuOf(info, new Set(["shader-f16", "timestamp-query"])).hasFloat16, true);
  assertEquals(gpuOf(info, new Set(["timestamp-query"])).hasFloat16, false);
});

/** The GPU that WebGPU gives to a program. */

/** A GPU, or a processor that stands for one. */
export interface Gpu {
  /** Its name for itself: "NVIDIA H200", "llvmpipe (LLVM 15.0.6, 256 bits)". */
  name: string;
  /** True if a processor computes in place of a GPU. */
  isSoftware: boolean;
  /** True if it computes in float16. */
  hasFloat16: boolean;
}

/** The names of drivers that compute on the processor. */
const SOFTWARE = /llvmpipe|lavapipe|softpipe|swiftshader|software|basic render/i;

let found: Promise<Gpu | null> | undefined;

/** Returns the GPU that WebGPU chooses for heavy work, or null where there is none; it is looked for once. */
export function findGpu(): Promise<Gpu | null> {
  return found ??= requestGpu();
}

async function requestGpu(): Promise<Gpu | null> {
  const adapter = await globalThis.navigator?.gpu?.requestAdapter({ powerPreference: "high-performance" });
  return adapter ? gpuOf(adapter.info, adapter.features) : null;
}

/** Describes a GPU by what its adapter says of itself. */
export function gpuOf(
  info: Pick<GPUAdapterInfo, "description" | "vendor" | "architecture" | "isFallbackAdapter">,
  features: Pick<ReadonlySet<string>, "has">,
): Gpu {
  // Browsers leave the description empty, so that pages cannot tell people apart by it.
  const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(" ") || "a GPU";
  return {
    name,
    isSoftware: info.isFallbackAdapter === true || SOFTWARE.test(name),
    hasFloat16: features.has("shader-f16"),
  };
}

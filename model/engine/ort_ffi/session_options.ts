/** Settings of sessions: threads, and the provider that computes. */
import type { Api } from "./api.ts";
import { type Address, addressOf, nativeText } from "./foreign.ts";
import type { Library, Provider } from "./library.ts";
import { withNvidiaLibraries } from "./nvidia_libraries.ts";

/** The log level: only what ends the program, because errors are thrown. */
export const LOGGED = 4;
/** Optimisations of a graph: all. */
const ALL_OPTIMIZATIONS = 99;
/** Settings of CUDA as texts that stay where they are: products in float32 as everywhere, not in TF32 of fewer bits. */
const CUDA_KEYS = [nativeText("use_tf32")];
const CUDA_VALUES = [nativeText("0")];

/**
 * Makes the settings of sessions.
 *
 * @param nThreads Threads of one operator on the processor; 0 for all cores.
 * @throws If the provider cannot be loaded; the message names the library that is missing.
 */
export async function createSessionOptions(
  library: Library,
  provider: Provider,
  nThreads: number,
): Promise<Address> {
  const { api } = library;
  const options = api.make("CreateSessionOptions");
  api.call("SetSessionLogSeverityLevel", options, LOGGED);
  api.call("SetSessionGraphOptimizationLevel", options, ALL_OPTIMIZATIONS);
  api.call("SetIntraOpNumThreads", options, nThreads);
  // Several sessions are alive at once: threads of one that wait by spinning would take the cores from the next.
  api.call(
    "AddSessionConfigEntry",
    options,
    nativeText("session.intra_op.allow_spinning"),
    nativeText("0"),
  );
  try {
    if (provider === "cuda") await withNvidiaLibraries(library, () => addCuda(api, options));
    return options;
  } catch (error) {
    api.release("ReleaseSessionOptions", options);
    throw error;
  }
}

/** Puts CUDA before the processor. */
function addCuda(api: Api, options: Address): void {
  const settings = api.make("CreateCUDAProviderOptions");
  try {
    const keys = BigUint64Array.from(CUDA_KEYS, addressOf);
    const values = BigUint64Array.from(CUDA_VALUES, addressOf);
    api.call("UpdateCUDAProviderOptions", settings, keys, values, BigInt(keys.length));
    api.call("SessionOptionsAppendExecutionProvider_CUDA_V2", options, settings);
  } finally {
    api.release("ReleaseCUDAProviderOptions", settings);
  }
}

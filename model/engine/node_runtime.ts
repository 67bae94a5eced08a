/** ONNX Runtime's native library, on the processor's cores: for Deno and Node. */
import type * as OnnxRuntime from "npm:onnxruntime-node@1.30.0";
import { feedsOf, tensorOf } from "./ort_session.ts";
import type { Runtime, RuntimeOptions } from "./runtime.ts";

/**
 * A second argument of `import()` that is no literal: bundlers leave such an import as it is, so that a program for
 * browsers holds nothing of a package that cannot run there.
 */
const UNBUNDLED: ImportCallOptions = {};

/** Imports the package, which loads its native library. */
export function importOnnxRuntime(): Promise<typeof OnnxRuntime> {
  return import("npm:onnxruntime-node@1.30.0", UNBUNDLED);
}

/** Loads the runtime of the engine `onnx`. */
export async function loadNodeRuntime({ nThreads = 0, profile }: RuntimeOptions = {}): Promise<Runtime> {
  const ort = await importOnnxRuntime();
  const options = {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    intraOpNumThreads: nThreads,
    // Several sessions are alive at once: threads of one that wait by spinning would take the cores from the
    // next.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
    ...(profile === undefined ? {} : profiledTo(profile)),
  } as const;
  return {
    engine: "onnx",
    // Sums are cut into as many parts as there are threads, so that their number tells in the last bits.
    version: `onnxruntime-node ${ort.env.versions.node} with ${
      nThreads || (globalThis.navigator?.hardwareConcurrency ?? "all")
    } threads`,
    holds: false,
    hasInt8: true,
    async load(model) {
      const session = await ort.InferenceSession.create(model, options);
      return {
        inputNames: session.inputNames,
        async run(inputs, outputs) {
          const fetches = Object.entries(outputs).map(([name, array]) => [name, tensorOf(ort, array)]);
          await session.run(feedsOf(ort, session.inputNames, inputs), Object.fromEntries(fetches));
          return {};
        },
        async release() {
          if (profile !== undefined) session.endProfiling();
          await session.release();
        },
      };
    },
  };
}

/** Returns the options of a session that is profiled (see `RuntimeOptions`). */
function profiledTo(prefix: string) {
  return {
    enableProfiling: true,
    profileFilePrefix: prefix,
    optimizedModelFilePath: `${prefix}.onnx`,
    // Otherwise it warns that the graph is meant for this machine.
    logSeverityLevel: 3,
  } as const;
}

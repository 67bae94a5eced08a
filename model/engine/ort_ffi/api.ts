/**
 * ONNX Runtime's C API: a table of functions that only grows at its end, so that a function is known by its place in
 * it (onnxruntime_c_api.h). Each gives back a status; one that is not zero is an error and becomes an exception.
 */
import {
  type Address,
  addressAt,
  type Arguments,
  functionAt,
  laterFunctionAt,
  type Memory,
  type Parameter,
  textAt,
} from "./foreign.ts";

/** The version of the API that is asked for; libraries that are older give no table. */
const API_VERSION = 23;

/** A function's place in the table, and what it takes. */
interface Member {
  index: number;
  parameters: readonly Parameter[];
}

/** Functions that do something. */
const ACTIONS = {
  Run: { index: 9, parameters: ["usize", "usize", "buffer", "buffer", "usize", "buffer", "usize", "buffer"] },
  SetSessionLogSeverityLevel: { index: 22, parameters: ["usize", "i32"] },
  SetSessionGraphOptimizationLevel: { index: 23, parameters: ["usize", "i32"] },
  SetIntraOpNumThreads: { index: 24, parameters: ["usize", "i32"] },
  AllocatorFree: { index: 76, parameters: ["usize", "usize"] },
  AddSessionConfigEntry: { index: 130, parameters: ["usize", "buffer", "buffer"] },
  SessionOptionsAppendExecutionProvider_CUDA_V2: { index: 204, parameters: ["usize", "usize"] },
  UpdateCUDAProviderOptions: { index: 206, parameters: ["usize", "buffer", "buffer", "usize"] },
} as const satisfies Record<string, Member>;

/** Functions that hand out an address or a size, through a last parameter that is not listed here. */
const MAKERS = {
  CreateEnv: { index: 3, parameters: ["i32", "buffer"] },
  CreateSessionFromArray: { index: 8, parameters: ["usize", "buffer", "usize", "usize"] },
  CreateSessionOptions: { index: 10, parameters: [] },
  SessionGetInputCount: { index: 30, parameters: ["usize"] },
  SessionGetInputName: { index: 36, parameters: ["usize", "usize", "usize"] },
  CreateTensorAsOrtValue: { index: 48, parameters: ["usize", "buffer", "usize", "i32"] },
  CreateTensorWithDataAsOrtValue: {
    index: 49,
    parameters: ["usize", "usize", "usize", "buffer", "usize", "i32"],
  },
  CreateMemoryInfo: { index: 68, parameters: ["buffer", "i32", "i32", "i32"] },
  GetAllocatorWithDefaultOptions: { index: 78, parameters: [] },
  CreateAllocator: { index: 131, parameters: ["usize", "usize"] },
  CreateCUDAProviderOptions: { index: 205, parameters: [] },
} as const satisfies Record<string, Member>;

/** Functions that free what a maker has handed out. */
const RELEASES = {
  ReleaseStatus: 93,
  ReleaseSession: 95,
  ReleaseValue: 96,
  ReleaseSessionOptions: 100,
  ReleaseCUDAProviderOptions: 208,
} as const;

type Actions = typeof ACTIONS;
type Makers = typeof MAKERS;

/** The functions of an opened library. */
export interface Api {
  /** The library's version, such as "1.30.0". */
  readonly version: string;
  /** Calls a function that does something. */
  call<N extends keyof Actions>(name: N, ...values: Arguments<Actions[N]["parameters"]>): void;
  /** Runs a session on a thread of its own; the caller keeps alive what it passes. */
  run(...values: Arguments<Actions["Run"]["parameters"]>): Promise<void>;
  /** Calls a function that hands something out, and returns that. */
  make<N extends keyof Makers>(name: N, ...values: Arguments<Makers[N]["parameters"]>): Address;
  /** Frees what has been handed out. */
  release(name: keyof typeof RELEASES, address: Address): void;
}

/**
 * Makes the functions callable.
 *
 * @param base What the library's `OrtGetApiBase` gives back.
 * @throws If the library is older than the API that is needed.
 */
export function createApi(base: Address): Api {
  const version = textAt(functionAt(addressAt(base + 8n), [], "usize")());
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== 1 || minor < API_VERSION) {
    throw new Error(`ONNX Runtime must be 1.${API_VERSION} or a later 1.x, current value is ${version}`);
  }
  const getApi = functionAt(addressAt(base), ["i32"], "usize");
  const table = getApi(API_VERSION);
  const placeOf = (index: number) => addressAt(table + BigInt(8 * index));
  const callable = (members: Record<string, Member>, more: Parameter[] = []) =>
    new Map(
      Object.entries(members).map(([name, { index, parameters }]) => {
        return [name, functionAt(placeOf(index), [...parameters, ...more], "usize")] as const;
      }),
    );
  const actions = callable(ACTIONS);
  const makers = callable(MAKERS, ["buffer"]);
  const run = laterFunctionAt(placeOf(ACTIONS.Run.index), ACTIONS.Run.parameters, "usize");
  const releases = new Map(
    Object.entries(RELEASES).map(([name, index]) => [name, functionAt(placeOf(index), ["usize"], "void")]),
  );
  const errorMessage = functionAt(placeOf(2), ["usize"], "usize");

  function check(status: Address): void {
    if (status === 0n) return;
    const message = textAt(errorMessage(status));
    releases.get("ReleaseStatus")!(status);
    throw new Error(message);
  }

  return {
    version,
    call(name, ...values) {
      check(actions.get(name)!(...values as (Memory | bigint | number)[]));
    },
    async run(...values) {
      check(await run(...values));
    },
    make(name, ...values) {
      const out = new BigUint64Array(1);
      check(makers.get(name)!(...values as (Memory | bigint | number)[], out));
      return out[0]!;
    },
    release(name, address) {
      releases.get(name)!(address);
    },
  };
}

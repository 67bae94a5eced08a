/** Sessions of ONNX Runtime's C API: a loaded model, and runs of it. */
import { HeldArray, releaseHeld } from "../held_array.ts";
import type { NdArray } from "../nd_array.ts";
import type { Session } from "../runtime.ts";
import type { Api } from "./api.ts";
import { type Address, addressOf, nativeText, textAt } from "./foreign.ts";
import { type AnyArray, emptyValue, valueOver } from "./values.ts";

/** The API, memory and options that sessions are made with. */
export interface Surroundings {
  api: Api;
  /** The environment, of which a process has one. */
  environment: Address;
  /** Settings of all sessions. */
  options: Address;
  /** Describes the processor's memory, in which arrays lie. */
  memory: Address;
  /** Makes values in the memory of what computes, where held arrays lie: of a session that lives as long as they do. */
  allocator: Address;
}

/** Loads a model as ONNX Runtime's session. */
export function loadModel(
  { api, environment, options }: Omit<Surroundings, "allocator">,
  model: Uint8Array<ArrayBuffer>,
): Address {
  return api.make("CreateSessionFromArray", environment, model, BigInt(model.length), options);
}

/** Loads a model whose inputs and outputs may be held by the device. */
export function createSession(surroundings: Surroundings, model: Uint8Array<ArrayBuffer>): Session {
  const { api, memory, allocator } = surroundings;
  const address = loadModel(surroundings, model);
  const inputNames = inputNamesOf(api, address);
  const texts = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Arrays and values of the runs in progress, which ONNX Runtime does not keep alive. */
  const used = new Set<Use[]>();
  const freeValue = (value: Address) => api.release("ReleaseValue", value);

  /** Reserves an array of the device's memory. */
  function reserve(shape: readonly number[]): HeldArray<Address> {
    return new HeldArray(shape, emptyValue(api, allocator, shape, "float32"), freeValue);
  }

  /** Returns where names lie as texts, which they do as long as the session. */
  function places(names: readonly string[]): BigUint64Array<ArrayBuffer> {
    return BigUint64Array.from(names, (name) => {
      const text = texts.get(name) ?? nativeText(name);
      texts.set(name, text);
      return addressOf(text);
    });
  }

  /** Runs the model, on a thread of its own. */
  async function run(read: readonly AnyArray[], outputs: Record<string, NdArray>): Promise<void> {
    const outputNames = Object.keys(outputs);
    const uses: Use[] = [];
    used.add(uses);
    try {
      for (const one of [...read, ...Object.values(outputs)]) uses.push(useOf(api, memory, one));
      const values = BigUint64Array.from(uses, (use) => use.address);
      await api.run(
        address,
        0n,
        places(inputNames),
        values.subarray(0, read.length),
        BigInt(read.length),
        places(outputNames),
        BigInt(outputNames.length),
        values.subarray(read.length),
      );
    } finally {
      for (const use of uses) use.end();
      used.delete(uses);
    }
  }

  return {
    inputNames,
    async run(inputs, outputs, shapes) {
      const read = inputNames.map((name) => inputs[name]!);
      const held: Record<string, HeldArray> = {};
      try {
        for (const [name, shape] of Object.entries(shapes)) held[name] = reserve(shape);
        await run(read, { ...outputs, ...held });
        return held;
      } catch (error) {
        releaseHeld(held);
        throw error;
      }
    },
    release() {
      api.release("ReleaseSession", address);
      return Promise.resolve();
    },
  };
}

/** A value while a run reads or writes it. */
interface Use {
  address: Address;
  /** The array or value that must stay alive during the run. */
  what: AnyArray;
  end(): void;
}

function useOf(api: Api, memory: Address, what: AnyArray): Use {
  if (what instanceof HeldArray) {
    return { address: (what as HeldArray<Address>).native, what, end() {} };
  }
  const address = valueOver(api, memory, what);
  return { address, what, end: () => api.release("ReleaseValue", address) };
}

function inputNamesOf(api: Api, session: Address): string[] {
  const allocator = api.make("GetAllocatorWithDefaultOptions");
  const count = Number(api.make("SessionGetInputCount", session));
  return Array.from({ length: count }, (_, i) => {
    const place = api.make("SessionGetInputName", session, BigInt(i), allocator);
    const name = textAt(place);
    api.call("AllocatorFree", allocator, place);
    return name;
  });
}

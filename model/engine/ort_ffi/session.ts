/** Sessions of ONNX Runtime's C API: a loaded model, and runs of it. */
import type { Session } from "../runtime.ts";
import type { Api } from "./api.ts";
import { type Address, addressOf, nativeText, textAt } from "./foreign.ts";
import { Held } from "./held.ts";
import { type AnyArray, valueOver } from "./values.ts";

/** The API, memory and options that sessions are made with. */
export interface Surroundings {
  api: Api;
  /** The environment, of which a process has one. */
  environment: Address;
  /** Settings of all sessions. */
  options: Address;
  /** Describes the processor's memory, in which arrays lie. */
  memory: Address;
}

/** A loaded model whose inputs and outputs may be held by the device. */
export interface FfiSession extends Session {
  /** The memory in which values of this kind are made. */
  readonly address: Address;
  /**
   * Runs the model, on a thread of its own. Runs may overlap.
   *
   * @param inputs Every input by name: an array, or a held value.
   * @param outputs What the outputs are written into: arrays, or held values that are no inputs of this run.
   */
  run(inputs: Record<string, AnyArray | Held>, outputs: Record<string, AnyArray | Held>): Promise<void>;
}

/** Loads a model. */
export function createSession(surroundings: Surroundings, model: Uint8Array<ArrayBuffer>): FfiSession {
  const { api, environment, options, memory } = surroundings;
  const address = api.make("CreateSessionFromArray", environment, model, BigInt(model.length), options);
  const inputNames = inputNamesOf(api, address);
  const texts = new Map<string, Uint8Array<ArrayBuffer>>();
  /** Arrays and values of the runs in progress, which ONNX Runtime does not keep alive. */
  const used = new Set<Use[]>();

  /** Returns where names lie as texts, which they do as long as the session. */
  function places(names: readonly string[]): BigUint64Array<ArrayBuffer> {
    return BigUint64Array.from(names, (name) => {
      const text = texts.get(name) ?? nativeText(name);
      texts.set(name, text);
      return addressOf(text);
    });
  }

  return {
    address,
    inputNames,
    async run(inputs, outputs) {
      const outputNames = Object.keys(outputs);
      const read = inputNames.map((name) => inputs[name]!);
      const written = Object.values(outputs);
      refuseSame(outputs, read);
      const uses: Use[] = [];
      used.add(uses);
      try {
        for (const one of [...read, ...written]) uses.push(useOf(api, memory, one));
        const values = BigUint64Array.from(uses, (use) => use.address);
        await api.run(
          address,
          0n,
          places(inputNames),
          values.subarray(0, read.length),
          BigInt(read.length),
          places(outputNames),
          BigInt(written.length),
          values.subarray(read.length),
        );
      } finally {
        for (const use of uses) use.end();
        used.delete(uses);
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
  what: AnyArray | Held;
  end(): void;
}

function useOf(api: Api, memory: Address, what: AnyArray | Held): Use {
  if (what instanceof Held) {
    return { address: what.use(), what, end: () => what.endUse() };
  }
  const address = valueOver(api, memory, what);
  return { address, what, end: () => api.release("ReleaseValue", address) };
}

/** Refuses to write a value while the graph may still read it. */
function refuseSame(outputs: Record<string, AnyArray | Held>, read: readonly (AnyArray | Held)[]): void {
  for (const [name, one] of Object.entries(outputs)) {
    if (one instanceof Held && read.includes(one)) {
      throw new Error(`Cannot write the output "${name}" into a held value: the same run reads it`);
    }
  }
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

/** Puts arrays into the device's memory, reads them back, copies them there. */
import { createGraph } from "../onnx_graph.ts";
import { Held } from "./held.ts";
import type { Provider } from "./library.ts";
import { createSession, type FfiSession, type Surroundings } from "./session.ts";
import { type AnyArray, type ElementType, emptyValue, memoryOf, typeOf } from "./values.ts";

/** Makes and reads held values. Each is freed by its `release()`. */
export interface Holder {
  /** Copies an array, float32 or int32, into the device's memory. */
  hold(array: AnyArray): Promise<Held>;
  /** Copies a held value into a new array. */
  read(held: Held): Promise<AnyArray>;
  /** Copies a held value on the device. */
  snapshot(held: Held): Promise<Held>;
}

/**
 * Creates the holder of a provider. Copies are runs of a graph that hands out its input, which all providers can.
 *
 * @throws If the provider cannot compute on this machine.
 */
export function createHolder(surroundings: Surroundings, provider: Provider): Holder {
  const { api } = surroundings;
  const copiers = new Map<string, FfiSession>();

  function copierOf(dtype: ElementType, rank: number): FfiSession {
    const key = `${dtype} ${rank}`;
    const copier = copiers.get(key) ?? createSession(surroundings, copyGraph(dtype, rank));
    copiers.set(key, copier);
    return copier;
  }

  const allocator = api.make("CreateAllocator", copierOf("float32", 1).address, memoryOf(api, provider));

  /** Reserves memory of the device. */
  function reserve(shape: readonly number[], dtype: ElementType): Held {
    const free = (address: bigint) => api.release("ReleaseValue", address);
    return new Held(shape, dtype, emptyValue(api, allocator, shape, dtype), free);
  }

  async function copy(from: AnyArray | Held, to: AnyArray | Held, dtype: ElementType): Promise<void> {
    await copierOf(dtype, from.shape.length).run({ from }, { to });
  }

  async function copyToDevice(from: AnyArray | Held, dtype: ElementType): Promise<Held> {
    const held = reserve([...from.shape], dtype);
    try {
      await copy(from, held, dtype);
      return held;
    } catch (error) {
      held.release();
      throw error;
    }
  }

  return {
    hold: (array) => copyToDevice(array, typeOf(array)),
    async read(held) {
      const array = emptyArray(held);
      await copy(held, array, held.dtype);
      return array;
    },
    snapshot: (held) => copyToDevice(held, held.dtype),
  };
}

function emptyArray({ shape, dtype }: Held): AnyArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return dtype === "int32"
    ? { shape: [...shape], data: new Int32Array(size) }
    : { shape: [...shape], data: new Float32Array(size) };
}

/** Makes a graph that hands out its input, of any size along each of its axes. */
function copyGraph(dtype: ElementType, rank: number): Uint8Array<ArrayBuffer> {
  const graph = createGraph("copy");
  const dims = Array.from({ length: rank }, (_, axis) => `axis ${axis}`);
  graph.output("to", graph.input("from", dims, dims.map(() => 1), dtype));
  return Uint8Array.from(graph.toBytes());
}

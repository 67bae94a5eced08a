/** The memory of an engine, by the engine's own functions: what it computes can be held, and copied out again. */
import type { Compiled, Engine, EngineMemory } from "./engine.ts";
import { HeldArray } from "./held_array.ts";
import type { NdArray } from "./nd_array.ts";
import { tf } from "./tf.ts";

/** Creates the memory of an engine from its `compile`: copies are runs of a function that hands out its input. */
export function createMemory(compile: Engine["compile"]): EngineMemory {
  const into = copiers(compile, true);
  const out = copiers(compile, false);
  const copyInto = async (array: NdArray) => {
    // A backend of TensorFlow.js may take a plain array as it is, which its owner goes on changing.
    const own = array instanceof HeldArray ? array : { shape: array.shape, data: array.data.slice() };
    return await into(own) as HeldArray;
  };
  return { hold: copyInto, read: out, snapshot: copyInto };
}

/** Makes the function that copies arrays of all shapes, into the engine's memory or out of it. */
function copiers(compile: Engine["compile"], isHeld: boolean): (array: NdArray) => Promise<NdArray> {
  const byRank = new Map<number, Compiled<"copy">>();
  return async (array) => {
    const rank = array.shape.length;
    const axes = { array: array.shape.map((_, axis) => `axis ${axis}`) };
    const copier = byRank.get(rank) ??
      compile(`copy of ${rank} axes`, ({ array }) => ({ copy: tf.clone(array!) }), axes, {
        held: isHeld ? ["copy"] : [],
      });
    byRank.set(rank, copier);
    return (await copier.run({ array })).copy;
  };
}

/** Choosing the place where the parameters of a training are kept. */
import type { Engine } from "../engine/engine.ts";
import type { Parameters } from "../weights/parameters.ts";
import { heldStore } from "./held/held_store.ts";
import type { ParameterStore } from "./parameter_store.ts";
import { PLAIN_STORE } from "./plain_store.ts";

/** A network whose parameters are trained. */
interface Trained {
  readonly parameters: Parameters;
  readonly holder?: Engine | undefined;
  inTurn?<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Does something with the parameters of a network in the place where they are trained best: with the engine, if it
 * holds arrays and the network can compute with them. Afterwards they are plain arrays again.
 */
export async function withParameterStore<T>(
  { parameters, holder, inTurn = (work) => work() }: Trained,
  work: (store: ParameterStore) => Promise<T>,
): Promise<T> {
  const store = holder?.memory ? await heldStore(holder, parameters, inTurn) : PLAIN_STORE;
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

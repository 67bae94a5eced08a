/** Values that are made only once for each key. */
import { canonicalJson } from "./hash.ts";

/** Returns the value made for an equal key, or makes it. */
export type KeepOnce = <T>(key: unknown, make: () => Promise<T>) => Promise<T>;

/** Creates a function that keeps values by key. A key is plain data, and all values of one key have one type. */
export function keepOnce(): KeepOnce {
  const kept = new Map<string, Promise<unknown>>();
  return <T>(key: unknown, make: () => Promise<T>) => {
    const name = canonicalJson(key);
    if (!kept.has(name)) kept.set(name, make());
    return kept.get(name) as Promise<T>;
  };
}

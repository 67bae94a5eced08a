/** Overlapping calls, made safe for whatever keeps something from one call to the next. */

import { HeldArray } from "../engine/held_array.ts";

/** Something with asynchronous methods that holds an engine's memory. */
interface Disposable {
  dispose(): void;
}

/** Something whose calls wait for each other. */
export interface InTurn {
  /** Does other work in turn: when the calls made before have ended, and before those made after begin. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
}

/** Names of the methods of T that return promises. */
type AsyncMethod<T> = {
  [N in keyof T]-?: NonNullable<T[N]> extends (...args: never[]) => Promise<unknown> ? N : never;
}[keyof T];

/**
 * Runs some methods of an object one after another, in the order in which they are called, so that calls that overlap
 * give what they give alone although the object uses the same arrays again in each.
 *
 * A call that comes while another runs waits for it. Arrays in the result of a call that others wait for are copied, as
 * the next call would overwrite them; and its caller goes on before the next call begins, so that what it does at once
 * with the result, such as an optimiser's step, is never in the middle of another call. Calls that do not overlap cost
 * nothing: they return the object's own arrays.
 *
 * `dispose` waits for the calls that were made before it; those made after it are refused.
 *
 * @param owner The object; its methods must not call each other through what is returned.
 * @param names The methods. One that the object lacks is passed over.
 * @returns The object with those methods and `dispose` replaced, and `inTurn`.
 */
export function oneAtATime<T extends Disposable>(owner: T, names: readonly AsyncMethod<T>[]): T & InTurn {
  /** Settles when the latest call has ended. */
  let latest: Promise<void> = Promise.resolve();
  let nCalls = 0;
  let isDisposed = false;

  async function inTurn<R>(name: string, work: () => Promise<R>): Promise<R> {
    if (isDisposed) throw new Error(`Cannot call ${name}(): it has been disposed`);
    const before = latest;
    const isFirst = nCalls === 0;
    let end = () => {};
    latest = new Promise((resolve) => end = resolve);
    nCalls++;
    try {
      if (!isFirst) await before;
      const result = await work();
      return nCalls > 1 ? copyOf(result) as R : result;
    } finally {
      nCalls--;
      if (nCalls > 0) setTimeout(end);
      else end();
      if (nCalls === 0 && isDisposed) owner.dispose();
    }
  }

  const replaced: Record<string, unknown> = {};
  for (const name of names) {
    const method = owner[name] as ((...args: unknown[]) => Promise<unknown>) | undefined;
    if (method) {
      replaced[name as string] = (...args: unknown[]) => inTurn(String(name), () => method(...args));
    }
  }
  const dispose = () => {
    if (isDisposed) return;
    isDisposed = true;
    if (nCalls === 0) owner.dispose();
  };
  return { ...owner, ...replaced, inTurn: (work) => inTurn("inTurn", work), dispose };
}

/** Returns a value with copies of the arrays in it, however deep in lists and plain objects; held ones are shared. */
function copyOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Float32Array).slice();
  if (value instanceof HeldArray) return value.share();
  if (Array.isArray(value)) return value.map(copyOf);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copyOf(part)]));
}

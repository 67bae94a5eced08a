/** Timers that do not wait: what would take minutes is over at once, and how long it would have taken is known. */

/** Lets every `setTimeout` end at once, until it is disposed of; `delays` are the milliseconds that they were to take. */
export function hastyTimers(): Disposable & { delays: number[] } {
  const { setTimeout } = globalThis;
  const delays: number[] = [];
  const hasty = (end: () => void, milliseconds = 0) => {
    delays.push(milliseconds);
    return setTimeout(end, 0);
  };
  Object.assign(globalThis, { setTimeout: hasty });
  return { delays, [Symbol.dispose]: () => void Object.assign(globalThis, { setTimeout }) };
}

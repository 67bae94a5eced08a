/** Ctrl-C as a signal that long work watches. */

/** A signal that is aborted by the first Ctrl-C; a second one ends the process as usual. */
export interface Interrupt extends Disposable {
  signal: AbortSignal;
}

/** Starts to listen for Ctrl-C. */
export function interruptSignal(): Interrupt {
  const controller = new AbortController();
  const listener = () => {
    Deno.removeSignalListener("SIGINT", listener);
    controller.abort();
    console.error("\nStopping after this batch; press Ctrl-C again to stop at once.");
  };
  Deno.addSignalListener("SIGINT", listener);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", listener),
  };
}

/**
 * Requests to stop, by Ctrl-C or by SIGTERM (which a cluster sends before it kills), as an abort signal for long work.
 */

/** The reason of the signal; work that stops rejects with it. */
export class Interrupted extends Error {
  override name = "Interrupted";

  /** @param exitCode By convention 128 plus the number of the system's signal. */
  constructor(readonly exitCode = 130) {
    super("stopped; what was finished is stored, and the same command goes on from there");
  }
}

/** A signal that is aborted by the first Ctrl-C or SIGTERM; another Ctrl-C ends the process at once. */
export interface Interrupt extends Disposable {
  signal: AbortSignal;
}

/** The system's signals that stop work, with the exit code of each. */
const STOPPING: [Deno.Signal, number][] = Deno.build.os === "windows"
  ? [["SIGINT", 130]]
  : [["SIGINT", 130], ["SIGTERM", 143]];
/**
 * The milliseconds within which a second signal counts as the first one: the parent process may pass its own on, too.
 */
const ECHO = 500;

/**
 * Starts to listen for Ctrl-C and SIGTERM.
 *
 * @param say Prints the line that says that the work is going to stop.
 */
export function interruptSignal(say: (line: string) => void = console.error): Interrupt {
  const controller = new AbortController();
  let first = Infinity;
  const listeners = STOPPING.map(([name, exitCode]) => {
    const listener = () => {
      if (!controller.signal.aborted) {
        first = performance.now();
        controller.abort(new Interrupted(exitCode));
        say("Stopping after this batch; press Ctrl-C again to stop at once.");
      } else if (name === "SIGINT" && performance.now() - first > ECHO) Deno.exit(exitCode);
    };
    Deno.addSignalListener(name, listener);
    return [name, listener] as const;
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () =>
      listeners.forEach(([name, listener]) => Deno.removeSignalListener(name, listener)),
  };
}

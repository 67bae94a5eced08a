/** Functions over all parameters, which are compiled for the names that they are called with. */
import type { Compiled } from "../../engine/engine.ts";

/** Compiles a function for some names once, and keeps it. */
export interface ByNames<Output extends string> {
  of(names: readonly string[]): Compiled<Output>;
  dispose(): void;
}

/** Keeps what has been compiled for each list of names. */
export function byNames<Output extends string>(
  compile: (names: readonly string[]) => Compiled<Output>,
): ByNames<Output> {
  const known = new Map<string, Compiled<Output>>();
  return {
    of(names) {
      const key = names.join("\n");
      const compiled = known.get(key) ?? compile(names);
      known.set(key, compiled);
      return compiled;
    },
    dispose() {
      for (const compiled of known.values()) compiled.dispose();
    },
  };
}

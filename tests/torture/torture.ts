/** Many seeded tries at breaking a promise of the toolkit. */
import { createRandom, type Random } from "../../data/random.ts";
import type { Progress } from "../../model/training/progress.ts";
import { withFolder } from "../temporary_folder.ts";

/** One kind of hostility, and how often it is tried. */
export interface Torture {
  /** For `--only`: "safetensors". */
  name: string;
  /** What a try is: "mutated safetensors files". */
  what: string;
  /** How many tries a test makes, and how many `deno task torture`. */
  tries: { test: number; torture: number };
  /** Gets ready in an empty folder, which is gone afterwards. */
  begin(folder: string): Attempt | Promise<Attempt>;
}

/** One try: throws if the promise is broken, else says what came out, in words that are counted: "refused". */
export type Attempt = (random: Random) => Outcome | Promise<Outcome>;

/** One or several things that came out of a try. */
export type Outcome = string | readonly string[];

/** How often which outcome came out. */
export type Outcomes = Record<string, number>;

/**
 * Makes the tries of a torture, each with a generator of its own, so that any of them can be repeated alone.
 *
 * @param torture What is tried.
 * @param options `from` is the number of the first try.
 * @returns How often each outcome came out.
 * @throws Error naming the seed and the number of the first try that broke the promise.
 */
export async function runTorture(
  torture: Torture,
  options: { seed: number; tries: number; from?: number; onProgress?: Progress },
): Promise<Outcomes> {
  const { seed, tries, from = 0, onProgress } = options;
  const random = createRandom(seed).fork(torture.name);
  const outcomes: Outcomes = {};
  await withFolder(async (folder) => {
    const attempt = await torture.begin(folder);
    for (let i = 0; i < tries; i++) {
      let outcome: Outcome;
      try {
        outcome = await attempt(random.fork(String(from + i)));
      } catch (error) {
        const again = `--only ${torture.name} --seed ${seed} --from ${from + i} --tries 1`;
        throw new Error(`try ${from + i} of ${torture.what} (${again}): ${(error as Error).message}`, {
          cause: error,
        });
      }
      for (const one of [outcome].flat()) outcomes[one] = (outcomes[one] ?? 0) + 1;
      onProgress?.({ stage: torture.what, done: i + 1, total: tries });
    }
  });
  return outcomes;
}

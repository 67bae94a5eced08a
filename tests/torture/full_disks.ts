/** A disk that is full, read-only or locked for a while: a clear error or none, nothing half, and no state lost. */
import { join } from "node:path";
import { systemError, watchFiles } from "../file_operations.ts";
import { checkMiniature, runMiniature, writeMiniature } from "../tasks/miniature_run.ts";
import type { Torture } from "./torture.ts";

/** What the system says, and how the toolkit words it. */
const FAILURES: [make: () => Error, reason: string][] = [
  [() => systemError("ENOSPC"), "there must be space left on the disk, there is none"],
  [() => systemError("EROFS"), "the file system must be writable, it is read-only"],
  [() => systemError("EIO"), "it could not be written, EIO"],
  [() => new Deno.errors.PermissionDenied("no"), "it must be writable, permission denied by the system"],
];

/** Failures of any operation that writes, one or many in a row, while a training runs. */
export const FULL_DISKS: Torture = {
  name: "full-disks",
  what: "trainings whose disk fails for a while",
  tries: { test: 3, torture: 300 },
  async begin(folder) {
    const config = await writeMiniature(folder);
    const first = { config, store: join(folder, "first") };
    let operations = 0;
    const undisturbed = await (async () => {
      using _ = watchFiles(() => void operations++);
      return await runMiniature(first);
    })();

    return async (random) => {
      const run = { config, store: await Deno.makeTempDir({ dir: folder }) };
      const [make, reason] = FAILURES[random.integer(FAILURES.length)]!;
      const from = random.integer(operations);
      const to = from + 1 + random.integer(random.integer(2) ? 5 : operations);
      let count = 0;
      let outcome = "went on, and told of it";
      const said: string[] = [];
      try {
        using _ = watchFiles(({ name }) => {
          // What is removed takes no space.
          if (name !== "remove" && count >= from && count < to) {
            count++;
            throw make();
          }
          count++;
        });
        await runMiniature(run, ({ message }) => message && said.push(message));
        if (!said.some((message) => message.includes(reason))) outcome = "went on, as nothing was lost";
      } catch (error) {
        const { message } = error as Error;
        if (!message.startsWith("Cannot ") || !message.includes(reason)) throw error;
        outcome = "stopped with an error";
      }
      const ended = await runMiniature(run);
      if (JSON.stringify(ended) !== JSON.stringify(undisturbed)) throw new Error("the run ended otherwise");
      await checkMiniature(run);
      await Deno.remove(run.store, { recursive: true });
      return outcome;
    };
  },
};

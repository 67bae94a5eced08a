import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { writeFiles } from "../../../tasks/stages/stage_context.ts";
import { systemError, watchFiles } from "../../file_operations.ts";
import { withFolder } from "../../temporary_folder.ts";

/** Writes a file onto a disk that is full for a number of tries; the pauses in seconds, and what was said. */
function writeOnto(folder: string, nFull: number, pause?: () => Promise<void>) {
  const pauses: number[] = [];
  const said: string[] = [];
  const stop = new AbortController();
  let nTries = 0;
  const watched = watchFiles(({ name, path }) => {
    if (name === "open" && path === join(folder, "a.txt") && nTries++ < nFull) throw systemError("ENOSPC");
  });
  const context = {
    label: "ai",
    report: ({ message }: { message?: string }) => void said.push(message!),
    signal: stop.signal,
    pause: (seconds: number) => {
      pauses.push(seconds);
      return pause?.() ?? Promise.resolve();
    },
  };
  const written = writeFiles(context, folder, { "a.txt": "text" }).finally(() => watched[Symbol.dispose]());
  return { written, pauses, said };
}

Deno.test("writeFiles() waits five minutes for space, half a minute a try, and writes as soon as there is some", () =>
  withFolder(async (folder) => {
    for (const nFull of [1, 10]) {
      const { written, pauses, said } = writeOnto(folder, nFull);
      await written;
      assertEquals(pauses, Array(nFull).fill(30));
      assertEquals(
        said.at(-1)!.endsWith(`; tried again in 30 s, ${11 - nFull} times more`),
        true,
        said.at(-1),
      );
      assertEquals(await Deno.readTextFile(join(folder, "a.txt")), "text");
      await Deno.remove(join(folder, "a.txt"));
    }
  }));

Deno.test("writeFiles() gives up after five minutes, and says why", () =>
  withFolder(async (folder) => {
    const { written, pauses } = writeOnto(folder, Infinity);
    await assertRejects(() => written, Error, "there must be space left on the disk, there is none");
    assertEquals(pauses.reduce((sum, seconds) => sum + seconds, 0), 300);
  }));

Deno.test("writeFiles() stops waiting when it is told to", () =>
  withFolder(async (folder) => {
    const reason = new Error("stopped by the test");
    const { written } = writeOnto(folder, Infinity, () => Promise.reject(reason));
    assertEquals(await assertRejects(() => written, Error), reason);
  }));

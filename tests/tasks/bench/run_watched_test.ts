import { assert, assertEquals, assertRejects } from "@std/assert";
import { runWatched } from "../../../tasks/bench/run_watched.ts";

const evaluate = (code: string) => runWatched(Deno.execPath(), ["eval", code]);
const SOON = "await new Promise((go) => setTimeout(go, 1500)); console.log('done');";

Deno.test("runWatched() gives what a program printed, and on Linux its peak memory", async () => {
  const { text, peakMegabytes } = await evaluate(`new Uint8Array(2 ** 28).fill(1); ${SOON}`);
  assertEquals(text, "done\n");
  if (Deno.build.os === "linux") assert(peakMegabytes! > 256 && peakMegabytes! < 1024, `${peakMegabytes}`);
  else assertEquals(peakMegabytes, null);
});

Deno.test("runWatched() goes on where there is no program that reads the memory", async () => {
  const before = Deno.env.get("PATH")!;
  Deno.env.set("PATH", "");
  try {
    assertEquals(await evaluate(SOON), { text: "done\n", peakMegabytes: null });
  } finally {
    Deno.env.set("PATH", before);
  }
});

Deno.test("runWatched() names a program that fails, or is not there, and says why", async () => {
  await assertRejects(() => evaluate("throw new Error('no torch')"), Error, "no torch");
  await assertRejects(() => runWatched("no-such-python", []), Error, 'Cannot time "no-such-python": ');
});

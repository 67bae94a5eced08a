import { assertEquals } from "@std/assert";

const MODULE = new URL("../../tasks/interrupt.ts", import.meta.url).href;

/** Sends signals, with pauses in milliseconds between them, to a process whose work stops a second after the first. */
async function stoppedBy(...sent: (Deno.Signal | number)[]): Promise<{ code: number; said: string }> {
  const script = `
    import { interruptSignal } from ${JSON.stringify(MODULE)};
    using interrupt = interruptSignal();
    const work = setInterval(() => {}, 1000);
    interrupt.signal.addEventListener("abort", () =>
      setTimeout(() => {
        clearInterval(work);
        console.log("saved");
        Deno.exitCode = interrupt.signal.reason.exitCode;
      }, 1000));
    console.log("working");`;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-config",
      "--no-lock",
      `data:text/javascript,${encodeURIComponent(script)}`,
    ],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "", isSent = false;
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += chunk;
    if (isSent || !said.includes("working")) continue;
    isSent = true;
    for (const one of sent) {
      if (typeof one === "number") await new Promise((resolve) => setTimeout(resolve, one));
      else child.kill(one);
    }
  }
  return { code: (await child.status).code, said };
}

Deno.test("a process that is told to stop may finish what it is at, and says by its exit code what stopped it", async () => {
  assertEquals(await stoppedBy("SIGTERM"), { code: 143, said: "working\nsaved\n" });
  assertEquals(await stoppedBy("SIGINT"), { code: 130, said: "working\nsaved\n" });
});

Deno.test("a signal that comes twice, as it is passed on, and more of SIGTERM, do not cut the saving short", async () => {
  assertEquals(await stoppedBy("SIGINT", "SIGINT"), { code: 130, said: "working\nsaved\n" });
  assertEquals(await stoppedBy("SIGTERM", 700, "SIGTERM"), { code: 143, said: "working\nsaved\n" });
});

Deno.test("a second Ctrl-C ends the process at once", async () => {
  assertEquals(await stoppedBy("SIGINT", 600, "SIGINT"), { code: 130, said: "working\n" });
});

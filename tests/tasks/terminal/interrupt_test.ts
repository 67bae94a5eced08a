import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { withFolder } from "../../temporary_folder.ts";

/** Work that stops a second after it is told to. */
const WORK = `
  import { interruptSignal } from ${
  JSON.stringify(new URL("../../../tasks/terminal/interrupt.ts", import.meta.url).href)
};
  using interrupt = interruptSignal();
  const work = setInterval(() => {}, 1000);
  await new Promise((resolve) => {
    console.log("working");
    interrupt.signal.addEventListener("abort", () => setTimeout(resolve, 1000));
  });
  clearInterval(work);
  console.log("saved");
  Deno.exitCode = interrupt.signal.reason.exitCode;
`;

/** Starts the work and sends it signals, with pauses in milliseconds between them. */
async function stoppedBy(...sent: (Deno.Signal | number)[]): Promise<{ code: number; said: string }> {
  let said = "";
  let code = -1;
  await withFolder(async (folder) => {
    const path = join(folder, "work.ts");
    await Deno.writeTextFile(path, WORK);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-config", "--no-lock", path],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
      said += chunk;
      if (chunk !== "working\n") continue;
      for (const one of sent) {
        if (typeof one === "number") await new Promise((resolve) => setTimeout(resolve, one));
        else child.kill(one);
      }
    }
    code = (await child.status).code;
  });
  return { code, said };
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

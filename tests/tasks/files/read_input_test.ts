import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { COLUMN_LIMITS, readInput, TEXT_LIMITS } from "../../../tasks/files/read_input.ts";
import { withFolder } from "../../temporary_folder.ts";

const PEAK_MEMORY = fileURLToPath(new URL("../peak_memory.ts", import.meta.url));

/** Runs `deno task evaluate` on a file, or on an endless standard input, in a process with a small heap. */
async function evaluateWithin(path: string, endless?: Uint8Array<ArrayBuffer>) {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-all", "--v8-flags=--max-old-space-size=256", PEAK_MEMORY, path],
    stdin: endless ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // It ends when the other side has closed its end.
  const fed = endless && new ReadableStream({ pull: (controller) => controller.enqueue(endless) })
    .pipeTo(child.stdin).catch(() => {});
  const [{ success, stdout, stderr }] = await Promise.all([child.output(), fed]);
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)) as { code: number; errors: string; peakMiB: number };
}

/** What Deno itself takes, and as much again. */
const MOST_MIB = 320;

const HOSTILE: [string, (path: string) => Promise<void>, string][] = [
  [
    "a line of 1 GB",
    async (path) => {
      await Deno.writeTextFile(path, "EU O O\nrejects ");
      await Deno.truncate(path, 2 ** 30);
    },
    "columns.txt:2: a line must have at most 300000 bytes",
  ],
  [
    "a sentence of a million words",
    (path) => Deno.writeTextFile(path, "EU O O\n\n" + "a B-x I-x\n".repeat(1_000_000)),
    "columns.txt:100003: a sentence must have at most 100000 words",
  ],
  [
    "more than is read of a file",
    (path) => Deno.writeTextFile(path, "EU O O\n\n".repeat(2 ** 23 + 1)),
    'columns.txt": it must have at most 67108864 bytes',
  ],
];

for (const [what, write, message] of HOSTILE) {
  Deno.test({
    name: `evaluate refuses ${what} in bounded memory, naming file and line`,
    ignore: Deno.build.os !== "linux",
    fn: () =>
      withFolder(async (folder) => {
        const path = join(folder, "columns.txt");
        await write(path);
        const { code, errors, peakMiB } = await evaluateWithin(path);
        assertEquals(code, 1);
        assertStringIncludes(errors, message);
        assert(peakMiB < MOST_MIB, `${peakMiB} MiB`);
      }),
  });
}

Deno.test({
  name: "evaluate refuses an endless line of standard input in bounded memory",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const { code, errors, peakMiB } = await evaluateWithin("-", new TextEncoder().encode("a".repeat(65_536)));
    assertEquals(code, 1);
    assertStringIncludes(errors, "standard input:1: a line must have at most 300000 bytes");
    assert(peakMiB < MOST_MIB, `${peakMiB} MiB`);
  },
});

Deno.test("readInput() reads a file that is just within its limits, whatever the chunks are", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "a.txt");
    const line = "x".repeat(99_999) + "\n";
    const text = line.repeat(3) + "end";
    await Deno.writeTextFile(path, text);
    const limits = { maxBytes: text.length, maxLineBytes: 99_999 };
    assertEquals(new TextDecoder().decode(await readInput(path, "the text", limits)), text);
    await assertRejects(
      () => readInput(path, "the text", { ...limits, maxBytes: text.length - 1 }),
      Error,
      `Cannot read "${path}": it must have at most ${text.length - 1} bytes`,
    );
    await Deno.writeTextFile(path, line.repeat(2) + "x" + line);
    await assertRejects(
      () => readInput(path, "the text", { maxLineBytes: 99_999 }),
      Error,
      `Cannot read "${path}" at ${path}:3: a line must have at most 99999 bytes`,
    );
    await Deno.writeTextFile(path, "");
    assertEquals((await readInput(path, "the text", limits)).length, 0);
  });
});

Deno.test("readInput() says why a file cannot be read", async () => {
  await withFolder(async (folder) => {
    const missing = join(folder, "nowhere");
    const message = `Cannot read "${missing}": the text must exist, no such file or folder`;
    await assertRejects(() => readInput(missing, "the text"), Error, message);
    const name = "notes that are nowhere.txt";
    await assertRejects(
      () => readInput(name, "the text"),
      Error,
      `Cannot read "${name}": the text must exist, no such file or folder in ${Deno.cwd()}, where relative paths start`,
    );
    await assertRejects(() => readInput(folder, "the text"), Error, `"${folder}": the text must be a file`);
  });
});

Deno.test("readInput() reads 64 MiB of columns or text and no byte more", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.txt");
    const MiB = 2 ** 20;
    await Deno.writeTextFile(path, "a\n");
    for (const { maxBytes } of [COLUMN_LIMITS, TEXT_LIMITS]) {
      const limits = { maxBytes };
      await Deno.truncate(path, 64 * MiB + 1);
      const rule = "it must have at most 67108864 bytes";
      await assertRejects(() => readInput(path, "the text", limits), Error, rule);
      await Deno.truncate(path, 64 * MiB);
      assertEquals((await readInput(path, "the text", limits)).length, 64 * MiB);
    }
  }));

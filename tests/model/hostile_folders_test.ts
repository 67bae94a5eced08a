import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { SYSTEM_NAMES } from "./families.ts";

/** A child that says nothing for so long hangs. */
const WATCHDOG_MS = 300_000;

Deno.test("loadModelFolder() refuses every number of tagger.json that is not right, for all systems, in little memory", async () => {
  const script = fileURLToPath(new URL("./hostile_numbers.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    // A list of a million names does not fit; arrays are counted by the script.
    args: ["run", "--quiet", "--v8-flags=--max-old-space-size=300", "-A", script],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const watchdog = setTimeout(() => child.kill("SIGKILL"), WATCHDOG_MS);
  const { success, stdout } = await child.output();
  clearTimeout(watchdog);
  const tries = new TextDecoder().decode(stdout).trim().split("\n");
  assert(success, `the last try: ${tries.at(-1)}`);
  const outcomes = Object.groupBy(tries, (line) => line.split("\t")[1]!);
  assertEquals(outcomes.WRONG ?? [], []);
  const systemsOf = (lines: string[] = []) => [...new Set(lines.map((line) => line.split(" ")[0]))];
  assertEquals(systemsOf(outcomes.refused), SYSTEM_NAMES);
  // Of the systems that read tags, whose numbers the weights all fix, no other number is right.
  assertEquals(systemsOf(outcomes.right), SYSTEM_NAMES.filter((name) => !name.startsWith("laner")));
});

import { assert, assertEquals } from "@std/assert";
import { cpus } from "node:os";
import { join } from "node:path";
import { instructionSets } from "../../../tasks/stages/instruction_sets.ts";
import { withFolder } from "../../temporary_folder.ts";

/** The names of `flags` in /proc/cpuinfo that `instructionSets` looks for; null where there is no such line. */
async function flagsOfKernel(): Promise<string[] | null> {
  // Deno reads this file for nobody without all permissions, and starts programs for these tests.
  const { stdout } = await new Deno.Command("cat", { args: ["/proc/cpuinfo"] }).output();
  const line = new TextDecoder().decode(stdout).match(/^(?:flags|Features)\s*:(.*)$/m);
  const known =
    /^(sse4_1|avx|f16c|fma|avx2|avx512(f|dq|bw|vl|_vnni|_bf16)|amx_(bf16|tile|int8)|avx_vnni|asimd(hp|dp)?|sve2?|i8mm|bf16)$/;
  return line && line[1]!.trim().split(/\s+/).filter((name) => known.test(name));
}

Deno.test({
  name: "instructionSets() names what the kernel names",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const flags = await flagsOfKernel();
    const found = instructionSets();
    assert(flags !== null && flags.length > 0);
    assertEquals(found.split(" ").sort(), flags.sort());
  },
});

Deno.test("instructionSets() says that they are unknown where it may not ask", () =>
  withFolder(async (folder) => {
    const url = new URL("../../../tasks/stages/instruction_sets.ts", import.meta.url).href;
    const script = join(folder, "ask.ts");
    await Deno.writeTextFile(
      script,
      `import { instructionSets } from "${url}";\nconsole.log(instructionSets());\n`,
    );
    const ask = async (...flags: string[]) => {
      const args = ["run", "--quiet", "--no-config", ...flags, script];
      const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
      return new TextDecoder().decode(stdout).trim();
    };
    assertEquals(await ask(), "unknown, of an unknown processor");
    assertEquals(await ask("--allow-sys=cpus"), `unknown, of ${cpus()[0]!.model}`);
    assertEquals(await ask("--allow-sys=cpus", "--allow-ffi"), instructionSets());
  }));

/** Every task is granted what the README says, and works with exactly that. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import deno from "../deno.json" with { type: "json" };
import { ROOT } from "./source_text.ts";
import { MINIATURE } from "./tasks/miniature.ts";
import { withFolder } from "./temporary_folder.ts";

const KINDS = ["read", "write", "env", "net", "ffi", "sys", "run"];
const commands: Record<string, string> = Object.fromEntries(
  Object.entries(deno.tasks).map(([name, { command }]) => [name, command]),
);

/** The flags of a task's first command that is deno's own. */
function flagsOf(command: string): string[] {
  return command.split(" ").filter((word) => /^--(allow|ignore|v8)/.test(word));
}

/** What flags grant, as the README's table says it. */
function grantsOf(flags: readonly string[]): string[] {
  return KINDS.map((kind) => {
    const flag = flags.find((one) => one.split("=")[0] === `--allow-${kind}`);
    return flag === undefined ? "" : flag.split("=")[1]?.replaceAll(",", ", ") ?? "all";
  });
}

Deno.test("the README's table of permissions is that of deno.json", async () => {
  const text = await Deno.readTextFile(join(ROOT, "README.md"));
  const rows = text.split("## Permissions")[1].split("\n## ")[0].split("\n").filter((line) =>
    /^\| [a-z]/.test(line)
  );
  const cells = rows.slice(1).map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
  const listed = new Set<string>();
  for (const [names, ...grants] of cells) {
    for (const name of names.split(", ")) {
      listed.add(name);
      assertEquals(grants, grantsOf(flagsOf(commands[name])), name);
    }
  }
  // A shell script, and what runs the others.
  const others = ["ok", "test:tensorflow", "test:std"];
  assertEquals([...listed, ...others].sort(), Object.keys(commands).sort());
  assert(!Object.values(commands).some((command) => /(-A|--allow-all)\b/.test(command)));
});

Deno.test("dim_sweep.ts names in its header what reproduce is granted", async () => {
  const text = await Deno.readTextFile(join(ROOT, "experiments", "dim_sweep.ts"));
  const command = text.match(/deno run [^]*?dim_sweep\.ts/)![0].replace(/\\\n \* +/, "");
  assertEquals(grantsOf(flagsOf(command)), grantsOf(flagsOf(commands.reproduce)));
});

Deno.test("every task works with exactly what it is granted", () =>
  withFolder(async (folder) => {
    const config = join(folder, "miniature.yaml"), results = join(folder, "results");
    await Deno.writeTextFile(config, MINIATURE.replace("adapt: [false, true]", "adapt: [true]"));
    const run = async (task: string, ...args: string[]) => {
      const [script] = commands[task].match(/\S+\.ts/)!;
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "--quiet", "--no-prompt", ...flagsOf(commands[task]), join(ROOT, script), ...args],
        cwd: ROOT,
      }).output();
      const said = new TextDecoder().decode(stdout);
      assertEquals(code, 0, `${task}: ${said}${new TextDecoder().decode(stderr)}`);
      return said;
    };
    const common = ["--config", config, "--results", results];
    await run("dapt", ...common);
    await run("pretrain", ...common, "--dapt");
    await run("finetune", ...common, "--dapt");
    const done = await run("reproduce", ...common, "--systems", "bert-tagger");
    assertStringIncludes(done, "All stages are stored");
    await run("report", ...common);
    await run("prepare", "--config", config, "--out", join(folder, "data"));
    const stages = [...Deno.readDirSync(join(results, "stages"))].map(({ name }) => name);
    const model = join(results, "stages", stages.find((name) => name.startsWith("finetune"))!);
    const test = join(model, "test.conll");
    await run("predict", "--model", model, "--input", "conll", test);
    await run("evaluate", test);
    for (const task of ["bench", "download", "soak", "torture"]) await run(task, "--help");
  }));

Deno.test("test:oracle works with exactly what it is granted", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "test:oracle"],
    cwd: ROOT,
    env: { TEST_ENGINES: "cpu", DENO_NO_PROMPT: "1", NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout);
  assert(success, said + new TextDecoder().decode(stderr));
  assertStringIncludes(said, "| 0 failed");
});

/** A system that a program outside this repository defines is trained, stored, loaded, scored and reported as any other. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ROOT } from "./source_text.ts";
import { MINIATURE } from "./tasks/miniature.ts";
import { withFolder } from "./temporary_folder.ts";

const FILES = ["centroids.ts", "main.ts"];

/** Runs the script in a folder; what it printed. */
async function run(folder: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--config",
      join(ROOT, "deno.json"),
      "--allow-all",
      "main.ts",
      ...args,
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("addSystem() makes a program's own system one of the toolkit's, in workers too", () =>
  withFolder(async (folder) => {
    for (const name of FILES) await Deno.copyFile(join(ROOT, "tests/added_system", name), join(folder, name));
    const config = MINIATURE.replace(/^systems: .*$/m, "systems: [centroids, lstm-crf]")
      .replace(/^adapt: .*$/m, "adapt: [false]");
    await Deno.writeTextFile(join(folder, "own.yaml"), config);
    const command = ["--config", "own.yaml", "--results", "results", "--jobs", "2", "--threads", "1"];
    const printed = await run(folder, [ROOT, "", ...command]);
    assertStringIncludes(printed, "| centroids");

    const results = join(folder, "results", "miniature");
    const { experiments: [{ runs }] } = JSON.parse(await Deno.readTextFile(join(results, "results.json")));
    const own = runs.find(({ system }: { system: string }) => system === "centroids");
    assert(own.result.scores.test.nWords > 0);
    assert(own.result.scores.training.epochs.at(-1).loss < own.result.scores.training.epochs[0].loss);
    assertStringIncludes(await Deno.readTextFile(join(results, "report.html")), "centroids");

    const model = join(folder, "results", own.result.dir);
    const record = JSON.parse(await Deno.readTextFile(join(model, "stage.json")));
    assert(Object.keys(record.code).some((name) => name.endsWith("/centroids.ts")), "its code counts");
    const sentence = "LeNet was built at Bell Labs .".split(" ");
    const [tagged] = JSON.parse(await run(folder, [ROOT, model, ...sentence]));
    assertEquals(tagged.words, sentence);
    assertStringIncludes(await run(folder, [ROOT, "", ...command]), "All stages are stored.");
  }));

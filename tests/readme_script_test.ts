/** The script in the README that trains: it runs as it stands, but for the address and the encoder. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeTinyEncoder } from "./model/tiny_encoder_folder.ts";
import { ROOT } from "./source_text.ts";
import { withFolder } from "./temporary_folder.ts";

Deno.test("the script in the README that trains prints progress and a score, and saves a model", () =>
  withFolder(async (folder) => {
    await writeTinyEncoder(join(folder, "encoder"));
    for (const [name, type] of [["recipes", "dish"], ["conll2003", "person"]]) {
      await Deno.mkdir(join(folder, "my_data", name!), { recursive: true });
      for (const [split, n] of [["train", 8], ["dev", 2], ["test", 3]] as const) {
        const sentence = `new B-${type}\nyork I-${type}\nlike O\n`;
        const text = Array.from({ length: n }, () => sentence).join("\n");
        await Deno.writeTextFile(join(folder, "my_data", name!, `${split}.txt`), text);
      }
    }
    const readme = await Deno.readTextFile(join(ROOT, "README.md"));
    const script = readme.match(/```ts ignore\n([^`]*trainTagger\([^]*?)```/)![1]!
      .replace("https://example.org/laner/mod.ts", pathToFileURL(join(ROOT, "mod.ts")).href)
      .replace("google-bert/bert-base-cased", "./encoder");
    await Deno.writeTextFile(join(folder, "script.ts"), script);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-check",
        "--cached-only",
        "-A",
        "--config",
        join(ROOT, "deno.json"),
        "script.ts",
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(stdout);
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assertMatch(said, /^source: step 1 of 2\n[^]*target: step \d+ of \d+\n[^]*\n[01](\.\d+)?\n$/);
    assertEquals((await Deno.stat(join(folder, "models", "recipes", "tagger.json"))).isFile, true);
  }));

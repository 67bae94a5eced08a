/** The package as `deno pack` makes it works in Node. */
import { assertEquals, assertMatch } from "@std/assert";
import { dirname, join } from "node:path";
import * as library from "../../mod.ts";
import { loadTagger } from "../../model/tagger.ts";
import { tinyModel } from "../model/tiny.ts";
import { modelFiles } from "../model/tiny_model_folder.ts";
import { ROOT } from "../source_text.ts";
import { withFolder } from "../temporary_folder.ts";

/** Runs a program in a folder and gives what it writes. */
async function outputOf(program: string, args: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`${program} ${args.join(" ")} failed: ${text.decode(stderr)}`);
  return text.decode(stdout);
}

/**
 * Installs the packed package and what it depends on, from Deno's cache: without npm, a network or scripts. Where
 * NODE_PACKAGE names a folder in which npm has installed it, that one is taken.
 */
async function installPackage(folder: string): Promise<void> {
  const installed = Deno.env.get("NODE_PACKAGE");
  if (installed !== undefined) {
    return await Deno.symlink(join(installed, "node_modules"), join(folder, "node_modules"), { type: "dir" });
  }
  const archive = join(folder, "package.tgz");
  const target = join(folder, "node_modules", "@laner", "laner");
  await outputOf(Deno.execPath(), ["pack", "--quiet", "--allow-dirty", "--output", archive], ROOT);
  await Deno.mkdir(join(folder, "packed"));
  await outputOf("tar", ["-xzf", archive, "-C", "packed", "--strip-components=1"], folder);
  const { dependencies } = JSON.parse(await Deno.readTextFile(join(folder, "packed", "package.json")));
  // The versions that this repository names, without the caret that packing puts before them.
  const exact = Object.entries<string>(dependencies).map(([name, range]) => [name, range.replace(/^\^/, "")]);
  const manifest = { private: true, type: "module", dependencies: Object.fromEntries(exact) };
  await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify(manifest));
  // What they depend on in turn is told by the lock, as a cache need not hold the registry's lists of versions.
  await Deno.copyFile(join(ROOT, "deno.lock"), join(folder, "deno.lock"));
  const flags = ["--quiet", "--node-modules-dir=auto", "--cached-only"];
  await outputOf(Deno.execPath(), ["install", ...flags], folder);
  await Deno.mkdir(dirname(target), { recursive: true });
  await Deno.rename(join(folder, "packed"), target);
}

/** Whether there is a Node that the package may be run with. */
function hasNode(): boolean {
  try {
    const { stdout } = new Deno.Command("node", { args: ["--version"] }).outputSync();
    return Number(/^v(\d+)/.exec(new TextDecoder().decode(stdout))?.[1]) >= 20;
  } catch {
    return false;
  }
}

Deno.test({
  name: "the packed package scores tags and loads taggers in Node as in Deno",
  ignore: !hasNode(),
  fn: () =>
    withFolder(async (folder) => {
      await installPackage(folder);
      const systems = ["laner", "bert-crf", "coach", "bartner"] as const;
      for (const [seed, system] of systems.entries()) {
        await Deno.mkdir(join(folder, "models", system), { recursive: true });
        for (const [name, contents] of Object.entries(modelFiles(tinyModel(system, seed)))) {
          await Deno.writeFile(join(folder, "models", system, name), bytesOf(contents));
        }
      }
      const taggers = [
        ...systems.map((system) => ({ location: `models/${system}`, engine: "onnx" as const })),
        { location: join(folder, "models", "laner"), engine: "wasm" as const },
      ];
      await Deno.copyFile(join(ROOT, "tests/package/program.mjs"), join(folder, "program.mjs"));
      const output = await outputOf("node", ["program.mjs", JSON.stringify(taggers)], folder);
      const found = JSON.parse(output);

      // Of two entities one is found, and of two that are found one is right.
      assertEquals(found.f1, 0.5);
      for (const [i, { location, engine }] of taggers.entries()) {
        const tagger = await loadTagger(join(folder, location.replace(folder, "")), { engine });
        const sentences = await tagger.predict([["new", "yorkers", "like", "."], [], ["york"]]);
        const entities = await tagger.predictText("New York. Like new!");
        assertEquals(found.taggers[i], { system: tagger.system, sentences, entities }, location);
        tagger.dispose();
      }
      assertEquals(found.nNames, Object.keys(library).length);
      assertMatch(found.missing, /^Cannot read "tagger\.json" at file:.*: ENOENT/);
    }),
});

const bytesOf = (contents: string | Uint8Array) =>
  typeof contents === "string" ? new TextEncoder().encode(contents) : contents;

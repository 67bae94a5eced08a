/** What importing a subpath loads and asks for: packages that it uses, and no permission. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import deno from "../../deno.json" with { type: "json" };
import { ROOT } from "../source_text.ts";
import { withFolder } from "../temporary_folder.ts";

/** npm packages that are loaded with each subpath, whatever is called; no other package is. */
const PACKAGES: Record<string, string[]> = {
  "./batches": [],
  "./conll": [],
  "./corpus": ["d3-dsv", "zod"],
  "./random": [],
  "./sample": [],
  "./scores": ["jstat"],
  "./tags": [],
  "./text": [],
  "./words": [],
  "./pieces": ["@huggingface/tokenizers"],
};

interface ModuleInfo {
  specifier: string;
  kind: string;
  dependencies?: { specifier: string; isDynamic?: boolean; code?: { specifier: string } }[];
}

/** The npm packages that a module imports, itself or through others; `dynamic`: those of `import()` too. */
async function packagesOf(path: string, { dynamic }: { dynamic: boolean }): Promise<string[]> {
  const args = ["info", "--json", path];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  const modules: ModuleInfo[] = JSON.parse(new TextDecoder().decode(stdout)).modules;
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set<string>();
  const seen = new Set<string>();
  const left = [pathToFileURL(join(ROOT, path)).href];
  while (left.length > 0) {
    const specifier = left.pop()!;
    if (seen.has(specifier)) continue;
    seen.add(specifier);
    for (const { specifier: written, isDynamic, code } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (!code || (isDynamic && !dynamic)) continue;
      const [, name] = /^npm:\/?(@?[^@]+)@/.exec(code.specifier) ?? [];
      if (name) found.add(name);
      else if (code.specifier.startsWith("file:")) left.push(code.specifier);
      else if (!code.specifier.startsWith("node:")) found.add(written);
    }
  }
  return [...found].sort();
}

/** Runs a program that may do nothing: what reading its own modules takes is granted to every program. */
async function runWithoutPermissions(program: string): Promise<string> {
  let output = "";
  await withFolder(async (folder) => {
    const file = join(folder, "program.ts");
    await Deno.writeTextFile(file, program);
    const args = ["run", "--quiet", "--no-prompt", "--cached-only", "--no-check", "--config"];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args, join(ROOT, "deno.json"), file],
      env: { NO_COLOR: "1" },
    }).output();
    output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  });
  return output.trim();
}

for (const [subpath, packages] of Object.entries(PACKAGES)) {
  Deno.test(`@laner/laner${subpath.slice(1)} reaches no package but those that it uses`, async () => {
    const exported: Record<string, string> = deno.exports;
    assertEquals(await packagesOf(exported[subpath]!, { dynamic: true }), packages);
  });
}

Deno.test("every subpath of data/ is in the table, and the runtimes of engines are loaded by none", async () => {
  const ofData = Object.entries(deno.exports).filter(([, path]) => path.startsWith("./data/"));
  assertEquals(ofData.map(([subpath]) => subpath).sort(), Object.keys(PACKAGES).sort());
  const all = await packagesOf("./mod.ts", { dynamic: false });
  assertEquals(all, ["@huggingface/tokenizers", "@tensorflow/tfjs", "d3-dsv", "jstat", "ml-matrix", "zod"]);
  const chosen = await packagesOf("./mod.ts", { dynamic: true });
  assertEquals(chosen.filter((name) => !all.includes(name)), [
    "onnx-proto",
    "onnxruntime-node",
    "onnxruntime-web",
  ]);
});

Deno.test("a program scores tags without any permission", async () => {
  const output = await runWithoutPermissions(`
    import { parseConll } from "@laner/laner/conll";
    import { createRandom } from "@laner/laner/random";
    import { pairedTTest, scoreSpans } from "@laner/laner/scores";
    import { tagsToSpans } from "@laner/laner/tags";
    import { splitWords } from "@laner/laner/text";
    const [{ tags }] = parseConll("Ada B-person\\nLovelace I-person\\n");
    console.log(scoreSpans([tags], [["B-person", "O"]]).f1, tagsToSpans(tags).length, splitWords("Ada wrote.").length);
    console.log(pairedTTest([1, 2, 4], [1, 1, 1]).pValue < 0.5, createRandom(1).uniform() < 1);
  `);
  assertEquals(output, "0 1 3\ntrue true");
});

Deno.test("a program that may do nothing is refused what reads files", async () => {
  const output = await runWithoutPermissions(`
    import { loadTokenizer } from "@laner/laner/pieces";
    await loadTokenizer("/no/such/folder");
  `);
  assertStringIncludes(output, "Requires read access");
});

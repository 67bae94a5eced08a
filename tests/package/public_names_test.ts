/** What `@laner/laner` exports: each name of a subpath, and none that was there goes missing. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import deno from "../../deno.json" with { type: "json" };
import { ROOT } from "../source_text.ts";

/** The names that each subpath exports, types included. */
async function exportedNames(): Promise<Map<string, string[]>> {
  const args = ["doc", "--json", ...Object.values(deno.exports)];
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout));
  return new Map(
    Object.entries(deno.exports).map(([subpath, path]) => {
      const { symbols } = nodes[pathToFileURL(join(ROOT, path)).href];
      return [subpath, symbols.map(({ name }: { name: string }) => name).sort()];
    }),
  );
}

Deno.test("each public name comes from one subpath, and mod.ts has them all", async () => {
  const names = await exportedNames();
  const all = names.get(".");
  names.delete(".");
  assertEquals([...names.values()].flat().sort(), all);
  const twice = [...names].flatMap(([subpath, own]) =>
    own.filter((name) => [...names].some(([other, others]) => other !== subpath && others.includes(name)))
  );
  assertEquals(twice, []);
});

Deno.test("mod.ts exports every name that it has exported before", async () => {
  const before = (await Deno.readTextFile(join(ROOT, "tests/package/public_names.txt"))).trim().split("\n");
  assert(before.length > 200);
  const all = new Set((await exportedNames()).get("."));
  assertEquals(before.filter((name) => !all.has(name)), []);
});

Deno.test("subpaths and mod.ts do nothing but export", async () => {
  for (const path of Object.values(deno.exports)) {
    if (["./data/random.ts", "./model/train_tagger.ts"].includes(path)) continue; // a file of one concept is its own subpath
    const text = await Deno.readTextFile(join(ROOT, path));
    const rest = text.replace(/\/\*\*.*?\*\//gs, "")
      .replace(/^export (?:type )?(?:\*|\{[^}]*\}) from "\.[^"]*";$/gm, "");
    assertEquals(rest.trim(), "", path);
    assert(/^\/\*\*[^]*?@module\n \*\//.test(text), `${path} says what it is for`);
  }
});

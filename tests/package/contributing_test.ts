/** CONTRIBUTING.md names files and tasks that there are. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import deno from "../../deno.json" with { type: "json" };
import { ROOT } from "../source_text.ts";

Deno.test("CONTRIBUTING.md names files and tasks that there are", async () => {
  const text = await Deno.readTextFile(join(ROOT, "CONTRIBUTING.md"));
  const paths = [...text.matchAll(/`((?:data|model|tasks|tests|experiments)\/[\w./]*)`/g)].map(([, path]) =>
    path!
  )
    .filter((path) => !/NAME|^\/$/.test(path));
  assert(paths.length > 10);
  const missing: string[] = [];
  for (const path of paths) {
    if (!await Deno.stat(join(ROOT, path)).then(() => true, () => false)) missing.push(path);
  }
  const tasks = [...text.matchAll(/deno task ([\w:]+)/g)].map(([, name]) => name!);
  assert(tasks.length > 5);
  assertEquals([...missing, ...tasks.filter((name) => !Object.keys(deno.tasks).includes(name))], []);
});

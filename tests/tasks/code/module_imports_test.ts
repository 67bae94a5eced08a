import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { importsOf, type ModuleImport } from "../../../tasks/code/module_imports.ts";
import { ROOT, typeScriptFiles } from "../../source_text.ts";
import { withFolder } from "../../temporary_folder.ts";

Deno.test("importsOf() finds modules, tells types, and what things are called", () => {
  const value = (specifier: string, ...names: string[]): ModuleImport => ({
    specifier,
    isType: false,
    names,
  });
  const type = (specifier: string, ...names: string[]): ModuleImport => ({ specifier, isType: true, names });
  const cases: [text: string, ...imports: ModuleImport[]][] = [
    ['import { a, b as c } from "./x.ts";', value("./x.ts", "a", "c")],
    ['import a, { type B, c } from "./x.ts";', value("./x.ts", "a", "B", "c")],
    ['import * as tf from "npm:@tensorflow/tfjs@4.22.0";', value("npm:@tensorflow/tfjs@4.22.0", "tf")],
    ['import {\n  a,\n  type B,\n} from "./x.ts";', value("./x.ts", "a", "B")],
    ['import type { A } from "./x.ts";', type("./x.ts", "A")],
    ['import type A from "./x.ts";', type("./x.ts", "A")],
    ['import type * as a from "./x.ts";', type("./x.ts", "a")],
    ['import { type A, type B as C } from "./x.ts";', type("./x.ts", "A", "C")],
    ['import { type, a } from "./x.ts";', value("./x.ts", "type", "a")],
    ['import type from "./x.ts";', value("./x.ts", "type")],
    ['import "./x.ts";', value("./x.ts")],
    ['import x from "./x.json" with { type: "json" };', value("./x.json", "x")],
    ['export { a } from "./x.ts";\nexport * from "./y.ts";', value("./x.ts"), value("./y.ts")],
    ['export type { A } from "./x.ts";', type("./x.ts")],
    ['const { a } = await import("./x.ts");', value("./x.ts")],
    ["await import(\n  `npm:vega@6.4.0`,\n)", value("npm:vega@6.4.0")],
    ['import { a } from "./x.ts"; import b from"./y.ts"', value("./x.ts", "a"), value("./y.ts", "b")],
    [
      'export type { A }\nimport { b } from "./x.ts"\nexport type C = A\nexport * from "./y.ts"\nimport "./z.ts"',
      ...[value("./x.ts", "b"), value("./y.ts"), value("./z.ts")],
    ],
    ['import { "a-b" as c } from "./x.ts";', value("./x.ts", "c")],
    ["model.import('./x.ts'); const $import = a.export;"],
    ["await import(name); export const from = 1; export type A = typeof B;"],
    ['// import "./x.ts";\n/* import "./y.ts"; */\n/**\n import "./z.ts";\n*/'],
    ['const text = `\nimport "./x.ts";\nimport { a } from "./y.ts";\n`, more = \'import("./z.ts")\';'],
    ['const quote = /["\'`]/; // `\nimport "./x.ts";', value("./x.ts")],
  ];
  for (const [text, ...imports] of cases) assertEquals(importsOf(text), imports, text);
});

Deno.test("importsOf() finds in every module of the tree what Deno finds there", () =>
  withFolder(async (folder) => {
    const folders = ["data", "model", "tasks", "experiments", "tests"];
    const paths = (await Promise.all(folders.map(typeScriptFiles))).flat();
    const all = join(folder, "all.ts");
    const urlOf = (path: string) => pathToFileURL(join(ROOT, path)).href;
    await Deno.writeTextFile(all, paths.map((path) => `import "${urlOf(path)}";`).join("\n"));
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--config", join(ROOT, "deno.json"), all],
    }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    let nImports = 0;
    for (const path of paths) {
      const { dependencies = [] } = modules.find((module: { specifier: string }) =>
        module.specifier === urlOf(path)
      );
      const expected = dependencies.filter(({ code, specifier }: { code?: unknown; specifier: string }) =>
        // What JSX is turned into stands in no text; it is for the report alone.
        code && !specifier.endsWith("/jsx-runtime")
      ).map(({ specifier }: { specifier: string }) => specifier);
      const found = importsOf(await Deno.readTextFile(join(ROOT, path))).filter(({ isType }) => !isType);
      assertEquals([...new Set(found.map(({ specifier }) => specifier))].sort(), expected.sort(), path);
      nImports += expected.length;
    }
    assert(nImports > 1000, "too few imports for a tree of this size");
  }));

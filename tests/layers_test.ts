/** data ← model ← tasks ← experiments: what a file may import and use follows from its folder. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { codeOnly, importsOf, resolveIn, ROOT, typeScriptFiles } from "./source_text.ts";

const LAYERS = ["data", "model", "tasks", "experiments"];
/** The files that read and write local files. */
const LOCAL_FILES = ["data/read_address.ts", "data/write_folder.ts"];
/**
 * The one file that calls native libraries, for which there is nothing but `Deno.dlopen`: it is imported only when an
 * engine is chosen that needs it, by which everything else runs in Node and browsers and without --allow-ffi.
 */
const NATIVE_LIBRARIES = "model/engine/ort_ffi/foreign.ts";
const EXACT_NPM = /^npm:(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(-[\w.]+)?(\/[\w./-]+)?$/;

/** Whether a module is imported by import() and in no other way. */
function isOnlyDynamic(text: string, specifier: string): boolean {
  const nDynamic = codeOnly(text).split(`import("${specifier}")`).length - 1;
  return nDynamic === importsOf(text).filter((other) => other === specifier).length;
}

/** What a file does that its folder does not allow. */
function offencesOf(path: string, text: string): string[] {
  const offences: string[] = [];
  const folder = path.split("/")[0]!;
  const isLibrary = folder === "data" || folder === "model";
  // mod.ts stands where model does: it may name what is in data and model.
  const rank = path === "mod.ts" ? LAYERS.indexOf("model") : LAYERS.indexOf(folder);
  for (const specifier of importsOf(text)) {
    if (/^\.{1,2}\//.test(specifier)) {
      const target = resolveIn(path, specifier);
      const isFile = target === "deno.json" && !isLibrary;
      if (!isFile && !LAYERS.slice(0, rank + 1).includes(target.split("/")[0]!)) {
        offences.push(`imports ${target}`);
      }
    } else if (
      specifier.startsWith("node:") && (path.startsWith("model/engine/") || LOCAL_FILES.includes(path)) &&
      isOnlyDynamic(text, specifier)
    ) {
      // What an engine with a native library needs, and only when it is chosen: nobody else loads it. And what reads
      // local files where `fetch` does not, as in Node: a browser, which has none, never gets there.
    } else if ((isLibrary && !EXACT_NPM.test(specifier)) || path === "mod.ts") {
      offences.push(`imports ${specifier}`);
    }
  }
  const code = codeOnly(text);
  const bare = codeOnly(text, { strings: false });
  // Also in strings: an engine is imported by a name that is put together or passed on.
  if (!path.startsWith("model/engine/") && /npm:@tensorflow\//.test(code)) {
    offences.push("names TensorFlow.js");
  }
  if (isLibrary) {
    const packages = code.match(/\bnpm:[^"'`\s]+/g) ?? [];
    for (const name of packages) {
      if (!EXACT_NPM.test(name.replace(/\$\{\w+\}/g, "x"))) {
        offences.push(`names ${name} without an exact version`);
      }
    }
    if (/\bDeno\b/.test(bare) && path !== NATIVE_LIBRARIES) offences.push("uses Deno");
    // The folder that relative paths start from is all that the library knows of the process.
    if (/\b(console|process)\b\s*\??\./.test(bare) && path !== "data/working_folder.ts") {
      offences.push("uses the terminal or the process");
    }
  }
  if (
    path === "mod.ts" &&
    bare.replace(/^\s*export\s+(type\s+)?(\{[^}]*\}|\*)\s*from\s*"";?/gm, "").trim() !== ""
  ) {
    offences.push("does more than export");
  }
  return offences;
}

Deno.test("offencesOf() finds what a folder does not allow", () => {
  const cases: [path: string, text: string, ...offences: string[]][] = [
    ["data/a.ts", 'import { x } from "./sample/b.ts";'],
    ["data/a.ts", 'import { x } from "../model/b.ts";', "imports model/b.ts"],
    ["data/a.ts", 'export * from "../tasks/b.ts";', "imports tasks/b.ts"],
    ["data/sample/a.ts", 'import type {\n  x,\n  y,\n} from "../../model/b.ts";', "imports model/b.ts"],
    ["model/a.ts", 'import "../tasks/b.ts";', "imports tasks/b.ts"],
    ["model/a.ts", 'await import("../experiments/b.ts");', "imports experiments/b.ts"],
    ["model/a.ts", 'import { x } from "../tests/b.ts";', "imports tests/b.ts"],
    ["model/a.ts", 'import x from "../deno.json" with { type: "json" };', "imports deno.json"],
    ["tasks/a.ts", 'import x from "../deno.json" with { type: "json" };'],
    ["tasks/a.ts", 'import { x } from "../experiments/b.ts";', "imports experiments/b.ts"],
    ["tasks/a.ts", 'import { parse } from "@std/yaml/unstable-parse";\nimport { x } from "../data/b.ts";'],
    ["data/a.ts", 'import { assert } from "@std/assert";', "imports @std/assert"],
    ["data/a.ts", 'import { join } from "node:path";', "imports node:path"],
    ["model/engine/a.ts", 'const util = await import("node:util");'],
    ["data/read_address.ts", 'const { open } = await import("node:fs/promises");'],
    ["data/read_address.ts", 'import { open } from "node:fs/promises";', "imports node:fs/promises"],
    ["data/a.ts", 'const { open } = await import("node:fs/promises");', "imports node:fs/promises"],
    ["model/engine/a.ts", 'import util from "node:util";', "imports node:util"],
    ["model/a.ts", 'const util = await import("node:util");', "imports node:util"],
    ["data/a.ts", 'import { x } from "https://x.org/a.ts";', "imports https://x.org/a.ts"],
    ["data/a.ts", 'import x from "npm:yaml@2.8.1";'],
    [
      "data/a.ts",
      'import x from "npm:yaml@^2.8.1";',
      "imports npm:yaml@^2.8.1",
      "names npm:yaml@^2.8.1 without an exact version",
    ],
    ["model/a.ts", 'import * as tf from "npm:@tensorflow/tfjs@4.22.0";', "names TensorFlow.js"],
    ["model/engine/a.ts", 'import * as tf from "npm:@tensorflow/tfjs@4.22.0";'],
    ["model/engine/a.ts", "load(`npm:@tensorflow/tfjs-backend-${name}@4.22.0`);"],
    [
      "model/engine/a.ts",
      'load("npm:@tensorflow/tfjs");',
      "names npm:@tensorflow/tfjs without an exact version",
    ],
    ["tasks/a.ts", 'import * as tf from "npm:@tensorflow/tfjs@4.22.0";', "names TensorFlow.js"],
    ["data/a.ts", "const x = await Deno.readFile(path);", "uses Deno"],
    ["model/engine/ort_ffi/foreign.ts", "Deno.dlopen(path, {});"],
    ["model/engine/ort_ffi/a.ts", "Deno.dlopen(path, {});", "uses Deno"],
    ["data/a.ts", 'const x = globalThis["a"] ?? globalThis.Deno;', "uses Deno"],
    ["data/a.ts", '// Deno.readFile\n/** import "../tasks/b.ts"; */\nfail("run it with Deno.");'],
    ["data/a.ts", "const quote = /[\"'`/]/.test(x); // `\nDeno.exit();", "uses Deno"],
    ["model/a.ts", "console.log(1);", "uses the terminal or the process"],
    [
      "mod.ts",
      '/** Docs. */\nexport { a, type B } from "./data/a.ts";\nexport type { C } from "./model/c.ts";\n',
    ],
    ["mod.ts", 'export * from "./tasks/a.ts";', "imports tasks/a.ts"],
    ["mod.ts", 'export * from "npm:yaml@2.8.1";', "imports npm:yaml@2.8.1"],
    ["mod.ts", 'import { a } from "./data/a.ts";\nexport const b = a;', "does more than export"],
  ];
  for (const [path, text, ...offences] of cases) {
    assertEquals(offencesOf(path, text), offences, `${path}: ${text}`);
  }
});

for (const layer of LAYERS) {
  Deno.test(`every file in ${layer}/ imports and uses only what its layer allows`, async () => {
    const offences: string[] = [];
    const paths = await typeScriptFiles(layer);
    assert(paths.length > 0 || layer === "experiments");
    for (const path of paths) {
      const text = await Deno.readTextFile(join(ROOT, path));
      offences.push(...offencesOf(path, text).map((offence) => `${path} ${offence}`));
    }
    assertEquals(offences, []);
  });
}

Deno.test("mod.ts only exports, and only from data/ and model/", async () => {
  assertEquals(offencesOf("mod.ts", await Deno.readTextFile(join(ROOT, "mod.ts"))), []);
});

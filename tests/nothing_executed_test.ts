/** Nothing from a model folder, a data file or a configuration is executed: there is nothing that could. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { codeOnly, ROOT, typeScriptFiles } from "./source_text.ts";

/** What runs text as code, or loads a module by a name that is not written in the source. */
function executionsIn(text: string): string[] {
  const bare = codeOnly(text, { strings: false });
  const found = [
    /(?<![.\w])eval\b/g,
    /\b(?:globalThis|window|self)\s*(?:\.\s*eval\b|\[)/g,
    /\bFunction\s*\(/g,
    /\.\s*constructor\s*\(/g,
    /\b(?:setTimeout|setInterval)\s*\(\s*""/g,
    /\bimportScripts\b|\bcreateRequire\b|\bWebAssembly\b/g,
  ].flatMap((pattern) => bare.match(pattern) ?? []);
  // Strings again: only a literal tells what is imported.
  for (const [, name] of codeOnly(text).matchAll(/\bimport\s*\(\s*([^)]*)\)/g)) {
    if (!/^(?:"[^"]*"|'[^']*'|`[^`$]*`)\s*,?\s*$/.test(name!)) found.push(`import(${name})`);
  }
  for (const [worker, file] of codeOnly(text).matchAll(/\bnew\s+(?:Shared)?Worker\s*\(([^;]*)/g)) {
    if (!/^\s*new URL\("\.\/\w+\.ts", import\.meta\.url\)/.test(file!)) found.push(worker);
  }
  if (/\b(?:from|import)\s*\(?\s*["']node:(?:vm|module|worker_threads)["']/.test(codeOnly(text))) {
    found.push("node:vm");
  }
  return found.map((part) => part.replace(/\s+/g, ""));
}

Deno.test("executionsIn() finds what would execute text", () => {
  const cases: [text: string, ...found: string[]][] = [
    ['eval("1")', "eval"],
    ["(0, eval)(text)", "eval"],
    ["globalThis.eval(text)", "globalThis.eval"],
    ['globalThis["ev" + "al"](text)', "globalThis["],
    ["new Function(text)", "Function("],
    ["Function ('a')", "Function("],
    ["(() => 1).constructor(text)", ".constructor("],
    ['setTimeout("code", 1)', 'setTimeout(""'],
    ["setTimeout(() => 1, 1)"],
    ["new Worker(url);", "newWorker(url)"],
    ["new Worker(new URL(name, import.meta.url));", "newWorker(newURL(name,import.meta.url))"],
    ['new Worker(new URL("./job.ts", import.meta.url), { type: "module" });'],
    ["await import(name)", "import(name)"],
    ["await import(`npm:${name}`)", "import(`npm:${name}`)"],
    ['await import("a" + name)', 'import("a"+name)'],
    ['await import("npm:vega@6.4.0")'],
    ['await import(\n  "npm:vega@6.4.0",\n)'],
    ['import vm from "node:vm";', "node:vm"],
    ["model.evaluate(x); const evaluation = system.eval;"],
    ["// eval(text)\nconst text = 'new Function()';"],
    ["type F = Function; const x = {}.constructor;"],
  ];
  for (const [text, ...found] of cases) {
    assertEquals(executionsIn(text), found, text);
  }
});

Deno.test("no source file executes text; only engines, texts and what the program has loaded are imported by a name that is put together", async () => {
  const found: string[] = [];
  for (const folder of ["data", "model", "tasks", "experiments"]) {
    const paths = await typeScriptFiles(folder);
    assert(paths.length > 0);
    for (const path of paths) {
      const executions = executionsIn(await Deno.readTextFile(join(ROOT, path)));
      found.push(...executions.map((execution) => `${path}: ${execution}`));
    }
  }
  // A package with a native library, which bundlers for browsers leave out by that second argument.
  // One of the fixed list of packages that bind libtensorflow.
  // And the text of a module, which is imported as a text.
  assertEquals(found, [
    // A package with a native library, which bundlers for browsers leave out by that second argument.
    'model/engine/node_runtime.ts: import("npm:onnxruntime-node@1.30.0",UNBUNDLED)',
    "model/engine/tensorflow_engine.ts: import(specifier)",
    "model/engine/tensorflow_engine.ts: import(name)",
    // Adam's loop: the module and its memory are assembled from model/training/adam_loop.ts, never read.
    ...Array(3).fill("model/training/adam_moments.ts: WebAssembly"),
    'tasks/code/module_code.ts: import(address,{with:{type:"text"}})',
    // In a worker, modules that have added systems to the program: they are a part of it.
    "tasks/plan/job.ts: import(module)",
    "tasks/tagging/tagging_job.ts: import(module)",
  ]);
});

import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { ROOT } from "../source_text.ts";
import { withFolder } from "../temporary_folder.ts";

Deno.test("a program for browsers that loads a tagger is bundled, without what is for Deno and Node only", () =>
  withFolder(async (folder) => {
    const program = join(folder, "program.ts");
    const bundle = join(folder, "bundle.js");
    await Deno.writeTextFile(
      program,
      'import { loadTagger } from "@laner/laner/tagger";\nconsole.log(await loadTagger("model"));\n',
    );
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--quiet",
        "--platform",
        "browser",
        "--config",
        join(ROOT, "deno.json"),
        "--output",
        bundle,
        program,
      ],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    const text = await Deno.readTextFile(bundle);
    assert(text.includes("ort-wasm-simd-threaded"), "the web build is not in the bundle");
    // What is left of the native library is the import, which nobody runs in a browser.
    assert(text.includes('import("npm:onnxruntime-node@1.30.0"'));
    assert(!/onnxruntime_binding|\.node"/.test(text), "the native library is in the bundle");
  }));

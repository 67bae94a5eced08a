import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { present } from "../../../data/schema/file_shapes.ts";
import { loadEncoderFolder } from "../../../model/bert/encoder_folder.ts";
import { loadModelFolder } from "../../../model/model_folder.ts";
import { loadDataSet } from "../../../tasks/data_sets/data_sets.ts";
import { fetchInsideFolder, readInsideFolder } from "../../../tasks/files/inside_folder.ts";
import { PREDICT, predict } from "../../../tasks/predict.ts";
import { pretrainedEncoder } from "../../../tasks/stages/given_encoder.ts";
import { locationOptions } from "../../../tasks/stages/stage_context.ts";
import { readStoredFile } from "../../../tasks/stages/stored_json.ts";
import { tinyModel } from "../../model/tiny.ts";
import { withModelFolder } from "../../model/tiny_model_folder.ts";
import { withFolder } from "../../temporary_folder.ts";
import { runForTest } from "../run_command.ts";

/** Makes files, and links of which the text is where they lead to. */
async function make(root: string, files: Record<string, string>, links: Record<string, string> = {}) {
  for (const [name, text] of [...Object.entries(files), ...Object.entries(links)]) {
    await Deno.mkdir(dirname(join(root, name)), { recursive: true });
    if (name in links) await Deno.symlink(text, join(root, name));
    else await Deno.writeTextFile(join(root, name), text);
  }
}

Deno.test("readInsideFolder() reads links within a folder, a folder that is a link, and the hub's cache", () =>
  withFolder(async (root) => {
    const hub = "hub/models--a--b";
    await make(
      root,
      { "model/config.json": "1", [`${hub}/blobs/c0ffee`]: "2", [`${hub}/refs/main`]: "abc" },
      {
        "model/again.json": "config.json",
        "model/absolute.json": join(root, "model/config.json"),
        "linked": "model",
        [`${hub}/snapshots/abc/config.json`]: "../../blobs/c0ffee",
      },
    );
    const cases = {
      "model/config.json": "1",
      "model/again.json": "1",
      "model/absolute.json": "1",
      "linked/config.json": "1",
      "linked/again.json": "1",
      [`${hub}/snapshots/abc/config.json`]: "2",
    };
    for (const [name, text] of Object.entries(cases)) {
      const bytes = await readInsideFolder(join(root, name), "the file");
      assertEquals(new TextDecoder().decode(bytes), text, name);
      assertEquals(await (await fetchInsideFolder(pathToFileURL(join(root, name)))).text(), text, name);
    }
  }));

Deno.test("readInsideFolder() refuses a link that leads out of a folder, and says where to", () =>
  withFolder(async (root) => {
    await make(root, {
      "secret": "s",
      "model-of-another/secret": "s",
      "hub/models--a--b/blobs/c0ffee": "",
      "hub/models--c--d/blobs/c0ffee": "s",
    }, {
      "model/up.json": "../secret",
      "model/absolute.json": "/etc/hosts",
      // The folder's name is only the beginning of the other's.
      "model/beside.json": "../model-of-another/secret",
      "model/twice.json": "up.json",
      "hub/models--a--b/snapshots/abc/config.json": "../../../models--c--d/blobs/c0ffee",
      "hub/models--a--b/snapshots/abc/up.json": "../../../../secret",
      // Not the hub's cache: nothing lies above it.
      "hub/snapshots/abc/config.json": "../../../secret",
    });
    await Deno.symlink("../model-of-another", join(root, "model/folder"));
    const names = [
      "model/up.json",
      "model/absolute.json",
      "model/beside.json",
      "model/twice.json",
      "hub/models--a--b/snapshots/abc/config.json",
      "hub/models--a--b/snapshots/abc/up.json",
      "hub/snapshots/abc/config.json",
    ];
    for (const name of names) {
      const path = join(root, name);
      await assertRejects(
        () => readInsideFolder(path, "the file"),
        Error,
        `Cannot read "${path}": it must lie in `,
      );
      await assertRejects(() => fetchInsideFolder(pathToFileURL(path)), Error, "symbolic links included");
    }
    await assertRejects(() => readInsideFolder(join(root, "none"), "the file"), Error, "no such file");
  }));

Deno.test("models, encoders, data sets and stored files are read inside their folders only", async () => {
  for (const name of ["config.json", "model.safetensors", "tokenizer.json"]) {
    await withLink(name, async (folder) => {
      const { href } = pathToFileURL(join(folder, name));
      const message = `Cannot read "${name}" at ${href}: it must lie in`;
      for (const load of [loadEncoderFolder, loadModelFolder]) {
        await assertRejects(() => load(folder, locationOptions()), Error, message);
      }
      await assertRejects(() => pretrainedEncoder("onnx", folder), Error, message);
    });
  }
  for (const name of ["tokenizer_config.json", "tagger.json", "head.safetensors"]) {
    await withLink(name, async (folder) => {
      const text = join(folder, "text.txt");
      await Deno.writeTextFile(text, "New York");
      const { code, errors } = await runForTest(PREDICT, predict, [
        "--model",
        folder,
        "--engine",
        "onnx",
        text,
      ]);
      assertEquals(code, 1);
      assertStringIncludes(
        errors,
        `Cannot read "${name}" at ${pathToFileURL(join(folder, name)).href}: it must lie in`,
      );
    });
  }
  await withFolder(async (root) => {
    await make(root, { "ai/train.txt": "a\tB-x\n", "secret": "{}" }, {
      "ai/test.txt": "../secret",
      "stage/scores.json": "../secret",
    });
    await assertRejects(
      () => loadDataSet(root, "ai"),
      Error,
      `Cannot read "${join(root, "ai/test.txt")}": it must lie`,
    );
    const scores = join(root, "stage/scores.json");
    await assertRejects(
      () => readStoredFile(scores, present()),
      Error,
      `Cannot read "${scores}": it must lie in`,
    );
  });
});

/** Runs a test with a model folder of which one file lies elsewhere. */
async function withLink(name: string, test: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (elsewhere) => {
    await withModelFolder(tinyModel("laner", 1), async (folder) => {
      await Deno.rename(join(folder, name), join(elsewhere, name));
      await Deno.symlink(join(elsewhere, name), join(folder, name));
      await test(folder);
    }, (files) => files["tokenizer_config.json"] = "{}");
  });
}

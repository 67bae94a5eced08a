import { join } from "node:path";
import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Progress } from "../../model/progress.ts";
import { openCheckpoint } from "../../tasks/checkpoint.ts";
import { planProfile } from "../../tasks/plan.ts";
import { readProfile } from "../../tasks/read_profile.ts";
import { sha256 } from "../../tasks/hash.ts";
import { ensureStage } from "../../tasks/stage.ts";
import { stageDir } from "../../tasks/stage_store.ts";
import { withFolder } from "../temporary_folder.ts";
import { MINIATURE } from "./miniature.ts";

const state = (value: number) => ({
  tensors: { "parameters/w": { shape: [2], data: Float32Array.of(value, -value) } },
  values: { records: [{ epoch: value, loss: 0.1 + 0.2 }], random: [{ words: [4294967295] }] },
});

Deno.test("openCheckpoint() reads what it wrote, at most every so many seconds", () =>
  withFolder(async (folder) => {
    let time = 0;
    const open = () => openCheckpoint(join(folder, "own"), { seconds: 30, now: () => time });
    const first = await open();
    assertEquals(first.resume, null);
    time = 29_000;
    await first.save(() => state(1));
    assertEquals((await open()).resume, null);
    time = 31_000;
    await first.save(() => state(2));
    time = 60_000;
    await first.save(() => state(3));
    assertEquals((await open()).resume, state(2));
    time = 62_000;
    await first.save(() => state(4));
    assertEquals((await open()).resume, state(4));
  }));

Deno.test("openCheckpoint() ignores a half-written file and refuses a broken one", () =>
  withFolder(async (folder) => {
    const checkpoint = await openCheckpoint(folder, { seconds: 0 });
    await checkpoint.save(() => state(1));
    const path = join(folder, "checkpoint.safetensors"), bytes = await Deno.readFile(path);
    await Deno.writeFile(`${path}.tmp`, bytes.subarray(0, 40));
    assertEquals((await openCheckpoint(folder)).resume, state(1));
    await Deno.writeFile(path, bytes.subarray(0, bytes.length - 1));
    const error = await assertRejects(() => openCheckpoint(folder), Error);
    assertStringIncludes(error.message, path);
  }));

/** Long enough to be killed in every stage. */
const EPOCHS = ["encoder.mlm.epochs=3", "pretrain.epochs=3", "train.epochs=6"];

/** The one run of the miniature that is looked at, with its stages. */
async function plannedRun(config: string) {
  const profile = await readProfile(config, { overrides: [...EPOCHS, "systems=[laner]", "adapt=[false]"] });
  const { runs: [run] } = await planProfile(profile, "onnx");
  return run;
}

/** Runs the miniature into a store; what it makes, by file. */
async function run(
  config: string,
  store: string,
  report: Progress = () => {},
): Promise<Record<string, string>> {
  const engine = await createEngine("onnx"), { finetuned } = await plannedRun(config);
  const signal = new AbortController().signal;
  const { dir } = await ensureStage({ store, engine, report, signal, checkpointSeconds: 0 }, finetuned);
  const names = ["model.safetensors", "head.safetensors", "test.conll"];
  const hashes = await Promise.all(
    names.map(async (name) => [name, await sha256(await Deno.readFile(join(dir, name)))]),
  );
  const { training } = JSON.parse(await Deno.readTextFile(join(dir, "scores.json")));
  return { ...Object.fromEntries(hashes), training: JSON.stringify(training) };
}

// The child: runs the miniature and tells its progress, so that it can be killed at a chosen place.
if (import.meta.main) {
  const [config, store] = Deno.args;
  await run(config, store, ({ stage, epoch }) => console.log(`${stage} epoch ${epoch}`));
}

/** What training needs. */
const PERMISSIONS = ["read", "write", "env", "ffi", "sys"].map((name) => `--allow-${name}`);

/** Runs the miniature in a process of its own and kills it as soon as it says a text. */
async function killAt(text: string, config: string, store: string): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...PERMISSIONS, new URL(import.meta.url).pathname, config, store],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let said = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += chunk;
    if (said.includes(text)) break;
  }
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL", said);
}

Deno.test("a run that is killed in any stage goes on from its checkpoint and ends with the same bytes", () =>
  withFolder(async (folder) => {
    const config = join(folder, "miniature.yaml");
    await Deno.writeTextFile(config, MINIATURE);
    const undisturbed = await run(config, join(folder, "undisturbed"));
    const store = join(folder, "killed"), messages: string[] = [];
    for (
      const text of ["nothing epoch 3", "news: laner, seed 1 epoch 3", "research: laner, seed 1 epoch 4"]
    ) {
      await killAt(text, config, store);
      const left = [...Deno.readDirSync(join(store, ".unfinished"))].map(({ name }) => name);
      assert(left.some((name) => name.endsWith(".checkpoint")), left.join());
    }
    const epochs: string[] = [];
    const resumed = await run(config, store, ({ stage, epoch, message }) => {
      if (message) messages.push(message);
      else epochs.push(`${stage} ${epoch}`);
    });
    assertEquals(messages, ["research: laner, seed 1: goes on from its checkpoint"]);
    assertEquals(epochs.includes("research: laner, seed 1 3"), false);
    assertEquals(resumed, undisturbed);
    // What is finished needs no checkpoint.
    const left = [...Deno.readDirSync(join(store, ".unfinished"))].map(({ name }) => name);
    assertEquals(left.filter((name) => name.endsWith(".checkpoint")), []);
  }));

Deno.test("a checkpoint belongs to its stage alone", () =>
  withFolder(async (folder) => {
    const config = join(folder, "miniature.yaml"),
      other = join(folder, "other.yaml"),
      store = join(folder, "store");
    await Deno.writeTextFile(config, MINIATURE);
    await Deno.writeTextFile(other, MINIATURE.replace("seeds: [1]", "seeds: [2]"));
    await killAt("research: laner, seed 1 epoch 4", config, store);
    const messages: string[] = [];
    await run(other, store, ({ message }) => message && messages.push(message));
    assertEquals(messages, []);
    const dirs = await Promise.all([config, other].map(async (path) => {
      const { finetuned } = await plannedRun(path);
      return await stageDir(store, finetuned.spec);
    }));
    assertNotEquals(dirs[0], dirs[1]);
  }));

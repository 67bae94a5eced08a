import { join } from "node:path";
import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Progress } from "../../model/progress.ts";
import { type CheckpointOwner, openCheckpoint, otherCheckpoints } from "../../tasks/checkpoint.ts";
import { planProfile } from "../../tasks/plan.ts";
import { readProfile } from "../../tasks/read_profile.ts";
import { sha256 } from "../../tasks/hash.ts";
import { ensureStage } from "../../tasks/stage.ts";
import { stageDir } from "../../tasks/stage_store.ts";
import { systemError, watchFiles } from "../file_operations.ts";
import { withFolder } from "../temporary_folder.ts";
import { MINIATURE } from "./miniature.ts";

const state = (value: number) => ({
  tensors: { "parameters/w": { shape: [2], data: Float32Array.of(value, -value) } },
  values: { records: [{ epoch: value, loss: 0.1 + 0.2 }], random: [{ words: [4294967295] }] },
});

const OWNER: CheckpointOwner = {
  label: "ai: laner, seed 1",
  spec: { stage: "finetune", inputs: { target: "abc" }, config: { seed: 1, train: { epochs: 5 } } },
  versions: { toolkit: "1.0.0", deno: "2.0.0", engine: "onnxruntime-node 1.0.0" },
};

Deno.test("openCheckpoint() reads what it wrote, at most every so many seconds, and always what is last", () =>
  withFolder(async (folder) => {
    let time = 0;
    const own = join(folder, "own");
    const open = () => openCheckpoint(own, OWNER, { seconds: 30, now: () => time });
    const first = await open();
    assertEquals(first.resume, null);
    time = 29_000;
    await first.save(() => state(1), false);
    assertEquals((await open()).resume, null);
    time = 31_000;
    await first.save(() => state(2), false);
    time = 60_000;
    await first.save(() => state(3), false);
    assertEquals((await open()).resume, state(2));
    time = 62_000;
    await first.save(() => state(4), false);
    assertEquals((await open()).resume, state(4));
    await first.save(() => state(5), true);
    assertEquals((await open()).resume, state(5));
    assertEquals([...Deno.readDirSync(own)].length, 2);
  }));

Deno.test("openCheckpoint() spends at most a fiftieth of the time on saving", () =>
  withFolder(async (folder) => {
    let time = 0;
    const checkpoint = await openCheckpoint(folder, OWNER, { seconds: 10, now: () => time });
    time = 10_000;
    {
      // The disk takes two seconds.
      using _ = watchFiles(({ name }) => void (name === "rename" && (time += 2_000)));
      await checkpoint.save(() => state(1), false);
    }
    time = 12_000 + 99_000;
    await checkpoint.save(() => state(2), false);
    assertEquals((await openCheckpoint(folder, OWNER)).resume, state(1));
    time += 2_000;
    await checkpoint.save(() => state(3), false);
    assertEquals((await openCheckpoint(folder, OWNER)).resume, state(3));
  }));

Deno.test("openCheckpoint() removes what an interrupted save left and refuses what is damaged", () =>
  withFolder(async (folder) => {
    const checkpoint = await openCheckpoint(folder, OWNER);
    await checkpoint.save(() => state(1), true);
    const path = join(folder, "state-1.safetensors"), bytes = await Deno.readFile(path);
    const manifest = join(folder, "checkpoint.json"), text = await Deno.readTextFile(manifest);
    await Deno.writeFile(join(folder, "state-2.safetensors"), bytes.subarray(0, 40));
    await Deno.writeTextFile(`${manifest}.77.tmp`, text.slice(0, 40));
    assertEquals((await openCheckpoint(folder, OWNER)).resume, state(1));
    assertEquals([...Deno.readDirSync(folder)].length, 2);

    const changed = bytes.slice();
    changed[bytes.length - 1] ^= 1;
    for (const damaged of [changed, bytes.subarray(0, bytes.length - 1)]) {
      await Deno.writeFile(path, damaged);
      const error = await assertRejects(() => openCheckpoint(folder, OWNER), Error, "SHA-256");
      assertStringIncludes(error.message, path);
    }
    await Deno.writeFile(path, bytes);
    for (
      const damaged of [text.slice(0, -20), "null", "{}", text.replaceAll("state-1", "../state-1"), "[1]", ""]
    ) {
      await Deno.writeTextFile(manifest, damaged);
      const error = await assertRejects(() => openCheckpoint(folder, OWNER), Error, "begins anew");
      assertStringIncludes(error.message, manifest);
    }
  }));

Deno.test("openCheckpoint() refuses the checkpoint of another training with a list of what differs", () =>
  withFolder(async (folder) => {
    await (await openCheckpoint(folder, OWNER)).save(() => state(1), true);
    const { spec, versions } = OWNER;
    const others: [CheckpointOwner, string][] = [
      [
        { ...OWNER, spec: { ...spec, config: { seed: 1, train: { epochs: 9 } } } },
        "config.train.epochs: 5 then, 9 now",
      ],
      [
        { ...OWNER, spec: { ...spec, config: { seed: 2, train: { epochs: 5 } } } },
        "config.seed: 1 then, 2 now",
      ],
      [{ ...OWNER, spec: { ...spec, inputs: { target: "abd" } } }, 'inputs.target: "abc" then, "abd" now'],
      [{ ...OWNER, spec: { ...spec, inputs: {} } }, 'inputs.target: "abc" then, nothing now'],
      [{ ...OWNER, spec: { ...spec, stage: "joint" } }, 'stage: "finetune" then, "joint" now'],
    ];
    for (const [owner, difference] of others) {
      for (const force of [false, true]) {
        const error = await assertRejects(() => openCheckpoint(folder, owner, { force }), Error, folder);
        assertStringIncludes(error.message, difference);
        assertEquals(error.message.includes("--force"), false);
      }
    }
    for (const [name, version] of Object.entries(versions)) {
      const owner = { ...OWNER, versions: { ...versions, [name]: "9.9.9" } };
      const error = await assertRejects(() => openCheckpoint(folder, owner), Error, "--force");
      assertStringIncludes(error.message, `${name}: "${version}" then, "9.9.9" now`);
      assertEquals((await openCheckpoint(folder, owner, { force: true })).resume, state(1));
    }
    assertEquals((await openCheckpoint(folder, OWNER)).resume, state(1));
  }));

Deno.test("a state that cannot be saved leaves the one before, and is tried again", async (t) => {
  const failures = [
    ["no space", () => {
      throw systemError("ENOSPC");
    }, "there must be space left on the disk"],
    ["a read-only disk", () => {
      throw systemError("EROFS");
    }, "it is read-only"],
    ["no permission", () => {
      throw new Deno.errors.PermissionDenied("no");
    }, "permission denied"],
  ] as const;
  for (const [what, fail, reason] of failures) {
    for (const name of ["open", "write", "write half", "sync", "rename"]) {
      await t.step(`${what} at ${name}`, () =>
        withFolder(async (folder) => {
          const messages: string[] = [], onMessage = (message: string) => void messages.push(message);
          const checkpoint = await openCheckpoint(folder, OWNER, { seconds: 0, onMessage });
          await checkpoint.save(() => state(1), false);
          {
            using _ = watchFiles((operation) => operation.name === name && fail());
            await checkpoint.save(() => state(2), false);
            assertEquals(messages.length, 1);
            assertStringIncludes(messages[0], reason);
            assertStringIncludes(messages[0], folder);
            const error = await assertRejects(() => checkpoint.save(() => state(3), true), Error, reason);
            assertStringIncludes(error.message, "the last checkpoint, of 20");
          }
          assertEquals((await openCheckpoint(folder, OWNER)).resume, state(1));
          await checkpoint.save(() => state(4), false);
          assertEquals((await openCheckpoint(folder, OWNER)).resume, state(4));
        }));
    }
  }
});

Deno.test("a checkpoint is saved again when its folder has vanished", () =>
  withFolder(async (folder) => {
    const own = join(folder, "own");
    const checkpoint = await openCheckpoint(own, OWNER, { seconds: 0 });
    await checkpoint.save(() => state(1), false);
    await Deno.remove(own, { recursive: true });
    await checkpoint.save(() => state(2), false);
    assertEquals((await openCheckpoint(own, OWNER)).resume, state(2));
  }));

Deno.test("otherCheckpoints() finds those of the same label, with what differs", () =>
  withFolder(async (folder) => {
    const { spec } = OWNER;
    const owners: Record<string, CheckpointOwner> = {
      same: OWNER,
      longer: { ...OWNER, spec: { ...spec, config: { seed: 1, train: { epochs: 9 } } } },
      stranger: { ...OWNER, label: "ai: laner, seed 2", spec: { ...spec, config: { seed: 2 } } },
    };
    for (const [name, owner] of Object.entries(owners)) {
      await (await openCheckpoint(join(folder, name), owner)).save(() => state(1), true);
    }
    await Deno.mkdir(join(folder, "broken"));
    await Deno.writeTextFile(join(folder, "broken", "checkpoint.json"), "{");
    assertEquals(await otherCheckpoints(folder, OWNER), [
      { folder: join(folder, "longer"), differences: ["config.train.epochs: 9 then, 5 now"] },
    ]);
    assertEquals(await otherCheckpoints(join(folder, "none"), OWNER), []);
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

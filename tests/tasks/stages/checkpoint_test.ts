import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { openCheckpoint } from "../../../tasks/stages/checkpoint.ts";
import { type CheckpointOwner, otherCheckpoints } from "../../../tasks/stages/checkpoint_manifest.ts";
import { crashAnywhere } from "../../crashing_disk.ts";
import { type FileOperation, systemError, watchFiles } from "../../file_operations.ts";
import { withFolder } from "../../temporary_folder.ts";
import { MINIATURE } from "../miniature.ts";
import {
  checkMiniature,
  listenTo,
  type MiniatureRun,
  runMiniature,
  spawnMiniature,
  writeMiniature,
} from "../miniature_run.ts";

const state = (value: number) => ({
  tensors: { "parameters/w": { shape: [2], data: Float32Array.of(value, -value) } },
  values: { records: [{ epoch: value, loss: 0.1 + 0.2 }], random: [{ words: [4294967295] }] },
});

/** A state as a training collects it. */
const kept = (n: number) => Promise.resolve(state(n));

const OWNER: CheckpointOwner = {
  label: "ai: laner, seed 1",
  spec: {
    stage: "finetune",
    inputs: { target: "abc" },
    config: { seed: 1, train: { epochs: 5 } },
    code: { "model/systems/laner/predictor.ts": "1", "model/nn/ops.ts": "2" },
  },
  versions: {
    toolkit: "1.0.0",
    deno: "2.0.0",
    engine: "onnxruntime-node 1.0.0",
    instructions: "avx fma avx2",
  },
};

Deno.test("openCheckpoint() reads what it wrote, at most every half a minute, and always what is last", () =>
  withFolder(async (folder) => {
    let time = 0;
    const own = join(folder, "own");
    const open = () => openCheckpoint(own, OWNER, { now: () => time });
    const first = await open();
    assertEquals(first.resume, null);
    time = 29_000;
    await first.save(() => kept(1), false);
    assertEquals((await open()).resume, null);
    time = 31_000;
    await first.save(() => kept(2), false);
    time = 60_000;
    await first.save(() => kept(3), false);
    assertEquals((await open()).resume, state(2));
    time = 62_000;
    await first.save(() => kept(4), false);
    assertEquals((await open()).resume, state(4));
    await first.save(() => kept(5), true);
    assertEquals((await open()).resume, state(5));
    assertEquals([...Deno.readDirSync(own)].length, 2);
  }));

Deno.test("openCheckpoint() adds up the time of all processes that a training runs in", () =>
  withFolder(async (folder) => {
    let time = 5_000;
    const open = () => openCheckpoint(folder, OWNER, { seconds: 0, now: () => time });
    const first = await open();
    assertEquals(first.secondsBefore, 0);
    time += 20_000;
    await first.save(() => kept(1), false);
    time += 7_000; // lost with the process
    const second = await open();
    assertEquals(second.secondsBefore, 20);
    time += 3_500;
    await second.save(() => kept(2), true);
    assertEquals((await open()).secondsBefore, 23.5);
  }));

Deno.test("openCheckpoint() spends at most a fiftieth of the time on saving", () =>
  withFolder(async (folder) => {
    let time = 0;
    const checkpoint = await openCheckpoint(folder, OWNER, { seconds: 10, now: () => time });
    time = 10_000;
    {
      // The disk takes two seconds.
      using _ = watchFiles(({ name }) => void (name === "rename" && (time += 2_000)));
      await checkpoint.save(() => kept(1), false);
    }
    time = 12_000 + 99_000;
    await checkpoint.save(() => kept(2), false);
    assertEquals((await openCheckpoint(folder, OWNER)).resume, state(1));
    time += 2_000;
    await checkpoint.save(() => kept(3), false);
    assertEquals((await openCheckpoint(folder, OWNER)).resume, state(3));
  }));

Deno.test("openCheckpoint() removes what an interrupted save left and refuses what is damaged", () =>
  withFolder(async (folder) => {
    const checkpoint = await openCheckpoint(folder, OWNER);
    await checkpoint.save(() => kept(1), true);
    const path = join(folder, "state-1.safetensors");
    const bytes = await Deno.readFile(path);
    const manifest = join(folder, "checkpoint.json");
    const text = await Deno.readTextFile(manifest);
    await Deno.writeFile(join(folder, "state-2.safetensors"), bytes.subarray(0, 40));
    await Deno.writeTextFile(`${manifest}.77.tmp`, text.slice(0, 40));
    assertEquals((await openCheckpoint(folder, OWNER)).resume, state(1));
    assertEquals([...Deno.readDirSync(folder)].length, 2);

    const changed = bytes.slice();
    changed[bytes.length - 1]! ^= 1;
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
    await (await openCheckpoint(folder, OWNER)).save(() => kept(1), true);
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
      [
        { ...OWNER, spec: { ...spec, code: { ...spec.code, "model/systems/laner/predictor.ts": "3" } } },
        "these differ: code: model/systems/laner/predictor.ts (",
      ],
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
          const messages: string[] = [];
          const onMessage = (message: string) => void messages.push(message);
          const checkpoint = await openCheckpoint(folder, OWNER, { seconds: 0, onMessage });
          await checkpoint.save(() => kept(1), false);
          {
            using _ = watchFiles((operation) => operation.name === name && fail());
            await checkpoint.save(() => kept(2), false);
            assertEquals(messages.length, 1);
            assertStringIncludes(messages[0]!, reason);
            assertStringIncludes(messages[0]!, folder);
            const error = await assertRejects(() => checkpoint.save(() => kept(3), true), Error, reason);
            assertStringIncludes(error.message, "the last checkpoint, of 20");
          }
          assertEquals((await openCheckpoint(folder, OWNER)).resume, state(1));
          await checkpoint.save(() => kept(4), false);
          assertEquals((await openCheckpoint(folder, OWNER)).resume, state(4));
        }));
    }
  }
});

Deno.test("a state that was saved is there wherever the machine goes down after it", () =>
  withFolder((folder) => {
    let nSaved: number[] = [];
    return crashAnywhere(
      folder,
      async (root) => {
        const checkpoint = await openCheckpoint(join(root, "store", "own"), OWNER, { seconds: 0 });
        for (const n of [1, 2, 3]) await checkpoint.save(() => kept(n), false);
      },
      async (root, isOver) => {
        const { resume } = await openCheckpoint(join(root, "store", "own"), OWNER);
        const n = !resume ? 0 : (resume.values as { records: { epoch: number }[] }).records[0]!.epoch;
        if (n > 0) assertEquals(resume, state(n));
        nSaved = [...nSaved, n];
        if (isOver) assertEquals(n, 3);
        // No crash later on leads back.
        assert(n >= Math.max(...nSaved) - 1, nSaved.join());
      },
    );
  }));

Deno.test("a state is there wherever the machine goes down after saving has failed once", async (t) => {
  const failures: [string, (operation: FileOperation, root: string) => boolean][] = [
    ["the state", ({ name, path }) => name === "sync" && path.endsWith("state-2.safetensors")],
    ["the name of the manifest", ({ name }) => name === "rename"],
    ["the disk's word for it", ({ name, path }, root) => name === "sync" && path === root],
  ];
  for (const [what, isFailing] of failures) {
    await t.step(what, () =>
      withFolder((folder) =>
        crashAnywhere(
          folder,
          async (root) => {
            const checkpoint = await openCheckpoint(root, OWNER, { seconds: 0 });
            await checkpoint.save(() => kept(1), false);
            {
              using _ = watchFiles((operation) => {
                if (isFailing(operation, root)) throw systemError("EIO");
              });
              await checkpoint.save(() => kept(2), false);
            }
            for (const n of [3, 4]) await checkpoint.save(() => kept(n), false);
          },
          async (root, isOver) => {
            const { resume } = await openCheckpoint(root, OWNER);
            if (isOver) assertEquals(resume, state(4));
          },
        )
      ));
  }
});

Deno.test("a checkpoint is saved again when its folder has vanished", () =>
  withFolder(async (folder) => {
    const own = join(folder, "own");
    const checkpoint = await openCheckpoint(own, OWNER, { seconds: 0 });
    await checkpoint.save(() => kept(1), false);
    await Deno.remove(own, { recursive: true });
    await checkpoint.save(() => kept(2), false);
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
      await (await openCheckpoint(join(folder, name), owner)).save(() => kept(1), true);
    }
    await Deno.mkdir(join(folder, "broken"));
    await Deno.writeTextFile(join(folder, "broken", "checkpoint.json"), "{");
    assertEquals(await otherCheckpoints(folder, OWNER), [
      { folder: join(folder, "longer"), differences: ["config.train.epochs: 9 then, 5 now"] },
    ]);
    assertEquals(await otherCheckpoints(join(folder, "none"), OWNER), []);
  }));

/** Runs the miniature in a process of its own and kills it as soon as it says a text. */
async function killAt(text: string, run: MiniatureRun): Promise<void> {
  const child = spawnMiniature(run);
  const said = await listenTo(child, text);
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL", said);
}

/** What lies in a store besides whole stages. */
function unfinishedIn(store: string, ending: string): string[] {
  return [...Deno.readDirSync(join(store, ".unfinished"))].map(({ name }) => name).filter((name) =>
    name.endsWith(ending)
  );
}

Deno.test("a run that is killed in any stage goes on from its checkpoint and ends with the same bytes", () =>
  withFolder(async (folder) => {
    const config = await writeMiniature(folder);
    const undisturbed = await runMiniature({ config, store: join(folder, "undisturbed") });
    const killed = { config, store: join(folder, "killed") };
    const messages: string[] = [];
    const texts = [
      "nothing epoch 2",
      "dapt on research epoch 1",
      "research: laner + DAPT, seed 1 epoch 2",
      "research: laner + DAPT, seed 1 epoch 3",
    ];
    for (const text of texts) {
      await killAt(text, killed);
      assertEquals(unfinishedIn(killed.store, ".checkpoint").length, 1);
    }
    const epochs: string[] = [];
    const resumed = await runMiniature(killed, ({ stage, epoch, message }) => {
      if (message) messages.push(message);
      else epochs.push(`${stage} ${epoch}`);
    });
    assertEquals(messages, ["research: laner + DAPT, seed 1: goes on from its checkpoint"]);
    assertEquals(epochs.includes("research: laner + DAPT, seed 1 2"), false);
    assertEquals(resumed, undisturbed);
    // What is finished needs no checkpoint.
    assertEquals(unfinishedIn(killed.store, ".checkpoint"), []);
  }));

Deno.test("a run says what differs from the checkpoint that it does not go on from, and leaves it", () =>
  withFolder(async (folder) => {
    const store = join(folder, "store");
    const config = await writeMiniature(folder);
    await killAt("research: laner + DAPT, seed 1 epoch 3", { config, store });
    const other = await writeMiniature(folder, MINIATURE.replace("\ntrain: { ", "\ntrain: { batchSize: 7, "));
    const messages: string[] = [];
    await runMiniature({ config: other, store }, ({ message }) => message && messages.push(message));
    assertEquals(messages.length, 1);
    assertStringIncludes(messages[0]!, "research: laner + DAPT, seed 1: begins anew, as the checkpoint in");
    assertStringIncludes(messages[0]!, "config.train.batchSize: 16 then, 7 now");
    assertEquals(unfinishedIn(store, ".checkpoint").length, 1);
  }));

for (const [signal, code] of [["SIGTERM", 143], ["SIGINT", 130]] as const) {
  Deno.test(`a command that is told to stop by ${signal} saves its state, stops, and goes on to the same bytes`, () =>
    withFolder(async (folder) => {
      const config = await writeMiniature(folder);
      const finetune = (results: string) => {
        const permissions = ["read", "write", "env", "ffi", "sys"].map((name) => `--allow-${name}`);
        const script = new URL("../../../tasks/finetune.ts", import.meta.url).pathname;
        const args = ["--config", config, "--results", join(folder, results), "--system", "laner"];
        return new Deno.Command(Deno.execPath(), {
          args: ["run", "--quiet", ...permissions, script, ...args, "--set", "train.epochs=30"],
          stdout: "piped",
          stderr: "piped",
        }).spawn();
      };
      const stopped = finetune("stopped");
      let said = "";
      for await (const chunk of stopped.stderr.pipeThrough(new TextDecoderStream())) {
        const isTold = said.includes("research: laner");
        said += chunk;
        if (!isTold && said.includes("research: laner")) stopped.kill(signal);
      }
      const status = await stopped.status;
      await stopped.stdout.cancel();
      assertEquals([status.code, status.signal], [code, null], said);
      assertStringIncludes(said, "the same command goes on from there");
      assertEquals(unfinishedIn(join(folder, "stopped", "stages"), ".checkpoint").length, 1);
      const [resumed, whole] = [await finetune("stopped").output(), await finetune("whole").output()];
      const errors = new TextDecoder().decode(resumed.stderr);
      assertStringIncludes(errors, "goes on from its checkpoint");
      const scores = ({ stdout }: Deno.CommandOutput) =>
        new TextDecoder().decode(stdout).split("\nModel:")[0]!;
      assertMatch(scores(resumed), /test F1/);
      assertEquals(scores(resumed), scores(whole));
    }));
}

Deno.test("a training whose loss is not finite names the batch's sentences, and leaves the last good checkpoint", () =>
  withFolder(async (folder) => {
    const config = await writeMiniature(
      folder,
      MINIATURE.replace(
        "train: { epochs: 3, learningRate: 1e-2 }",
        "train: { epochs: 3, learningRate: 1e+30 }",
      ),
    );
    const run = { config, store: join(folder, "store") };
    const error = await assertRejects(() => runMiniature(run), Error);
    assertMatch(
      error.message,
      /^Cannot go on training at epoch \d+, batch \d+: the loss is (NaN|-?Infinity), in the batch of /,
    );
    assertMatch(
      error.message,
      /in the batch of (word 1 of "[^"]+"(, |; )){1,16}the last checkpoint, of 20\S+, is in /,
    );
  }));

Deno.test("a training that is over is not given up while the disk is full for a while", () =>
  withFolder(async (folder) => {
    const run = { config: await writeMiniature(folder), store: join(folder, "store") };
    const messages: string[] = [];
    let failures = 0;
    using _ = watchFiles(({ name, path }) => {
      if (name === "write half" && path.endsWith("scores.json") && failures < 9) {
        failures++;
        throw systemError("ENOSPC");
      }
    });
    await runMiniature(run, ({ message }) => message && messages.push(message));
    assertEquals([failures, messages.length], [9, 9]);
    assertMatch(
      messages[0]!,
      /scores\.json.*there must be space left on the disk.*tried again in 30 s, 10 times more/,
    );
    await checkMiniature(run);
  }));

Deno.test("a masked language model whose loss is not finite names the lines of the batch", () =>
  withFolder(async (folder) => {
    const yaml = MINIATURE.replace("dapt: { ", "dapt: { learningRate: 1e+30, ");
    const run = { config: await writeMiniature(folder, yaml), store: join(folder, "store") };
    const error = await assertRejects(() => runMiniature(run), Error);
    assertMatch(
      error.message,
      /^Cannot go on training at epoch 1, batch 2: the loss is (NaN|-?Infinity), in the batch that/,
    );
    const lines = error.message.match(/begins at lines ([\d, ]+) of the text/)![1]!.split(", ").map(Number);
    assertEquals(lines.every((line) => line >= 1 && line <= 100), true, lines.join());
  }));

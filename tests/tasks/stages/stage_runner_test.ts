import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { basename, join } from "node:path";
import toolkit from "../../../deno.json" with { type: "json" };
import type { Progress } from "../../../model/training/progress.ts";
import { makeFolder, writeDurably } from "../../../tasks/files/durable_files.ts";
import { canonicalJson, sha256 } from "../../../tasks/files/hash.ts";
import { createStage, ensureStage } from "../../../tasks/stages/stage.ts";
import { removeLeftovers, runStage } from "../../../tasks/stages/stage_runner.ts";
import type { StageSpec } from "../../../tasks/stages/stage_record.ts";
import {
  checkStored,
  findStage,
  readStoredText,
  stageDir,
  stageKey,
} from "../../../tasks/stages/stage_results.ts";
import { crashAnywhere } from "../../crashing_disk.ts";
import { systemError, watchFiles } from "../../file_operations.ts";
import { withFolder } from "../../temporary_folder.ts";
import { NO_ENGINE } from "../no_engine.ts";

const SPEC: StageSpec = {
  stage: "pretrain",
  inputs: { train: "abc" },
  config: { epochs: 2, seed: 555 },
  code: { "model/a.ts": "1", "model/b.ts": "2" },
};

const withStore = (test: (store: string) => Promise<void>) =>
  withFolder((folder) => test(join(folder, "store")));

/** Everything in the store that counts as a result. */
async function namesIn(store: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(store), ({ name }) => name);
  return names.filter((name) => name !== ".unfinished").sort();
}

Deno.test("canonicalJson() is the same for equal data and refuses what JSON cannot say", () => {
  assertEquals(
    canonicalJson({ b: [1, { d: null, c: "ü" }], a: undefined, B: 2e-5 }),
    '{"B":0.00002,"b":[1,{"c":"ü","d":null}]}',
  );
  for (const value of [NaN, Infinity, () => 1, new Map(), undefined, 1n]) {
    assertThrows(() => canonicalJson({ x: [value] }), Error, "value.x[0]");
  }
});

Deno.test("sha256() gives the standard's digest", async () => {
  const digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  assertEquals(await sha256("abc"), digest);
  assertEquals(await sha256(new Uint8Array([97, 98, 99])), digest);
});

Deno.test("stageKey() depends on everything that goes in and not on the order of keys", async () => {
  const key = await stageKey(SPEC);
  assertMatch(key, /^[0-9a-f]{64}$/);
  // The toolkit's version too: another may compute something else.
  assertEquals(key, await sha256(canonicalJson({ ...SPEC, toolkit: toolkit.version })));
  assertEquals(
    await stageKey({
      config: { seed: 555, epochs: 2 },
      code: { "model/b.ts": "2", "model/a.ts": "1" },
      inputs: { train: "abc" },
      stage: "pretrain",
    }),
    key,
  );
  for (
    const other of [
      { ...SPEC, stage: "train" },
      { ...SPEC, inputs: { train: "abd" } },
      { ...SPEC, inputs: { dev: "abc" } },
      { ...SPEC, config: { epochs: 2, seed: 556 } },
      { ...SPEC, code: { "model/a.ts": "1", "model/b.ts": "3" } },
      { ...SPEC, code: { "model/a.ts": "1" } },
      { ...SPEC, code: { "model/a.ts": "1", "model/b.ts": "2", "model/c.ts": "2" } },
    ]
  ) assertNotEquals(await stageKey(other), key);
});

Deno.test("runStage() runs equal stages once and records what went in", () =>
  withStore(async (store) => {
    let nRuns = 0;
    const work = async (dir: string) => {
      nRuns++;
      await Deno.writeTextFile(join(dir, "model.txt"), "weights");
    };
    assertEquals(await findStage(store, SPEC), undefined);
    const first = await runStage(store, SPEC, work, { versions: { tfjs: "4.22.0" } });
    const second = await runStage(store, { ...SPEC }, work);
    assertEquals([nRuns, first.isReused, second.isReused, second.dir], [1, false, true, first.dir]);
    assertEquals(await Deno.readTextFile(join(second.dir, "model.txt")), "weights");
    const { key, stage, inputs, config, code, versions, wallSeconds, startedAt } = second.record;
    assertEquals({ stage, inputs, config, code }, SPEC);
    assertEquals([key, versions.tfjs, versions.deno], [await stageKey(SPEC), "4.22.0", Deno.version.deno]);
    assert(wallSeconds >= 0 && !Number.isNaN(Date.parse(startedAt)));
    const other = await runStage(store, { ...SPEC, config: { epochs: 3, seed: 555 } }, work);
    assertEquals([nRuns, other.isReused], [2, false]);
    const resumed = await runStage(store, { ...SPEC, config: {} }, () => Promise.resolve(100));
    assert(resumed.record.wallSeconds >= 100 && resumed.record.wallSeconds < 160);
    assertNotEquals(other.dir, first.dir);
  }));

Deno.test("runStage() stores nothing when the work fails, and runs it again the next time", () =>
  withStore(async (store) => {
    const fail = async (dir: string) => {
      await Deno.writeTextFile(join(dir, "half.txt"), "half");
      throw new Error("out of memory");
    };
    await assertRejects(() => runStage(store, SPEC, fail), Error, "out of memory");
    assertEquals(await namesIn(store), []);
    const { dir } = await runStage(store, SPEC, (dir) => Deno.writeTextFile(join(dir, "whole.txt"), ""));
    assertEquals((await Array.fromAsync(Deno.readDir(dir), ({ name }) => name)).sort(), [
      "stage.json",
      "whole.txt",
    ]);
  }));

Deno.test("runStage() removes what a killed process left before it starts", () =>
  withStore(async (store) => {
    const draft = join(store, ".unfinished", (await stageDir(store, SPEC)).split("/").at(-1)!);
    await Deno.mkdir(draft, { recursive: true });
    await Deno.writeTextFile(join(draft, "half.txt"), "half");
    assertEquals(await findStage(store, SPEC), undefined);
    const { dir } = await runStage(store, SPEC, () => Promise.resolve());
    assertEquals(await Array.fromAsync(Deno.readDir(dir), ({ name }) => name), ["stage.json"]);
  }));

Deno.test("runStage() refuses a folder that is not this stage's result", () =>
  withStore(async (store) => {
    const dir = await stageDir(store, SPEC);
    await Deno.mkdir(dir, { recursive: true });
    await assertRejects(() => runStage(store, SPEC, () => Promise.resolve()), Error, join(dir, "stage.json"));
    for (const text of ["{", "null", '{"key":"0"}']) {
      await Deno.writeTextFile(join(dir, "stage.json"), text);
      await assertRejects(() => findStage(store, SPEC), Error, "remove the folder");
    }
    await Deno.remove(dir, { recursive: true });
    await Deno.writeTextFile(dir, "");
    await assertRejects(() => findStage(store, SPEC), Error, `Cannot use "${dir}"`);
  }));

Deno.test("a stored stage lists its files, and one that is cut, changed or gone is refused", () =>
  withStore(async (store) => {
    const work = async (dir: string) => {
      await Deno.writeTextFile(join(dir, "a.txt"), "weights");
      await Deno.writeTextFile(join(dir, "b.txt"), "scores");
    };
    const { dir, record } = await runStage(store, SPEC, work);
    assertEquals(Object.keys(record.files), ["a.txt", "b.txt"]);
    // Found in a folder of another name, so that nothing was checked there before.
    const moved = join(store, "..", "moved");
    await Deno.rename(store, moved);
    const path = join(moved, basename(dir), "a.txt");
    await checkStored((await findStage(moved, SPEC))!);
    const other = join(store, "..", "other");
    await Deno.rename(moved, other);
    await Deno.writeTextFile(path.replace(moved, other), "weighty");
    const changed = (await findStage(other, SPEC))!;
    await assertRejects(() => checkStored(changed), Error, "it must be as it was stored");
    await assertRejects(() => readStoredText(changed, "a.txt"), Error, "it must be as it was stored");
    assertEquals(await readStoredText(changed, "b.txt"), "scores");
    for (
      const cut of [
        () => Deno.truncate(path.replace(moved, other), 3),
        () => Deno.remove(path.replace(moved, other)),
      ]
    ) {
      await cut();
      await assertRejects(() => findStage(other, SPEC), Error, "remove the folder to run the stage again");
    }
  }));

/** A stage that needs nothing, but for its work. */
const PLAIN = { stage: "finetune", label: "", needs: {}, engine: "onnx", config: {}, code: {} } as const;

Deno.test("ensureStage() takes away what is left beside a stage that was stored before its process was killed", () =>
  withStore(async (store) => {
    let keep = "";
    const stage = await createStage({
      ...PLAIN,
      work(_dir, _folders, context) {
        keep = context.keep;
        return Promise.resolve();
      },
    });
    const context = { store, engine: NO_ENGINE, report: () => {}, signal: new AbortController().signal };
    await ensureStage(context, stage);
    const old = keep.replace(/checkpoint$/, "old");
    for (const folder of [keep, old]) await Deno.mkdir(folder);
    await ensureStage(context, stage);
    for (const folder of [keep, old]) await assertRejects(() => Deno.stat(folder), Deno.errors.NotFound);
  }));

Deno.test("runStage() says what cannot be written, and keeps the checkpoint", () =>
  withStore(async (store) => {
    let checkpoint = "";
    const work = async (dir: string, folder: string) => {
      checkpoint = folder;
      await Deno.mkdir(folder, { recursive: true });
      await writeDurably(join(dir, "model.txt"), "weights");
    };
    for (const failing of ["mkdir", "open", "write half", "sync", "rename"]) {
      using _ = watchFiles(({ name, path }) => {
        if (name === failing && path !== checkpoint) throw systemError("ENOSPC");
      });
      const error = await assertRejects(() => runStage(store, SPEC, work), Error, "Cannot write");
      assertMatch(error.message, /store.*there must be space left on the disk/, failing);
    }
    assertEquals(await namesIn(store), []);
    assertEquals((await Deno.stat(checkpoint)).isDirectory, true);
    await runStage(store, SPEC, work);
    await assertRejects(() => Deno.stat(checkpoint), Deno.errors.NotFound);
  }));

Deno.test("runStage() replaces an earlier result when the new one is whole, and keeps it until then", () =>
  withStore(async (store) => {
    const write = (text: string) => (dir: string) => writeDurably(join(dir, "model.txt"), text);
    const contentOf = async ({ dir }: { dir: string }) => await Deno.readTextFile(join(dir, "model.txt"));
    const { dir, record } = await runStage(store, SPEC, write("old"));
    // What was begun since then is not run again, by whichever job.
    const same = await runStage(store, SPEC, write("new"), { since: record.startedAt });
    assertEquals([same.isReused, await contentOf(same)], [true, "old"]);
    const later = new Date(Date.parse(record.startedAt) + 1).toISOString();
    assertEquals(await findStage(store, SPEC, later), undefined);

    const options = { since: later };
    const failing = () => Promise.reject(new Error("no luck"));
    await assertRejects(() => runStage(store, SPEC, failing, options), Error, "no luck");
    assertEquals(await contentOf((await findStage(store, SPEC))!), "old");
    {
      using _ = watchFiles(({ name, path }) => {
        if (name === "rename" && path.includes(".unfinished") && !path.endsWith(".old")) {
          throw systemError("ENOSPC");
        }
      });
      await assertRejects(() => runStage(store, SPEC, write("new"), options), Error, "Cannot write");
    }
    assertEquals(await contentOf((await findStage(store, SPEC))!), "old");

    // A process was killed when the old result was out of the way, and the new one not yet in its place.
    const old = join(store, ".unfinished", `${basename(dir)}.old`);
    await Deno.rename(dir, old);
    const restored = await runStage(store, SPEC, write("new"));
    assertEquals([restored.isReused, await contentOf(restored)], [true, "old"]);

    const replaced = await runStage(store, SPEC, write("new"), options);
    assertEquals([replaced.isReused, replaced.dir, await contentOf(replaced)], [false, dir, "new"]);
    await checkStored(replaced);
    await assertRejects(() => Deno.stat(old), Deno.errors.NotFound);
    assertEquals(await namesIn(store), [basename(dir)]);
  }));

Deno.test("createStage() leaves out keys that are null, so that a new key keeps the stages that do not use it", async () => {
  const options = { ...PLAIN, work: () => Promise.resolve() };
  const { key } = await createStage({ ...options, config: { train: { epochs: 2 } } });
  const unused = await createStage({
    ...options,
    config: { train: { epochs: 2, clipNorm: null }, joint: null },
  });
  const used = await createStage({ ...options, config: { train: { epochs: 2, clipNorm: 1 } } });
  assertEquals(unused.key, key);
  assertNotEquals(used.key, key);
});

Deno.test("runStage() lets one of several callers work while the others wait for its result", () =>
  withStore(async (store) => {
    let nRuns = 0;
    const waits: string[] = [];
    const work = async (dir: string) => {
      nRuns++;
      await new Promise((resolve) => setTimeout(resolve, 100));
      await Deno.writeTextFile(join(dir, "model.txt"), "weights");
    };
    const onWait = (message: string) => void waits.push(message);
    const results = await Promise.all([1, 2, 3].map(() => runStage(store, SPEC, work, { onWait })));
    assertEquals([nRuns, results.filter(({ isReused }) => isReused).length], [1, 2]);
    // What this process is at itself is not told; who comes before its id is written cannot know that yet.
    for (const text of waits) {
      assertMatch(text, /^Waiting for another process, which runs the pretrain stage/);
    }
  }));

Deno.test("ensureStage() that waits for a stage stops when it is told to", () =>
  withStore(async (store) => {
    // It ends by itself, so that a wait that is not stopped ends, too.
    const stage = await createStage({ ...PLAIN, work: () => new Promise((end) => setTimeout(end, 2_000)) });
    const run = async (report: Progress, stop = new AbortController()) => {
      const context = { store, engine: NO_ENGINE, report, signal: stop.signal };
      return await ensureStage(context, stage);
    };
    const told: unknown[] = [];
    const first = run(() => {});
    const stop = new AbortController();
    const reason = new Error("stopped by the test");
    await new Promise((go) => setTimeout(go, 100));
    const waiting = run((event) => told.push(event), stop);
    setTimeout(() => stop.abort(reason), 300);
    assertEquals(await assertRejects(() => waiting, Error), reason);
    assertEquals(told, []);
    assertEquals(await namesIn(store), []);
    assertEquals((await first).isReused, false);
  }));

Deno.test("runStage() takes over from a process that was killed in the middle", () =>
  withStore(async (store) => {
    const module = new URL("../../../tasks/stages/stage_runner.ts", import.meta.url).href;
    const script = `
      import { runStage } from ${JSON.stringify(module)};
      await runStage(${JSON.stringify(store)}, ${JSON.stringify(SPEC)}, async (dir) => {
        await Deno.writeTextFile(dir + "/half.txt", "half");
        console.log("working");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`;
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(file, script);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-config", "--no-lock", "--allow-read", "--allow-write", file],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    const waits: string[] = [];
    const waiting = runStage(store, SPEC, (dir) => Deno.writeTextFile(join(dir, "whole.txt"), ""), {
      onWait: (message) => {
        waits.push(message);
        child.kill("SIGKILL");
      },
    });
    const { dir, isReused } = await waiting;
    await child.status;
    await reader.cancel();
    await Deno.remove(file);
    assertEquals([isReused, waits.length], [false, 1]);
    assertMatch(waits[0]!, new RegExp(`process ${child.pid},`));
    assertEquals((await Array.fromAsync(Deno.readDir(dir), ({ name }) => name)).sort(), [
      "stage.json",
      "whole.txt",
    ]);
  }));

Deno.test("runStage() stores a stage whole or not at all wherever the machine goes down, and for good", () =>
  withFolder((folder) => {
    const work = async (dir: string, checkpoint: string) => {
      await makeFolder(checkpoint);
      await writeDurably(join(checkpoint, "state"), "half way");
      await writeDurably(join(dir, "model.txt"), "weights");
      // Without waiting for the disk: the store does that.
      await Deno.writeTextFile(join(dir, "scores.txt"), "0.5");
    };
    return crashAnywhere(
      folder,
      (root) => runStage(join(root, "results", "store"), SPEC, work),
      async (root, isOver) => {
        const store = join(root, "results", "store");
        const found = await findStage(store, SPEC);
        if (isOver) assert(found, "what was stored is gone");
        const stored = await runStage(store, SPEC, work);
        await checkStored(stored);
        assertEquals(await readStoredText(stored, "scores.txt"), "0.5");
        await removeLeftovers(stored);
        assertEquals(
          await Array.fromAsync(Deno.readDir(join(store, ".unfinished")), ({ isFile }) => isFile),
          [true],
        );
      },
    );
  }));

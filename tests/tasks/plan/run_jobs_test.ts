import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { hashFile } from "../../../tasks/files/hash.ts";
import { planStatus } from "../../../tasks/plan/plan_status.ts";
import { requestedPlan } from "../../../tasks/plan/requested_plan.ts";
import { runJobs } from "../../../tasks/plan/run_jobs.ts";
import { REPRODUCE, reproduce } from "../../../tasks/reproduce.ts";
import type { JobEvent } from "../../../tasks/terminal/progress.ts";
import { withFolder } from "../../temporary_folder.ts";
import { MINIATURE } from "../miniature.ts";
import { runForTest } from "../run_command.ts";

/** Writes the miniature experiment and hands over the flag that chooses it. */
async function withMiniature(work: (config: string[], folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const path = join(folder, "miniature.yaml");
    await Deno.writeTextFile(path, MINIATURE);
    await work(["--config", path], folder);
  });
}

/** The hashes of the models of a results folder, by stage. */
async function modelsIn(results: string): Promise<Record<string, string>> {
  const stages = join(results, "stages");
  const models: Record<string, string> = {};
  for await (const { name } of Deno.readDir(stages)) {
    if (name.startsWith(".")) continue;
    models[name] = (await hashFile(join(stages, name, "model.safetensors"))).sha256;
  }
  return models;
}

Deno.test("jobs side by side make the same models to the bit, each stage once", () =>
  withMiniature(async (miniature, folder) => {
    const alone = join(folder, "alone");
    const together = join(folder, "together");
    const run = (...args: string[]) => runForTest(REPRODUCE, reproduce, [...miniature, ...args]);
    const outputs = [
      await run("--results", alone, "--jobs", "1", "--threads", "1"),
      await run("--results", together, "--jobs", "3", "--threads", "1"),
    ];
    const [first, second] = outputs.map(({ code, errors, printed }) => {
      assertEquals([code, errors], [0, ""]);
      return printed.replace(/^Report: .*/m, "");
    });
    assertEquals(second, first);
    assertEquals(await modelsIn(together), await modelsIn(alone));

    const log = await Deno.readTextFile(join(together, "miniature", "progress.jsonl"));
    const events: JobEvent[] = log.trim().split("\n").map((line) => JSON.parse(line));
    const jobsOf = Map.groupBy(events, ({ stage }) => stage);
    assertEquals(jobsOf.size, 10);
    for (const [stage, events] of jobsOf) assertEquals(new Set(events.map(({ job }) => job)).size, 1, stage);
    assert(new Set(events.map(({ job }) => job)).size > 1);
    // Nobody is waited for that is shown beside.
    assertEquals(events.filter(({ message }) => message !== undefined), []);
  }));

Deno.test("what fails in a job ends the others, and the run, with its message", () =>
  withMiniature(async (miniature, folder) => {
    const args = [...miniature, "--results", folder];
    await runForTest(REPRODUCE, reproduce, [...args, "--systems", "bert-tagger"]);
    const stages = await Array.fromAsync(Deno.readDir(join(folder, "stages")));
    const encoder = join(folder, "stages", stages.find(({ name }) => name.startsWith("encoder"))!.name);
    const path = join(encoder, "model.safetensors");
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await Deno.writeFile(path, bytes);
    const { code, errors } = await runForTest(REPRODUCE, reproduce, [...args, "--jobs", "2"]);
    assertEquals(code, 1);
    assertStringIncludes(errors, `Error: Cannot use "${path}"`);
  }));

Deno.test("jobs that are told to stop leave checkpoints, and go on from there", () =>
  withMiniature(async ([, config], folder) => {
    const flags = { profile: "sample", set: ["train.epochs=1000"], config, threads: 1, jobs: 2 };
    const { plan } = await requestedPlan({ flags });
    const store = join(folder, "stages");
    const { pending } = await planStatus(plan, store);
    const numbers = new Map(pending.map(({ stage }, i) => [stage.key, i + 1]));
    const request = { request: { flags }, store, numbers, modules: [] };
    const until = (isReached: (event: JobEvent) => boolean) => {
      const controller = new AbortController();
      const reason = new Error("enough");
      const report = (event: JobEvent) => void (isReached(event) && controller.abort(reason));
      return assertRejects(() => runJobs(request, 2, { report, signal: controller.signal }), Error, "enough");
    };
    await until(({ epochs = 0, epoch = 0 }) => epochs === 1000 && epoch > 2);
    const unfinished = await Array.fromAsync(Deno.readDir(join(store, ".unfinished")));
    assert(unfinished.some(({ name }) => /^finetune-\w+\.checkpoint$/.test(name)));
    await until(({ message }) => /goes on from its checkpoint/.test(message ?? ""));
  }));

Deno.test("no job is refused", async () => {
  const { code, errors } = await runForTest(REPRODUCE, reproduce, ["--jobs", "0"]);
  assertEquals([code, errors], [2, "Error: Cannot use --jobs 0: expected 1 or more"]);
});

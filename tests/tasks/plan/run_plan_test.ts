import { assertEquals } from "@std/assert";
import { join } from "node:path";
import type { Plan } from "../../../tasks/plan/plan.ts";
import { runPlan } from "../../../tasks/plan/run_plan.ts";
import type { Stage } from "../../../tasks/stages/stage.ts";
import { withFolder } from "../../temporary_folder.ts";
import { NO_ENGINE } from "../no_engine.ts";

/** A stage that notes its name; `work` may keep it from its end. */
function stageOf(
  ran: string[],
  name: string,
  needs: Record<string, Stage>,
  work = () => Promise.resolve(),
): Stage {
  return {
    key: name,
    label: name,
    spec: { stage: name, inputs: {}, config: {}, code: {} },
    needs,
    async work(dir) {
      ran.push(name);
      await work();
      await Deno.writeTextFile(join(dir, "out"), name);
    },
  };
}

/** Waits until it is waited for twice; one runner alone, or two at the same stage, fail after half a minute. */
function untilTwo(): () => Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let n = 0;
  let deadline: ReturnType<typeof setTimeout>;
  return () => {
    if (++n === 1) {
      deadline = setTimeout(() => reject(new Error("nobody else ran a stage beside this one")), 30_000);
    } else {
      clearTimeout(deadline);
      resolve();
    }
    return promise;
  };
}

/** Runs a plan twice at once on the same results. */
async function runTwice(goals: readonly Stage[]): Promise<void> {
  await withFolder(async (results) => {
    const plan = {
      profile: { name: "shared" },
      runs: goals.map((finetuned) => ({ finetuned, labels: null })),
    } as unknown as Plan;
    const options = { engine: NO_ENGINE, results, status: { pending: [], stored: [], experiments: [] } };
    await Promise.all([runPlan(plan, options), runPlan(plan, options)]);
  });
}

Deno.test("runPlan() takes stages that no other process is at, so that two share the work", async () => {
  const ran: string[] = [];
  const bothRun = untilTwo();
  const [a, b] = ["a", "b"].map((name) => stageOf(ran, name, {}, bothRun));
  await runTwice([
    stageOf(ran, "a1", { a: a! }),
    stageOf(ran, "a2", { a: a! }),
    stageOf(ran, "b1", { b: b! }),
  ]);
  assertEquals(ran.slice(0, 2).sort(), ["a", "b"]);
  assertEquals(ran.toSorted(), ["a", "a1", "a2", "b", "b1"]);
});

Deno.test("runPlan() runs every stage again where that is asked for, once whoever shares the work", () =>
  withFolder(async (results) => {
    const ran: string[] = [];
    const a = stageOf(ran, "a", {});
    const goals = [stageOf(ran, "a1", { a }), stageOf(ran, "a2", { a })];
    const plan = {
      profile: { name: "again" },
      runs: goals.map((finetuned) => ({ finetuned, labels: null })),
    } as unknown as Plan;
    const options = { engine: NO_ENGINE, results, status: { pending: [], stored: [], experiments: [] } };
    await runPlan(plan, options);
    await runPlan(plan, options);
    assertEquals(ran, ["a", "a1", "a2"]);
    await new Promise((end) => setTimeout(end, 2));
    const again = { ...options, rerun: { since: new Date().toISOString(), needs: true } };
    await Promise.all([runPlan(plan, again), runPlan(plan, again)]);
    assertEquals(ran.slice(3).sort(), ["a", "a1", "a2"]);
  }));

Deno.test("runPlan() goes on with other stages when the one that all waited for is done", async () => {
  const ran: string[] = [];
  const bothRun = untilTwo();
  const encoder = stageOf(ran, "encoder", {}, () => new Promise((resolve) => setTimeout(resolve, 300)));
  const [a, b] = ["a", "b"].map((name) => stageOf(ran, name, { encoder }, bothRun));
  await runTwice([stageOf(ran, "a1", { a: a! }), stageOf(ran, "b1", { b: b! })]);
  assertEquals(ran.slice(0, 3).toSorted(), ["a", "b", "encoder"]);
  assertEquals(ran.toSorted(), ["a", "a1", "b", "b1", "encoder"]);
});

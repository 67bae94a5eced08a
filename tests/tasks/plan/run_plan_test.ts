import { assertEquals } from "@std/assert";
import { join } from "node:path";
import type { Plan } from "../../../tasks/plan/plan.ts";
import { runPlan } from "../../../tasks/plan/run_plan.ts";
import type { Stage } from "../../../tasks/stages/stage.ts";
import { withFolder } from "../../temporary_folder.ts";
import { NO_ENGINE } from "../no_engine.ts";

Deno.test("runPlan() takes stages that no other process is at, so that two share the work", async () => {
  await withFolder(async (results) => {
    const ran: string[] = [];
    let open = () => {};
    const bothRun = new Promise<void>((resolve) => open = resolve);
    const stage = (name: string, needs: Record<string, Stage>, work = () => Promise.resolve()): Stage => ({
      key: name,
      label: name,
      spec: { stage: name, inputs: {}, config: {} },
      needs,
      async work(dir) {
        ran.push(name);
        if (ran.length === 2) open();
        await work();
        await Deno.writeTextFile(join(dir, "out"), name);
      },
    });
    // Each goal's first stage waits until two are at work: one runner alone, or two at the same one, would hang.
    const [a, b] = ["a", "b"].map((name) => stage(name, {}, () => bothRun));
    const goals = [stage("a1", { a }), stage("a2", { a }), stage("b1", { b })];
    const plan = {
      profile: { name: "shared" },
      runs: goals.map((finetuned) => ({ finetuned, labels: null })),
    } as unknown as Plan;
    const options = {
      engine: NO_ENGINE,
      results,
      status: { pending: [], experiments: [] },
    };
    await Promise.all([runPlan(plan, options), runPlan(plan, options)]);
    assertEquals(ran.slice(0, 2).sort(), ["a", "b"]);
    assertEquals(ran.toSorted(), ["a", "a1", "a2", "b", "b1"]);
  });
});

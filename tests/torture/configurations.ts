/** Random combinations of what keys may be, run whole at the smallest size: stages, or a refusal by a rule. */
import { join } from "node:path";
import { createEngine } from "../../model/engine/create_engine.ts";
import { readProfile } from "../../tasks/config/read_profile.ts";
import { goalsOf, planProfile } from "../../tasks/plan/plan.ts";
import { loadReport } from "../../tasks/report/load_report.ts";
import { reportFiles } from "../../tasks/report/report_files.ts";
import { ensureStage } from "../../tasks/stages/stage.ts";
import { factorsIn, isRefusal, writeInputs } from "../tasks/configurations.ts";
import { pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

export const CONFIGURATIONS: Torture = {
  name: "configurations",
  what: "valid experiments",
  tries: { test: 6, torture: 300 },
  async begin(folder) {
    const config = await writeInputs(folder);
    const factors = Object.values(factorsIn(folder));
    const engine = await createEngine("onnx");
    const results = join(folder, "results");
    const context = {
      store: join(results, "stages"),
      engine,
      report: () => {},
      signal: new AbortController().signal,
    };
    return async (random) => {
      // Nothing is downloaded.
      const local = factors.map((values) =>
        values.filter((value) => !/encoder=(org|https)/.test(value.join()))
      );
      const overrides = local.flatMap((values) => pick(random, values));
      try {
        const plan = await planProfile(await readProfile(config, { overrides }), "onnx");
        const [run] = plan.runs;
        for (const goal of run ? goalsOf(run) : []) await ensureStage(context, goal);
        await reportFiles(await loadReport(plan, results, "2000-01-01T00:00:00Z"));
        return run ? "run" : "shown";
      } catch (error) {
        if (!isRefusal(error)) throw new Error(`${overrides.join(" ")}: ${error}`, { cause: error });
        return "refused";
      }
    };
  },
};

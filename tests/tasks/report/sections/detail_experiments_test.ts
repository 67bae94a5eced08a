import { assertEquals } from "@std/assert";
import type { ReportExperiment } from "../../../../tasks/report/report_data.ts";
import { detailParts } from "../../../../tasks/report/sections/detail_experiments.ts";
import { makeExperiment, makeRun } from "../make_experiment.ts";

/** An experiment with a run for each key, "ai/1" being stage 1 on ai; a key that ends in "?" is missing. */
function experimentOf(name: string, keys: string[], show: ReportExperiment["show"] = "table") {
  const runs = keys.map((key) => {
    const run = makeRun({ target: key.split("/")[0]!, f1: key.endsWith("?") ? null : 50 });
    return run.result ? { ...run, result: { ...run.result, key } } : run;
  });
  return { ...makeExperiment([], { name, title: name.toUpperCase(), show }), runs };
}

function titles(...experiments: ReportExperiment[]): string[] {
  return detailParts(experiments).map(({ experiment, title }) => `${experiment.name}: ${title}`);
}

Deno.test("detailParts() leaves out an experiment whose results are all in another", () => {
  const small = experimentOf("small", ["ai/1", "ai/2?"]);
  const large = experimentOf("large", ["ai/1", "ai/2"]);
  assertEquals(titles(small, large), ["large: ai"]);
  assertEquals(titles(large, small), ["large: ai"]);
});

Deno.test("detailParts() keeps the first of experiments with the same results", () => {
  assertEquals(titles(experimentOf("a", ["ai/1"]), experimentOf("b", ["ai/1"])), ["a: ai"]);
});

Deno.test("detailParts() names the experiments when several are looked at on a target", () => {
  const first = experimentOf("a", ["ai/1", "ai/2", "music/3"]);
  const second = experimentOf("b", ["ai/2", "ai/4"]);
  assertEquals(titles(first, second), ["a: ai (A)", "b: ai (B)", "a: music"]);
});

Deno.test("detailParts() leaves out sweeps, and targets without results", () => {
  const sweep = experimentOf("sweep", ["ai/1", "ai/2"], "lines");
  assertEquals(titles(sweep, experimentOf("a", ["ai/1", "music/2?"])), ["a: ai"]);
});

import { assertEquals } from "@std/assert";
import { claimsOf } from "../../../../tasks/report/sections/claims.ts";
import { makeExperiment, makePaper, type RunSketch } from "../make_experiment.ts";

const tagger = (rest: RunSketch): RunSketch => ({ system: "bert-tagger", ...rest });
const paper = makePaper();

/** Claims with their numbers rounded as they are shown. */
function shown(claims: ReturnType<typeof claimsOf>) {
  return claims.map(({ system, baseline, targets, nHolds, nSeeds, ours, paper, experiment }) => ({
    pair: `${system} / ${baseline}`,
    experiment,
    targets: targets.join(" "),
    nHolds,
    nSeeds,
    ours: [ours.system, ours.baseline, ours.difference].map((value) => value.toFixed(2)),
    paper: paper?.toFixed(2) ?? null,
  }));
}

Deno.test("claimsOf() compares systems over the seeds that both have", () => {
  const experiment = makeExperiment([
    { seed: 1, f1: 60 },
    { seed: 2, f1: 90 },
    { seed: 3, f1: null },
    tagger({ seed: 1, f1: 50 }),
    tagger({ seed: 2, f1: null }),
    tagger({ seed: 3, f1: 10 }),
  ]);
  assertEquals(shown(claimsOf({ experiments: [experiment], paper })), [{
    pair: "laner / bert-tagger",
    experiment: "table_2",
    targets: "ai",
    nHolds: 1,
    nSeeds: [1, 1],
    ours: ["60.00", "50.00", "10.00"],
    paper: null,
  }]);
});

Deno.test("claimsOf() averages over targets, and says on how many of them a claim holds", () => {
  const experiment = makeExperiment([
    { target: "ai", seed: 1, f1: 60 },
    { target: "ai", seed: 2, f1: 62 },
    tagger({ target: "ai", seed: 1, f1: 50 }),
    tagger({ target: "ai", seed: 2, f1: 54 }),
    { target: "movie", seed: 1, f1: 70 },
    tagger({ target: "movie", seed: 1, f1: 73 }),
    { target: "music", seed: 1, f1: 99 },
    tagger({ target: "music", seed: 1, f1: null }),
  ]);
  const printed = makePaper({
    tables: {
      table_2: [
        { system: "laner", adapt: false, f1: { ai: 61, movie: 72, music: 80 } },
        { system: "bert-tagger", adapt: false, f1: { ai: 58, movie: 71, music: 0 } },
      ],
    },
  });
  assertEquals(shown(claimsOf({ experiments: [experiment], paper: printed })), [{
    pair: "laner / bert-tagger",
    experiment: "table_2",
    targets: "ai movie",
    nHolds: 1,
    nSeeds: [1, 2],
    ours: ["65.50", "62.50", "3.00"],
    paper: "2.00",
  }]);
});

Deno.test("claimsOf() has no number of the paper when it does not report a target", () => {
  const experiment = makeExperiment([
    ...["ai", "news"].flatMap((target) => [{ target, f1: 60 }, tagger({ target, f1: 50 })]),
  ]);
  const printed = makePaper({
    tables: {
      table_2: [
        { system: "laner", adapt: false, f1: { ai: 61 } },
        { system: "bert-tagger", adapt: false, f1: { ai: 58, news: 1 } },
      ],
    },
  });
  assertEquals(claimsOf({ experiments: [experiment], paper: printed })[0]!.paper, null);
});

Deno.test("claimsOf() averages the five domains of CrossNER alone when all of them count", () => {
  const five = ["politics", "science", "music", "literature", "ai"];
  const sketches = (targets: string[]) =>
    targets.flatMap((target, i) => [{ target, f1: 60 + i }, tagger({ target, f1: 50 })]);
  const all = claimsOf({ experiments: [makeExperiment(sketches(["movie", ...five]))], paper })[0]!;
  assertEquals(all.targets, five);
  assertEquals(all.ours.difference.toFixed(6), "13.000000");
  const four = claimsOf({ experiments: [makeExperiment(sketches(["movie", ...five.slice(1)]))], paper })[0]!;
  assertEquals(four.targets, ["movie", ...five.slice(1)]);
});

Deno.test("claimsOf() takes each claim from the first table that has results of both systems", () => {
  const sweep = makeExperiment([{ f1: 1 }, tagger({ f1: 2 })], { name: "figure_3", show: "lines" });
  const first = makeExperiment([{ f1: 60 }, { f1: 65, adapt: true }, tagger({ f1: null })]);
  const second = makeExperiment([{ f1: 30 }, { f1: 31, adapt: true }, tagger({ f1: 20 })], {
    name: "table_3",
  });
  assertEquals(
    shown(claimsOf({ experiments: [sweep, first, second], paper })).map(({ pair, experiment, ours }) => [
      pair,
      experiment,
      ours[2],
    ]),
    [["laner / bert-tagger", "table_3", "10.00"], ["laner + DAPT / laner", "table_2", "5.00"]],
  );
  assertEquals(claimsOf({ experiments: [sweep], paper }), []);
});

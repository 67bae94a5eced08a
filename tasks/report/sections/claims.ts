/** The paper's claims that one system is better than another: by how much, in our results and in the paper. */
import { meanAndStd } from "../../../data/scores/seed_tests.ts";
import { systemName } from "../../plan/system_name.ts";
import { CROSSNER } from "../comparison.ts";
import type { PaperResults, ReportData, ReportExperiment } from "../report_data.ts";
import { targetsOf, testF1 } from "../run_groups.ts";
import { pairedRunsOf } from "../system_runs.ts";

/** A claim: the first system is better than the second. */
export interface Pair {
  system: string;
  baseline: string;
  /** The meaning of the difference. */
  meaning: string;
}

/** The systems that the paper compares, by their names in tables. */
export const PAIRS: readonly Pair[] = [
  { system: "laner", baseline: "bert-tagger", meaning: "label awareness" },
  { system: "laner", baseline: "bert-crf", meaning: "label awareness, not only of the tag before" },
  { system: "laner", baseline: "laner-without-label-context", meaning: "label context" },
  { system: "laner", baseline: "laner-without-label-background", meaning: "label background" },
  { system: "laner + DAPT", baseline: "laner", meaning: "adaptation of the encoder" },
  { system: "laner + DAPT", baseline: "bert-tagger + DAPT", meaning: "label awareness after adaptation" },
];

/** A claim with the numbers for it. */
export interface Claim extends Pair {
  /** Name of the experiment that the numbers are from. */
  experiment: string;
  /** The targets over which the numbers are averaged. */
  targets: readonly string[];
  /** The number of targets on which the first system is better. */
  nHolds: number;
  /** Seeds behind each target's numbers: the fewest and the most that both systems have. */
  nSeeds: readonly [number, number];
  /** Mean test F1 of both in percent, and the first minus the second. */
  ours: { system: number; baseline: number; difference: number };
  /** The paper's difference on the same targets; null where it does not report both. */
  paper: number | null;
}

/**
 * Collects the claims for which there are results, each from the first table that has both systems.
 *
 * On each target the seeds count that both systems have. Numbers are averaged over the five domains of CrossNER if all
 * of them have such seeds, as in the paper, else over all targets that do.
 */
export function claimsOf({ experiments, paper }: Pick<ReportData, "experiments" | "paper">): Claim[] {
  const tables = experiments.filter(({ show }) => show === "table");
  return PAIRS.flatMap((pair) => {
    for (const experiment of tables) {
      const claim = claimOf(pair, experiment, paper);
      if (claim) return [claim];
    }
    return [];
  });
}

/** The scores of two systems on one target. */
interface Duel {
  target: string;
  system: number;
  baseline: number;
  nSeeds: number;
}

function claimOf(pair: Pair, experiment: ReportExperiment, paper: PaperResults): Claim | null {
  const all = targetsOf(experiment)
    .flatMap((target) => duelOf(pair, experiment, target) ?? []);
  if (all.length === 0) return null;
  const five = all.filter(({ target }) => CROSSNER.includes(target));
  const duels = five.length === CROSSNER.length ? five : all;
  const mean = (of: (duel: Duel) => number) => meanAndStd(duels.map(of)).mean;
  const targets = duels.map(({ target }) => target);
  const seeds = duels.map(({ nSeeds }) => nSeeds);
  const [system, baseline] = [mean((duel) => duel.system), mean((duel) => duel.baseline)];
  return {
    ...pair,
    experiment: experiment.name,
    targets,
    nHolds: duels.filter((duel) => duel.system > duel.baseline).length,
    nSeeds: [Math.min(...seeds), Math.max(...seeds)],
    ours: { system, baseline, difference: system - baseline },
    paper: paperDifference(pair, paper.tables[experiment.name] ?? [], targets),
  };
}

function duelOf({ system, baseline }: Pair, experiment: ReportExperiment, target: string): Duel | null {
  const pairs = pairedRunsOf(experiment, target, [system, baseline]);
  if (pairs === null) return null;
  const { first, second } = pairs;
  const f1Of = (runs: typeof first) => testF1({ runs })!.mean;
  return { target, system: f1Of(first), baseline: f1Of(second), nSeeds: first.length };
}

function paperDifference(
  { system, baseline }: Pair,
  rows: PaperResults["tables"][string],
  targets: readonly string[],
): number | null {
  const [a, b] = [system, baseline].map((name) => rows.find((row) => systemName(row) === name));
  const differences = targets.flatMap((target) => {
    const [ours, theirs] = [a?.f1[target], b?.f1[target]];
    return ours === undefined || theirs === undefined ? [] : [ours - theirs];
  });
  return differences.length < targets.length ? null : meanAndStd(differences).mean;
}

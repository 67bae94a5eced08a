/** The experiments to show in detail: by entity type, by error, sentence by sentence. */
import type { ReportExperiment } from "../report_data.ts";
import { distinct, targetsOf } from "../run_groups.ts";
import { experimentHeading } from "./experiment_heading.ts";

/** An experiment on one of its targets. */
export interface DetailPart {
  experiment: ReportExperiment;
  target: string;
  /** The title of the part among others: the target, with the experiment if several are shown for it. */
  title: string;
}

/**
 * Selects the experiments with results on each target, without those whose results are all part of another one, so that
 * each system is compared with all others once. Sweeps (`show: lines`) are left out: their many runs show a course, not
 * a system.
 */
export function detailParts(experiments: readonly ReportExperiment[]): DetailPart[] {
  const candidates = experiments.filter(({ show }) => show !== "lines");
  const targets = distinct(candidates.flatMap(targetsOf));
  return targets.flatMap((target) => {
    const keys = candidates.map((experiment) => keysOf(experiment, target));
    const kept = candidates.filter((_, i) =>
      keys[i]!.size > 0 &&
      !keys.some((other, k) => k !== i && keys[i]!.isSubsetOf(other) && (other.size > keys[i]!.size || k < i))
    );
    return kept.map((experiment) => ({
      experiment,
      target,
      title: kept.length > 1 ? `${target} (${experimentHeading(experiment)})` : target,
    }));
  });
}

/** Returns the stage keys of an experiment's results on a target. */
function keysOf({ runs }: ReportExperiment, target: string): Set<string> {
  return new Set(runs.flatMap((run) => run.target === target && run.result ? [run.result.key] : []));
}

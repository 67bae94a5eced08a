/** The runs of each system on one target, with the system's name in tables and figures. */
import { errorMessage, nearestName } from "../errors.ts";
import { rowName } from "./comparison.ts";
import type { ReportExperiment } from "./report_data.ts";
import { type DoneRun, doneRuns, groupRuns } from "./run_groups.ts";

/** A system with its runs on one target. */
export interface SystemRuns {
  /** The name in tables and figures: "laner + DAPT". */
  name: string;
  /** The finished runs, in the order of the experiment's seeds. */
  runs: readonly DoneRun[];
}

/** Returns the systems of an experiment on a target. */
export function systemRuns(experiment: ReportExperiment, target: string): SystemRuns[] {
  return groupRuns(experiment)
    .filter((group) => group.target === target)
    .map((group) => ({ name: rowName(experiment, group), runs: doneRuns(group) }));
}

/** Returns the systems of an experiment on a target that have a finished run. */
export function doneSystems(experiment: ReportExperiment, target: string): SystemRuns[] {
  return systemRuns(experiment, target).filter(({ runs }) => runs.length > 0);
}

/**
 * Finds one system of an experiment on a target.
 *
 * @throws Error with the nearest name if there is no such system.
 */
export function systemRunsOf(experiment: ReportExperiment, target: string, name: string): SystemRuns {
  const systems = systemRuns(experiment, target);
  const names = systems.map((system) => system.name);
  const found = systems.find((system) => system.name === name);
  if (found) return found;
  const rule = `must be a system that is run on ${target}, there are ${names.join(", ") || "none"}`;
  const suggestion = nearestName(name, names);
  throw new Error(errorMessage({ act: "show", subject: name, place: experiment.name, rule, suggestion }));
}

/** Pairs the runs of two systems that were trained with the same seeds, in the same order. */
export function pairedRuns(a: SystemRuns, b: SystemRuns): { first: DoneRun[]; second: DoneRun[] } {
  const pairs = a.runs.flatMap((run) => {
    const other = b.runs.find(({ seed }) => seed === run.seed);
    return other ? [[run, other] as const] : [];
  });
  return { first: pairs.map(([run]) => run), second: pairs.map(([, other]) => other) };
}

/** Pairs the runs of two systems by name; null if one of them was not run on the target, or they share no seed. */
export function pairedRunsOf(
  experiment: ReportExperiment,
  target: string,
  names: readonly [string, string],
): ReturnType<typeof pairedRuns> | null {
  const systems = systemRuns(experiment, target);
  const [a, b] = names.map((wanted) => systems.find(({ name }) => name === wanted));
  const pairs = a && b && pairedRuns(a, b);
  return pairs && pairs.first.length > 0 ? pairs : null;
}

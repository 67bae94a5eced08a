/** The data sets of a plan, and the findings about them. */
import type { DataFinding } from "../data_sets/data_finding.ts";
import { dataFindings } from "../data_sets/data_findings.ts";
import type { DataSet } from "../data_sets/data_sets.ts";
import { textFindings } from "../data_sets/train_findings.ts";
import type { Plan, PlannedRun } from "./plan.ts";

/** The source and the targets of a plan's runs. */
export interface PlanData {
  /** The source; null if no experiment trains on one. */
  source: DataSet | null;
  /** The targets, whole even if an experiment takes only some training sentences. */
  targets: DataSet[];
}

/** Reads the data sets of a plan. */
export async function dataOfPlan({ profile, data, runs }: Omit<Plan, "engine">): Promise<PlanData> {
  const { config, experiments } = profile;
  const names = new Set([...config.data.targets, ...runs.map(({ target }) => target)]);
  const usesSource = experiments.some(({ config }) => config.strategy !== "in-domain");
  const targets: DataSet[] = [];
  for (const name of names) targets.push(await data.wholeTarget(config.data, name));
  return { source: usesSource ? await data.source(config.data) : null, targets };
}

/** Returns the findings about the data of a plan. */
export async function findingsOfPlan(plan: Plan): Promise<DataFinding[]> {
  const { source, targets } = await dataOfPlan(plan);
  return [...dataFindings(source, targets), ...await textFindingsOf(plan.data, plan.runs)];
}

/** Returns the findings about the data of one run, with the target's training sentences that it takes. */
export async function findingsOfRun({ data }: Pick<Plan, "data">, run: PlannedRun): Promise<DataFinding[]> {
  const { config } = run;
  const source = config.strategy === "in-domain" ? null : await data.source(config.data);
  return [
    ...dataFindings(source, [await data.target(config)]),
    ...await textFindingsOf(data, [run]),
  ];
}

/** Returns the findings about the texts that encoders are adapted to, by target. */
async function textFindingsOf(data: Plan["data"], runs: readonly PlannedRun[]): Promise<DataFinding[]> {
  const configs = new Map(runs.filter(({ adapt }) => adapt).map(({ target, config }) => [target, config]));
  const findings: DataFinding[] = [];
  for (const [target, config] of configs) {
    findings.push(...textFindings(target, (await data.targetText(config)).lines));
  }
  return findings;
}

/** The data sets of a plan, and what is odd about them. */
import type { DataFinding } from "../data_sets/data_finding.ts";
import { dataFindings } from "../data_sets/data_findings.ts";
import type { DataSet } from "../data_sets/data_sets.ts";
import { textFindings } from "../data_sets/train_findings.ts";
import type { Plan, PlannedRun } from "./plan.ts";

/** The data sets that runs begin with and end at. */
export interface PlanData {
  /** Null if no experiment trains on a source. */
  source: DataSet | null;
  /** Whole, however few training sentences an experiment takes. */
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

/** What is odd about the data of a plan. */
export async function findingsOfPlan(plan: Plan): Promise<DataFinding[]> {
  const { source, targets } = await dataOfPlan(plan);
  return [...dataFindings(source, targets), ...await textFindingsOf(plan.data, plan.runs)];
}

/** What is odd about the data of one run, as few training sentences of the target as it takes. */
export async function findingsOfRun({ data }: Pick<Plan, "data">, run: PlannedRun): Promise<DataFinding[]> {
  const { config } = run;
  const source = config.strategy === "in-domain" ? null : await data.source(config.data);
  return [
    ...dataFindings(source, [await data.target(config)]),
    ...await textFindingsOf(data, [run]),
  ];
}

/** Of the texts that encoders are adapted to, by target. */
async function textFindingsOf(data: Plan["data"], runs: readonly PlannedRun[]): Promise<DataFinding[]> {
  const configs = new Map(runs.filter(({ adapt }) => adapt).map(({ target, config }) => [target, config]));
  const findings: DataFinding[] = [];
  for (const [target, config] of configs) {
    findings.push(...textFindings(target, (await data.targetText(config)).lines));
  }
  return findings;
}

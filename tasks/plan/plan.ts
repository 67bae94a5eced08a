/** The plan of an experiment: its runs, and the stages of each. Nothing is run here. */
import type { EngineName } from "../../model/engine/engine.ts";
import { systemOf } from "../../model/systems/systems.ts";
import { type Experiment, hasRuns, type Profile, type Varied } from "../config/read_profile.ts";
import { type Run, type RunConfig, runConfigs } from "../config/run_config.ts";
import { createExperimentData, type ExperimentData } from "../data_sets/experiment_data.ts";
import { errorMessage } from "../errors.ts";
import type { GivenFolder } from "../files/given_folder.ts";
import { labelStage } from "../stages/label_stage.ts";
import type { Stage } from "../stages/stage.ts";
import type { Needs } from "../stages/needs.ts";
import { finetuneStage, jointStage, pretrainStage, type TrainingRequest } from "../stages/training_stages.ts";
import { createMaterials } from "./run_materials.ts";
import { systemName } from "./system_name.ts";

/** A run of an experiment, with its stages. */
export interface PlannedRun extends Run {
  experiment: Experiment;
  /** The value of the key that the experiment varies. */
  value: Varied | null;
  config: RunConfig;
  /** The encoder that the model is made of; null if its system needs none. */
  encoder: Stage | GivenFolder | null;
  /** The source's model; null if the run trains none. */
  pretrained: Stage | null;
  /** The target's model. */
  finetuned: Stage;
  /** The findings about its label embeddings; null where the experiment does not ask for them. */
  labels: Stage | null;
}

/** A profile with its runs, in the order in which they run. */
export interface Plan {
  profile: Profile;
  engine: EngineName;
  data: ExperimentData;
  runs: readonly PlannedRun[];
}

/** Lists the final stages of a run; each needs others. */
export function goalsOf({ finetuned, labels }: PlannedRun): Stage[] {
  return labels ? [finetuned, labels] : [finetuned];
}

/**
 * Plans a profile: reads the data and describes all stages.
 *
 * @throws As the functions of `createExperimentData` do; if label embeddings are asked of a system without any; if a
 * pretrained encoder cannot be found.
 */
export async function planProfile(profile: Profile, engine: EngineName): Promise<Plan> {
  const data = createExperimentData();
  const needsOf = createMaterials(data, engine);
  const runs: PlannedRun[] = [];
  for (const experiment of profile.experiments.filter(hasRuns)) {
    checkLabels(experiment);
    checkHasRuns(experiment);
    for (const { value, config } of experiment.variants) {
      for (const run of runConfigs(config)) {
        const setting = value === null ? "" : `, ${experiment.vary!.key} ${value}`;
        const request = { engine, run, name: `${systemName(run)}, seed ${run.seed}${setting}` };
        const needs = await needsOf(run);
        const { pretrained, finetuned } = await trainingOf(request, needs, data);
        const labels = config.show === "labels"
          ? await labelStage(request, pretrained, finetuned, await data.target(run))
          : null;
        const { target, system, adapt, seed } = run;
        const { encoder = null } = needs;
        runs.push({
          target,
          system,
          adapt,
          seed,
          experiment,
          value,
          config: run,
          encoder,
          pretrained,
          finetuned,
          labels,
        });
      }
    }
  }
  return { profile, engine, data, runs };
}

/**
 * Checks that an experiment has runs.
 *
 * @throws Error if there are none, as all its runs adapt an encoder that its systems do not read.
 */
function checkHasRuns({ name, variants }: Experiment): void {
  const { config } = variants[0]!;
  if (runConfigs(config).length > 0) return;
  const { adapt, systems } = config;
  const rule = `must have false for ${systems.join(", ")}, without an encoder that could be adapted`;
  throw new Error(errorMessage({ act: "use", subject: "adapt", place: name, rule, value: adapt }));
}

/**
 * Checks that the systems of an experiment have the label embeddings that it shows.
 *
 * @throws Error naming a system without attention on them.
 */
function checkLabels({ name, config }: Experiment): void {
  const without = config.systems.find((system) => !systemOf(system).can.labelContext);
  if (config.show !== "labels" || without === undefined) return;
  const rule = "must be systems with a label context, as their label embeddings are shown";
  throw new Error(errorMessage({ act: "use", subject: "systems", place: name, rule, value: without }));
}

/** Describes the stages that train a run's model. */
async function trainingOf(
  request: TrainingRequest,
  needs: Needs,
  data: ExperimentData,
): Promise<Pick<PlannedRun, "pretrained" | "finetuned">> {
  const { run } = request;
  const target = await data.target(run);
  switch (run.strategy) {
    case "in-domain":
      return { pretrained: null, finetuned: await finetuneStage(request, needs, target) };
    case "joint": {
      const source = await data.source(run.data);
      return { pretrained: null, finetuned: await jointStage(request, needs, source, target) };
    }
    case "source-then-target": {
      const pretrained = await pretrainStage(request, needs, await data.source(run.data), target);
      return { pretrained, finetuned: await finetuneStage(request, { sourceModel: pretrained }, target) };
    }
  }
}

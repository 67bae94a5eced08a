/** What an experiment comes to: its runs, and the stages that each is made of. Nothing is run here. */
import type { EngineName } from "../../model/engine/engine.ts";
import type { Material } from "../../model/systems/definition.ts";
import { systemOf } from "../../model/systems/systems.ts";
import type { Config } from "../config/config.ts";
import { configForSystem, configForTarget } from "../config/read_config.ts";
import type { Experiment, Profile, Varied } from "../config/read_profile.ts";
import { createExperimentData, type ExperimentData } from "../data_sets/experiment_data.ts";
import { textOf } from "../data_sets/training_text.ts";
import type { Text } from "../data_sets/training_text.ts";
import { givenVectors } from "../data_sets/word_vector_file.ts";
import { errorMessage } from "../errors.ts";
import type { GivenFolder } from "../files/given_folder.ts";
import { keepOnce } from "../files/keep_once.ts";
import { givenBart, smallBart } from "../stages/bart_stage.ts";
import { charLmStage } from "../stages/char_lm_stage.ts";
import { adaptedEncoder } from "../stages/dapt_stage.ts";
import { pretrainedEncoder } from "../stages/given_encoder.ts";
import { labelStage } from "../stages/label_stage.ts";
import type { Stage } from "../stages/stage.ts";
import { tinyEncoder } from "../stages/tiny_encoder_stage.ts";
import {
  finetuneStage,
  jointStage,
  type Needs,
  pretrainStage,
  type TrainingRequest,
} from "../stages/training_stages.ts";
import { wordVectorStage } from "../stages/word_vector_stage.ts";
import { systemName } from "./system_name.ts";

/** What makes a run: one model, trained and scored. */
export interface Run {
  target: string;
  system: string;
  /** Whether the encoder was adapted to the target's text first. */
  adapt: boolean;
  seed: number;
}

/** A run of an experiment, with its stages. */
export interface PlannedRun extends Run {
  experiment: Experiment;
  /** The value of the key that the experiment varies. */
  value: Varied | null;
  /** As it is for the run's target. */
  config: Config;
  /** The encoder that the model is made of; null if its system needs none. */
  encoder: Stage | GivenFolder | null;
  /** The source's model; null if there is none of its own. */
  pretrained: Stage | null;
  /** The target's model. */
  finetuned: Stage;
  /** What is learned about its label embeddings; null where the experiment does not ask for it. */
  labels: Stage | null;
}

/** A profile with its runs, in the order in which they run. */
export interface Plan {
  profile: Profile;
  engine: EngineName;
  data: ExperimentData;
  runs: readonly PlannedRun[];
}

/** The stages that a run is there for; each needs others. */
export function goalsOf({ finetuned, labels }: PlannedRun): Stage[] {
  return labels ? [finetuned, labels] : [finetuned];
}

/** The runs of a configuration without their stages. */
export function runsOf(config: Config): Run[] {
  return config.data.targets.flatMap((target) => {
    const { adapt, systems, seeds } = configForTarget(config, target);
    return seeds.flatMap((seed) =>
      adapt.flatMap((adapted) =>
        // There is nothing to adapt in a system without an encoder.
        systems.filter((system) => !adapted || readsEncoder(configForSystem(config, system), system))
          .map((system) => ({ target, system, adapt: adapted, seed }))
      )
    );
  });
}

/**
 * Plans a profile: reads the data and describes all stages.
 *
 * @throws As the functions of `createExperimentData` do, if label embeddings are asked for of a system that has none,
 * and if a pretrained encoder cannot be found.
 */
export async function planProfile(profile: Profile, engine: EngineName): Promise<Plan> {
  const data = createExperimentData();
  const needsOf = materials(data, engine);
  const runs: PlannedRun[] = [];
  for (const experiment of profile.experiments.filter(hasRuns)) {
    checkLabels(experiment);
    checkHasRuns(experiment);
    for (const { value, config } of experiment.variants) {
      for (const run of runsOf(config)) {
        const own = configForSystem(configForTarget(config, run.target), run.system);
        const needs = await needsOf(own, run);
        const setting = value === null ? "" : `, ${experiment.vary!.key} ${value}`;
        const request: TrainingRequest = {
          ...{ engine, config: own, system: run.system, seed: run.seed },
          name: `${systemName(run)}, seed ${run.seed}${setting}`,
        };
        const { pretrained, finetuned } = await trainingOf(request, needs, data);
        const labels = config.show === "labels"
          ? await labelStage(request, pretrained, finetuned, await data.target(own, run.seed))
          : null;
        const { encoder = null } = needs;
        runs.push({ ...run, experiment, value, config: own, encoder, pretrained, finetuned, labels });
      }
    }
  }
  return { profile, engine, data, runs };
}

/** Tables of data and settings are made without training anything. */
function hasRuns({ config }: Experiment): boolean {
  return config.show !== "data" && config.show !== "settings";
}

/** @throws Error if nothing is left of an experiment, as all its runs adapt an encoder that its systems do not read. */
function checkHasRuns({ name, variants }: Experiment): void {
  const { config } = variants[0]!;
  if (runsOf(config).length > 0) return;
  const { adapt, systems } = config;
  const rule = `must have false for ${systems.join(", ")}, without an encoder that could be adapted`;
  throw new Error(errorMessage({ act: "use", subject: "adapt", place: name, rule, value: adapt }));
}

/** @throws Error if an experiment is to show label embeddings of a system that has no attention on them. */
function checkLabels({ name, config }: Experiment): void {
  const without = config.systems.find((system) => !systemOf(system).can.labelContext);
  if (config.show !== "labels" || without === undefined) return;
  const rule = "must be systems with a label context, as their label embeddings are shown";
  throw new Error(errorMessage({ act: "use", subject: "systems", place: name, rule, value: without }));
}

/** Encoders by configuration, each described once. */
function encoders(data: ExperimentData, engine: EngineName) {
  const once = keepOnce();
  return async function encoderOf(config: Config, adapt: boolean): Promise<Stage | GivenFolder> {
    const plain = await plainEncoder(config);
    return adapt
      ? await adaptedEncoder(
        engine,
        plain,
        config.dapt,
        await data.targetText(config),
        config.data.targets[0]!,
      )
      : plain;
  };

  async function plainEncoder(config: Config): Promise<Stage | GivenFolder> {
    const { encoder, model: { dropout } } = config;
    if (typeof encoder === "string") return await once([encoder], () => pretrainedEncoder(engine, encoder));
    const text = await data.sourceText(config);
    const targetText = hasText(config) ? await data.targetText(config) : null;
    const key = [encoder, dropout, text.sha256, targetText?.sha256 ?? null];
    return await once(key, () => tinyEncoder(engine, encoder, dropout, text, targetText));
  }
}

/** Whether there is unlabelled text of the target. */
function hasText({ dapt: { corpus }, data: { sample } }: Config): boolean {
  return corpus !== null || sample !== null;
}

/** Tells whether a system reads an encoder's states, which may be adapted to the target first. */
function readsEncoder(config: Config, system: string): boolean {
  return systemOf(system).needs(config).includes("encoder");
}

/** BART by configuration: a pretrained one, or a small one made in the run. */
function barts(textsOf: TextsOf, engine: EngineName) {
  const once = keepOnce();
  return async function bartOf(config: Config): Promise<Stage | GivenFolder> {
    const { bart } = config;
    if (typeof bart === "string") return await once([bart], () => givenBart(bart));
    return await smallBart(engine, await textsOf(config), bart);
  };
}

/** The texts that stand-ins are trained on, by name. */
type TextsOf = (config: Config) => Promise<Record<string, Text>>;

/** Word vectors by configuration: given ones, or some that are trained in the run. */
function wordVectors(textsOf: TextsOf, engine: EngineName) {
  const once = keepOnce();
  return async function vectorsOf(config: Config): Promise<Stage | GivenFolder> {
    const { vectors, standIn } = config.words;
    if (vectors !== null) return await once([vectors], () => givenVectors(vectors));
    return await wordVectorStage(engine, await textsOf(config), standIn);
  };
}

/** What models are made of, as their systems need it. */
function materials(data: ExperimentData, engine: EngineName) {
  const textsOf = trainingTexts(data);
  const encoderOf = encoders(data, engine);
  const vectorsOf = wordVectors(textsOf, engine);
  const bartOf = barts(textsOf, engine);
  const stagesOf: Record<Material, (config: Config, run: Run) => Promise<Needs>> = {
    encoder: async (config, { adapt }) => ({ encoder: await encoderOf(config, adapt) }),
    vectors: async (config) => ({ vectors: await vectorsOf(config) }),
    async charLms(config) {
      const texts = await textsOf(config);
      const { charLm } = config.words;
      return {
        forward: await charLmStage(engine, texts, charLm, "forward"),
        backward: await charLmStage(engine, texts, charLm, "backward"),
      };
    },
    bart: async (config) => ({ bart: await bartOf(config) }),
  };
  return async function needsOf(config: Config, run: Run): Promise<Needs> {
    let needs: Needs = {};
    for (const material of systemOf(run.system).needs(config)) {
      needs = { ...needs, ...await stagesOf[material](config, run) };
    }
    return needs;
  };
}

/** The source's training sentences, and the target's unlabelled text where there is some. */
function trainingTexts(data: ExperimentData): TextsOf {
  const once = keepOnce();
  return async function textsOf(config: Config): Promise<Record<string, Text>> {
    const { splits: { train }, fingerprint } = await data.source(config);
    const source = await once([fingerprint], () => textOf(train.map(({ words }) => words.join(" "))));
    return { source, ...(hasText(config) ? { target: await data.targetText(config) } : {}) };
  };
}

async function trainingOf(
  request: TrainingRequest,
  needs: Needs,
  data: ExperimentData,
): Promise<Pick<PlannedRun, "pretrained" | "finetuned">> {
  const { config, seed } = request;
  const target = await data.target(config, seed);
  switch (config.strategy) {
    case "in-domain":
      return {
        pretrained: null,
        finetuned: await finetuneStage(request, needs, target),
      };
    case "joint":
      return {
        pretrained: null,
        finetuned: await jointStage(request, needs, await data.source(config), target),
      };
    case "source-then-target": {
      const pretrained = await pretrainStage(request, needs, await data.source(config), target);
      return { pretrained, finetuned: await finetuneStage(request, { sourceModel: pretrained }, target) };
    }
  }
}

/** The stages and given files that models are made of, each described once for all runs that need it. */
import type { EngineName } from "../../model/engine/engine.ts";
import type { Material } from "../../model/systems/definition.ts";
import { systemOf } from "../../model/systems/systems.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { ExperimentData } from "../data_sets/experiment_data.ts";
import { type Text, textOf } from "../data_sets/training_text.ts";
import { givenVectors } from "../data_sets/word_vector_file.ts";
import type { GivenFolder } from "../files/given_folder.ts";
import { keepOnce } from "../files/keep_once.ts";
import { givenBart, smallBart } from "../stages/bart_stage.ts";
import { charLmStage } from "../stages/char_lm_stage.ts";
import { adaptedEncoder } from "../stages/dapt_stage.ts";
import { pretrainedEncoder } from "../stages/given_encoder.ts";
import type { Stage } from "../stages/stage.ts";
import { tinyEncoder } from "../stages/tiny_encoder_stage.ts";
import type { Needs } from "../stages/needs.ts";
import { wordVectorStage } from "../stages/word_vector_stage.ts";

/** Function that returns the materials of a run's model. */
export type MaterialsOf = (run: RunConfig) => Promise<Needs>;

/** Creates a function that describes each material once. */
export function createMaterials(data: ExperimentData, engine: EngineName): MaterialsOf {
  const textsOf = trainingTexts(data);
  const encoderOf = encoders(data, engine);
  const vectorsOf = wordVectors(textsOf, engine);
  const bartOf = barts(textsOf, engine);
  const needsFor: Record<Material, (run: RunConfig) => Promise<Needs>> = {
    encoder: async (run) => ({ encoder: await encoderOf(run) }),
    vectors: async (run) => ({ vectors: await vectorsOf(run) }),
    async charLms(run) {
      const texts = await textsOf(run);
      const { charLm } = run.words;
      return {
        forward: await charLmStage(engine, texts, charLm, "forward"),
        backward: await charLmStage(engine, texts, charLm, "backward"),
      };
    },
    bart: async (run) => ({ bart: await bartOf(run) }),
  };
  return async function needsOf(run) {
    let needs: Needs = {};
    for (const material of systemOf(run.system).needs(run)) {
      needs = { ...needs, ...await needsFor[material](run) };
    }
    return needs;
  };
}

/** Describes encoders: pretrained, made in the run, or adapted to the target. */
function encoders(data: ExperimentData, engine: EngineName) {
  const once = keepOnce();
  return async function encoderOf(run: RunConfig): Promise<Stage | GivenFolder> {
    const plain = await plainEncoder(run);
    if (!run.adapt) return plain;
    // The table is trained at the rate of the layers that are the system's own.
    const shapeRate = run.model.wordShapes ? run.pretrain.headRate ?? 1 : null;
    return await adaptedEncoder(engine, plain, run.dapt, await data.targetText(run), run.target, shapeRate);
  };

  async function plainEncoder(run: RunConfig): Promise<Stage | GivenFolder> {
    const { encoder, model: { dropout } } = run;
    if (typeof encoder === "string") return await once([encoder], () => pretrainedEncoder(engine, encoder));
    const text = await data.sourceText(run.data);
    const targetText = hasText(run) ? await data.targetText(run) : null;
    const key = [encoder, dropout, text.sha256, targetText?.sha256 ?? null];
    return await once(key, () => tinyEncoder(engine, encoder, dropout, text, targetText));
  }
}

/** Tells whether there is unlabelled text of a run's target. */
function hasText({ dapt: { corpus }, data: { sample } }: RunConfig): boolean {
  return corpus !== null || sample !== null;
}

/** Function that returns the texts that stand-ins are trained on, by name. */
type TextsOf = (run: RunConfig) => Promise<Record<string, Text>>;

/** Describes BART: a pretrained one, or a small one made in the run. */
function barts(textsOf: TextsOf, engine: EngineName) {
  const once = keepOnce();
  return async function bartOf(run: RunConfig): Promise<Stage | GivenFolder> {
    const { bart } = run;
    if (typeof bart === "string") return await once([bart], () => givenBart(bart));
    return await smallBart(engine, await textsOf(run), bart);
  };
}

/** Describes word vectors: given ones, or some that are trained in the run. */
function wordVectors(textsOf: TextsOf, engine: EngineName) {
  const once = keepOnce();
  return async function vectorsOf(run: RunConfig): Promise<Stage | GivenFolder> {
    const { vectors, standIn } = run.words;
    if (vectors !== null) return await once([vectors], () => givenVectors(vectors));
    return await wordVectorStage(engine, await textsOf(run), standIn);
  };
}

/** Reads the source's training sentences, and the target's unlabelled text where there is some. */
function trainingTexts(data: ExperimentData): TextsOf {
  const once = keepOnce();
  return async function textsOf(run) {
    const { splits: { train }, fingerprint } = await data.source(run.data);
    const source = await once([fingerprint], () => textOf(train.map(({ words }) => words.join(" "))));
    return { source, ...(hasText(run) ? { target: await data.targetText(run) } : {}) };
  };
}

/**
 * Training a tagger from a script. The trained tagger can be scored, saved and loaded again.
 *
 * @module
 */
import type { Corpus } from "../data/corpus/corpus.ts";
import type { OpenFolderOptions } from "../data/open_folder.ts";
import type { Scheme } from "../data/tags/tag.ts";
import { writeFolder } from "../data/write_folder.ts";
import { createEngine } from "./engine/create_engine.ts";
import type { Engine, EngineName } from "./engine/engine.ts";
import { type MaterialLocations, materialsAt } from "./material_folders.ts";
import { writeModelFolder } from "./model_folder.ts";
import { TRAINING } from "./settings/all_keys.ts";
import { withDefaults } from "./settings/defaults.ts";
import type { TrainingSettings } from "./settings/settings.ts";
import { checkPrecision } from "./systems/check_precision.ts";
import { systemOf } from "./systems/systems.ts";
import type { Tagger } from "./tagger.ts";
import type { TrainedModel } from "./train_model.ts";
import type { Progress } from "./training/progress.ts";
import type { TrainRecord } from "./training/train.ts";
import { trainJointly, trainOnSource, trainOnTarget } from "./training_steps.ts";

/** Settings by the keys of an experiment's YAML (docs/configuration.md); any may be left out. */
export type PartialSettings = {
  [K in keyof TrainingSettings]?: TrainingSettings[K] extends string ? TrainingSettings[K]
    : Partial<TrainingSettings[K]>;
};

/** Options of `trainTagger`: the system, its materials, the corpora and the settings. */
export interface TrainTaggerOptions extends PartialSettings, MaterialLocations {
  /** Name of the system. Default: `laner`. */
  system?: string;
  /** The sentences of the target domain. */
  corpus: Corpus;
  /** The sentences of a larger source. Default: none; the target alone is trained on. */
  source?: Corpus;
  /** The scheme of all tags. Default: IOB2. */
  scheme?: Scheme;
  /** Seed of all random numbers. Default: 1. */
  seed?: number;
  /** An engine or the name of one. Default: `auto`. */
  engine?: Engine | EngineName | "auto";
  /** Receives the training's progress after every batch. */
  onProgress?: Progress;
  /** Signal that stops the training after the current batch; the best epoch so far is kept. */
  signal?: AbortSignal;
  /** Options for opening relative paths and hub names. */
  folders?: OpenFolderOptions;
}

/** A newly trained tagger. */
export interface TrainedTagger extends Tagger {
  /** The course of each training; null for the source if there was none. */
  readonly training: { readonly source: TrainRecord | null; readonly target: TrainRecord };
  /**
   * Writes the model's folder, which `loadTagger` and `deno task predict` read.
   *
   * @param folder Path of the folder; it is made if it is missing.
   */
  save(folder: string | URL): Promise<void>;
}

/**
 * Trains a tagger for a target domain, on the target alone or after a source.
 *
 * Settings have the names and defaults of an experiment's YAML: `{ train: { epochs: 20 }, model: { labelWidth: 50 } }`.
 *
 * @returns The tagger of the best epoch on dev.
 * @throws Error if a setting is unknown or wrong, a material of the system is missing, or a loss is not finite; the
 * signal's reason if it stops the training before the target's begins.
 *
 * @example
 * ```ts ignore
 * import { loadTagger } from "@laner/laner/tagger";
 * import { readCorpus } from "@laner/laner/corpus";
 * import { trainTagger } from "@laner/laner/train";
 *
 * const corpus = await readCorpus("my_data/recipes"), source = await readCorpus("my_data/conll2003");
 * const tagger = await trainTagger({ encoder: "google-bert/bert-base-cased", corpus, source, seed: 555 });
 * console.log((await tagger.evaluate(corpus.test)).scores.f1);
 * await tagger.save("models/recipes");
 * const again = await loadTagger("models/recipes");
 * ```
 */
export async function trainTagger(options: TrainTaggerOptions): Promise<TrainedTagger> {
  const { system = "laner", corpus: target, source, scheme = "IOB2", seed = 1, signal } = options;
  const { engine: chosen = "auto", onProgress } = options;
  const { model, strategy, words, joint, pretrain, train } = options;
  const settings = withDefaults(TRAINING, { model, strategy, words, joint, pretrain, train });
  const request = { ...settings, system, seed };
  const materials = materialsAt(options, systemOf(system).needs(settings), system);
  const engine = typeof chosen === "string"
    ? await createEngine(chosen, { gpu: systemOf(system).can.trainOnGpu })
    : chosen;
  checkPrecision("pretrain.precision", settings.pretrain.precision, system, engine);
  checkPrecision("train.precision", settings.train.precision, system, engine);
  const step = (stage: string) => ({
    engine,
    stage,
    ...(onProgress ? { onProgress } : {}),
    ...(signal ? { signal } : {}),
  });
  if (!source || settings.strategy === "in-domain") {
    const trained = await trainOnTarget(request, { materials }, { target, scheme }, step("target"));
    return trainedTagger(trained, null);
  }
  const corpora = { source, target, scheme };
  if (settings.strategy === "joint") {
    return trainedTagger(
      await trainJointly(request, materials, corpora, step("source and target")),
      null,
    );
  }
  const first = await trainOnSource(request, materials, corpora, step("source"));
  first.tagger.dispose();
  signal?.throwIfAborted();
  const start = { sourceModel: first.model };
  const trained = await trainOnTarget(request, start, { target, scheme }, step("target"));
  return trainedTagger(trained, first.training);
}

function trainedTagger({ model, training, tagger }: TrainedModel, source: TrainRecord | null): TrainedTagger {
  return {
    ...tagger,
    training: { source, target: training },
    save: (folder) => writeFolder(folder, writeModelFolder(model)),
  };
}

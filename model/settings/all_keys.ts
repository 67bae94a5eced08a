/** All keys of a training: what `trainTagger` takes, and what an experiment has of them. */
import { group, section } from "../../data/schema/mappings.ts";
import type { Shape } from "../../data/schema/shapes.ts";
import { MODEL } from "./model_keys.ts";
import type { TrainingSettings } from "./settings.ts";
import { JOINT, PRETRAIN, STRATEGY, TRAIN } from "./training_keys.ts";
import { WORDS } from "./word_keys.ts";

export const TRAINING_KEYS = {
  model: section(MODEL, "The model"),
  strategy: STRATEGY,
  words: section(WORDS, "Systems that read words and their characters, not the encoder's pieces"),
  joint: section(
    JOINT,
    "Training on source and target together; all that is not set here is that of train",
  ),
  pretrain: section(PRETRAIN, "Training on the source data set"),
  train: section(TRAIN, "Training on the target data set"),
};

export const TRAINING: Shape<TrainingSettings> = group(TRAINING_KEYS);

/**
 * The keys of an experiment, each with its type, its default and one line of documentation. They are defined only
 * here; types, YAML and `--set` use the same names.
 */
import { z } from "npm:zod@4.6.7";
import { HELD_OUT } from "../../data/corpus/hold_out.ts";
import { DATA_SET_KEYS } from "../../data/formats/read_settings.ts";
import {
  anything,
  group,
  list,
  mapping,
  optional,
  orNull,
  partial,
  required,
  section,
  textOr,
} from "../../data/schema/mappings.ts";
import {
  choice,
  fileName,
  flag,
  integer,
  nameOf,
  scalar,
  seed,
  share,
  text,
  type ValueOf,
} from "../../data/schema/shapes.ts";
import { MODEL, MODEL_KEYS } from "../../model/settings/model_keys.ts";
import { DAPT, DAPT_KEYS, SMALL_BART, TINY_ENCODER } from "../../model/settings/pretraining_keys.ts";
import {
  JOINT,
  JOINT_KEYS,
  PRETRAIN,
  PRETRAIN_KEYS,
  STRATEGY,
  TRAIN,
  TRAIN_KEYS,
} from "../../model/settings/training_keys.ts";
import { WORD_KEYS, WORDS } from "../../model/settings/word_keys.ts";
import { systemNames } from "../../model/systems/systems.ts";
import { describeKeys } from "./config_table.ts";

/** The data set that training starts with unless an experiment names another. */
export const DEFAULT_SOURCE = "conll2003";

/** Returns the keys for the sizes of a generated domain, in sentences. */
const sizeKeys = (defaults: { train: number; dev: number; test: number; text: number }) => ({
  train: optional(integer(1), defaults.train, "Training sentences"),
  dev: optional(integer(1), defaults.dev, "Sentences that choose the best epoch"),
  test: optional(integer(1), defaults.test, "Sentences that scores are computed on"),
  text: optional(integer(1), defaults.text, "Unlabelled sentences"),
});

const adaptKey = optional(
  list(flag()),
  [false],
  "Whether the encoder is first adapted to the target's text (DAPT); [false, true] runs both",
);

/** Keys that may differ from target to target. */
const targetKeys = {
  adapt: adaptKey,
  dapt: section(partial(DAPT_KEYS), "As dapt"),
  train: section(partial(TRAIN_KEYS), "As train"),
};

/** Keys that may differ from system to system; they take precedence over those of targets. */
const systemKeys = {
  model: section(partial(MODEL_KEYS), "As model"),
  strategy: STRATEGY,
  words: section(partial(WORD_KEYS), "As words"),
  pretrain: section(partial(PRETRAIN_KEYS), "As pretrain"),
  train: section(partial(TRAIN_KEYS), "As train"),
  joint: section(partial(JOINT_KEYS), "As joint"),
};

/** All keys of an experiment. */
export const EXPERIMENT = group({
  name: required(fileName(), "Name of the experiment; its results lie in results/<name>"),
  title: optional(orNull(text()), null, "What the report calls it; the name where it is null"),
  show: optional(
    choice("table", "lines", "types", "data", "settings", "labels"),
    "table",
    "What the report makes of it: a table of scores, a figure against what is varied, scores by entity type; " +
      "without any runs, the data sets or the settings; or label embeddings",
  ),
  vary: optional(
    orNull(mapping("key", list(scalar()))),
    null,
    "One key and the values that it takes in turn: { model.labelWidth: [50, 100] }; null for none",
  ),
  experiments: optional(
    orNull(mapping("name", anything())),
    null,
    "Experiments to run with these settings: names of YAML files beside this one, each with keys that replace theirs; null for this one alone",
  ),
  seeds: optional(list(seed()), [555, 666, 777], "One run a seed; scores are their mean and deviation"),
  engine: optional(
    choice("auto", "onnx", "cuda", "tensorflow", "webgpu", "wasm", "cpu"),
    "auto",
    "What runs the tensor operations; auto is the first that runs of cuda, tensorflow with a GPU, webgpu with a GPU, and onnx",
  ),
  encoder: required(
    textOr(
      text("a folder, URL or hub name of a BERT encoder"),
      TINY_ENCODER,
    ),
    "A pretrained encoder, or the sizes of a tiny one that is made in the run",
  ),
  bart: section(
    textOr(text("a folder of a pretrained BART"), SMALL_BART),
    "A pretrained BART, or the sizes of a small one, a stand-in, that is made from the run's text (bartner)",
  ),
  data: section(
    group({
      root: optional(
        orNull(text("a folder with one folder a data set")),
        null,
        "Folder that holds NAME/train.txt, dev.txt and test.txt; --data or NER_DATA where it is null",
      ),
      source: optional(fileName(), DEFAULT_SOURCE, "The data set that training starts with"),
      targets: required(list(fileName()), "The data sets that the model is then trained for and scored on"),
      trainSentences: optional(
        orNull(integer(1)),
        null,
        "How many of the target's training sentences are used; fewer are a part of more, drawn anew for each seed; null for all",
      ),
      shots: optional(
        orNull(integer(1)),
        null,
        "How many entities of each type the target's training sentences have: as few sentences as do, of those that trainSentences leaves, drawn anew for each seed; null for all",
      ),
      devFraction: optional(
        share({ zero: false }),
        HELD_OUT.devFraction,
        "Share of the training sentences that becomes dev where a data set has no dev file",
      ),
      devSeed: optional(
        seed(),
        HELD_OUT.devSeed,
        "Seed of that choice; the same in every run, so that scores compare",
      ),
      scheme: optional(
        choice("IOB1", "IOB2", "IOE1", "IOE2", "IOBES", "BILOU"),
        "IOB2",
        "Tag scheme of all data sets; a file with other tags is refused unless its own scheme is named",
      ),
      read: section(
        partial(DATA_SET_KEYS),
        "How the files of all data sets are read: keys of format, columns, tags and spans, see Data and text",
      ),
      perSet: optional(
        mapping("data set", partial(DATA_SET_KEYS)),
        {},
        "Keys of read that differ for single data sets: { conll2003: { format: conll2003 } }",
      ),
      sample: optional(
        orNull(group({
          seed: optional(seed(), 13, "Seed of the generator"),
          source: section(
            group(sizeKeys({ train: 2000, dev: 300, test: 400, text: 4000 })),
            "The source news",
          ),
          target: section(
            group(sizeKeys({ train: 100, dev: 200, test: 400, text: 4000 })),
            "The target research",
          ),
        })),
        null,
        "Write generated corpora instead of reading data.root; the source is then news, the target research; null for none",
      ),
    }),
    "The data sets",
  ),
  systems: optional(
    list(nameOf(systemNames)),
    ["bert-tagger", "laner"],
    "The models that are trained and compared",
  ),
  adapt: adaptKey,
  model: section(
    MODEL,
    "The model",
  ),
  strategy: STRATEGY,
  words: section(WORDS, "Systems that read words and their characters, not the encoder's pieces"),
  dapt: section(DAPT, "Masked language modelling on the target's text, before anything else"),
  joint: section(
    JOINT,
    "Training on source and target together; all that is not set here is that of train",
  ),
  pretrain: section(
    PRETRAIN,
    "Training on the source data set",
  ),
  train: section(TRAIN, "Training on the target data set"),
  perSystem: optional(
    mapping("system", partial(systemKeys)),
    {},
    "Keys of model, strategy, words, pretrain, train and joint that differ for single systems",
  ),
  perTarget: optional(
    mapping("target", partial(targetKeys)),
    {},
    "Keys of adapt, dapt and train that differ for single targets",
  ),
});

/** A resolved experiment: every key has its value. */
export type Config = ValueOf<typeof EXPERIMENT>;

/**
 * Lists all keys with type, default and documentation, as `--help` and the documentation show them.
 *
 * @param format "text" for a terminal, "markdown" for a table.
 */
export function describeConfig(format: "text" | "markdown" = "text"): string {
  return describeKeys(EXPERIMENT, format);
}

/**
 * Returns the JSON Schema of an experiment's file, which editors use to complete and check it.
 *
 * No key is required: an experiment of a profile names only the keys that it changes.
 */
export function configJsonSchema(): object {
  const { $schema, properties } = z.toJSONSchema(EXPERIMENT, {
    io: "input",
    unrepresentable: "any",
    override({ jsonSchema }) {
      delete jsonSchema.required;
      // Every safe integer fits.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { $schema, title: "Experiment", type: "object", properties, additionalProperties: false };
}

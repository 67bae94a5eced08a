/**
 * The keys of an experiment: the only place where they are written down, each with its type, its default and one
 * line of documentation. Names are spelled here as in types, YAML and `--set`.
 */
import { MAX_BEAMS } from "../../model/bart/beam_search.ts";
import { systemNames } from "../../model/systems/systems.ts";
import { anything, group, list, mapping, partial, textOr } from "./config_mappings.ts";
import * as shape from "./config_schema.ts";
import { optional, required, section, type ValueOf } from "./config_schema.ts";
import { bartKey, wordKeys } from "./config_stand_ins.ts";
import { describeKeys } from "./config_table.ts";

/** The data set that training starts with unless an experiment names another. */
export const DEFAULT_SOURCE = "conll2003";

const { choice, fileName, flag, integer, nameOf, orNone, orNull, positive, scalar, seed, share, text } =
  shape;

/** Masked language modelling; the defaults are CrossNER's, of which the paper's DAPT is. */
const mlmKeys = (defaults: { epochs: number; blockLength: number; learningRate: number }) => ({
  epochs: optional(integer(1), defaults.epochs, "Epochs of masked language modelling"),
  blockLength: optional(integer(8), defaults.blockLength, "Pieces in one block of the text"),
  sentences: optional(
    flag(),
    false,
    "Train on single sentences, cut at blockLength, instead of blocks of running text",
  ),
  maskProbability: optional(share({ zero: false }), 0.2, "Share of the pieces that are chosen for masking"),
  spans: optional(flag(), true, "Move lone chosen pieces together, so that spans of two and more form"),
  learningRate: optional(positive(), defaults.learningRate, "First learning rate; it falls linearly to 0"),
  batchSize: optional(integer(1), 16, "Blocks in a batch"),
});

/** How many sentences of a generated domain there are. */
const sizeKeys = (defaults: { train: number; dev: number; test: number; text: number }) => ({
  train: optional(integer(1), defaults.train, "Training sentences"),
  dev: optional(integer(1), defaults.dev, "Sentences that choose the best epoch"),
  test: optional(integer(1), defaults.test, "Sentences that scores are computed on"),
  text: optional(integer(1), defaults.text, "Unlabelled sentences"),
});

const daptKeys = {
  corpus: optional(
    orNull(text("a text file, in whose name {target} stands for the target")),
    null,
    "Unlabelled text of the target's domain, one sentence a line; null takes the sample's own text",
  ),
  ...mlmKeys({ epochs: 1, blockLength: 512, learningRate: 5e-5 }),
  heldOutFraction: optional(share(), 0.02, "Share of the blocks that is held out to measure perplexity"),
  seed: optional(seed(), 13, "Seed of masking and order; one adapted encoder serves all runs on a target"),
};

const clipNorm = optional(
  orNull(positive()),
  null,
  "Greatest norm of all gradients together, beyond which they are scaled down; null for any",
);

const sgd = optional(
  orNull(group({
    decay: optional(
      orNone(positive()),
      null,
      "Divide the learning rate by 1 + decay · epochs done; null or 0 for a constant one",
    ),
    weightDecay: optional(orNone(positive()), null, "L2 regularisation; null or 0 for none"),
    patience: optional(
      orNull(integer(0)),
      null,
      "Halve the learning rate after more than so many epochs without a better dev F1, and stop below 1e-4; null for never",
    ),
  })),
  null,
  "Stochastic gradient descent, instead of Adam; its learning rate is learningRate; null for Adam",
);

/** Early stopping; the best epoch on dev is kept with it and without it. */
const patience = (epochs: number | null) =>
  optional(
    orNone(integer(1)),
    epochs,
    "Epochs without a better dev F1 after which training stops; null or 0 for never",
  );

const jointKeys = {
  upsample: optional(
    orNull(integer(1)),
    null,
    "How often each sentence of the target is seen in an epoch; null for as often as makes the target as large as the source",
  ),
  epochs: optional(integer(1), 2, "Most epochs; the best on the target's dev is kept"),
  patience: patience(null),
};

const trainKeys = {
  epochs: optional(integer(1), 100, "Most epochs on the target's training sentences"),
  patience: patience(10),
  batchSize: optional(integer(1), 16, "Sentences in a batch"),
  learningRate: optional(positive(), 5e-5, "Adam's learning rate"),
  clipNorm,
  sgd,
};

const pretrainKeys = {
  epochs: optional(integer(1), 2, "Epochs on the source"),
  batchSize: optional(integer(1), 16, "Sentences in a batch"),
  learningRate: optional(positive(), 5e-5, "Adam's learning rate"),
  clipNorm,
  sgd,
};

const strategyKey = optional(
  choice("source-then-target", "joint", "in-domain"),
  "source-then-target",
  "What is trained on: the source and then the target, both together, or the target alone",
);

const adaptKey = optional(
  list(flag()),
  [false],
  "Whether the encoder is first adapted to the target's text (DAPT); [false, true] runs both",
);

/** What may differ from target to target. */
const targetKeys = {
  adapt: adaptKey,
  dapt: section(partial(daptKeys), "As dapt"),
  train: section(partial(trainKeys), "As train"),
};

/** What may differ from system to system; it goes before what differs from target to target. */
const systemKeys = {
  strategy: strategyKey,
  words: section(partial(wordKeys), "As words"),
  pretrain: section(partial(pretrainKeys), "As pretrain"),
  train: section(partial(trainKeys), "As train"),
  joint: section(partial(jointKeys), "As joint"),
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
    choice("auto", "onnx", "tensorflow", "webgpu", "wasm", "cpu"),
    "auto",
    "What runs the tensor operations; auto is tensorflow if it loads and has a GPU, else onnx",
  ),
  encoder: required(
    textOr(
      text("a folder, URL or hub name of a BERT encoder"),
      group({
        vocabularySize: optional(integer(100), 2000, "Word pieces that are learned from the run's own text"),
        hiddenWidth: optional(integer(1), 64, "Width of the encoder's states (H)"),
        nLayers: optional(integer(1), 2, "Transformer layers"),
        nHeads: optional(integer(1), 2, "Attention heads; they have to divide hiddenWidth"),
        feedForwardWidth: optional(integer(1), 256, "Width inside the feed-forward layers"),
        maxPositions: optional(integer(8), 128, "Longest input in pieces"),
        lowercase: optional(flag(), false, "Lower-case the text before it is split"),
        mlm: section(
          group(mlmKeys({ epochs: 10, blockLength: 128, learningRate: 1e-3 })),
          "How the encoder is trained from nothing",
        ),
      }),
    ),
    "A pretrained encoder, or the sizes of a tiny one that is made in the run",
  ),
  bart: bartKey,
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
      devFraction: optional(
        share({ zero: false }),
        0.1,
        "Share of the training sentences that becomes dev where a data set has no dev file",
      ),
      devSeed: optional(seed(), 13, "Seed of that choice; the same in every run, so that scores compare"),
      scheme: optional(
        choice("IOB1", "IOB2", "IOE1", "IOE2", "IOBES", "BILOU"),
        "IOB2",
        "Tag scheme of all data sets; a file with other tags is refused",
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
    list(nameOf(`one of ${systemNames().join(", ")}`, systemNames)),
    ["bert-tagger", "laner"],
    "The models that are trained and compared",
  ),
  adapt: adaptKey,
  model: section(
    group({
      labelWidth: optional(integer(1), 100, "Width of tag embeddings and of each LSTM direction (D)"),
      dropout: optional(share(), 0.1, "Dropout inside the encoder"),
      maxPieces: optional(
        integer(8),
        512,
        "Longest input in pieces; longer sentences are split between words",
      ),
      beamSize: optional(
        orNull(integer(1, MAX_BEAMS)),
        null,
        "Sequences that bartner writes side by side, of which the best is taken; null for one, greedily",
      ),
      labelSpace: optional(
        choice("target", "joint"),
        "target",
        "Tags of the source model: its own, expanded for each target, or the union of both sets from the start",
      ),
    }),
    "The model",
  ),
  strategy: strategyKey,
  words: section(group(wordKeys), "Systems that read words and their characters, not the encoder's pieces"),
  dapt: section(group(daptKeys), "Masked language modelling on the target's text, before anything else"),
  joint: section(
    group(jointKeys),
    "Training on source and target together; batchSize, learningRate, clipNorm and sgd are those of train",
  ),
  pretrain: section(
    group(pretrainKeys),
    "Training on the source data set",
  ),
  train: section(group(trainKeys), "Training on the target data set"),
  perSystem: optional(
    mapping("system", partial(systemKeys)),
    {},
    "Keys of strategy, words, pretrain, train and joint that differ for single systems",
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
  return describeKeys(EXPERIMENT.keys!, format);
}

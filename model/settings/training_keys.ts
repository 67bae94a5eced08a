/** Keys of training: on a source, on a target after it, or on both together. */
import { group, optional, orNull } from "../../data/schema/mappings.ts";
import { choice, choiceOrNull, integer, orNone, positive, share } from "../../data/schema/shapes.ts";

const clipNorm = optional(
  orNull(positive()),
  null,
  "Greatest norm of all gradients together, beyond which they are scaled down; null for any",
);

/** Plain gradient descent. */
export const SGD = group({
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
});

/** An average of the weights. */
export const AVERAGE = group({
  decay: optional(
    orNull(share({ zero: false })),
    null,
    "What remains of the average when the weights after a step are taken in (EMA), such as 0.999; null for the plain mean of the weights at the ends of epochs (SWA)",
  ),
  from: optional(integer(1), 1, "First epoch whose weights are in it"),
});

const sgd = optional(
  orNull(SGD),
  null,
  "Stochastic gradient descent, instead of Adam; its learning rate is learningRate; null for Adam",
);

/** Early stopping; which epoch is kept does not depend on it. */
const patience = (epochs: number | null) =>
  optional(
    orNone(integer(1)),
    epochs,
    "Epochs without a better dev F1 after which training stops; null or 0 for never",
  );

const average = optional(
  orNull(AVERAGE),
  null,
  "Average of the weights, which is scored on dev and kept while the weights themselves are trained on; null for none",
);

/** Keys of the steps of a training, on the source or on the target. */
const STEP_KEYS = {
  batchSize: optional(integer(1), 16, "Sentences in a batch"),
  accumulate: optional(
    orNull(integer(2)),
    null,
    "Batches whose gradients make up one step, as if they were one large batch; null for one",
  ),
  learningRate: optional(positive(), 5e-5, "Adam's learning rate"),
  clipNorm,
  sgd,
  schedule: optional(
    choiceOrNull("constant", "linear", "cosine"),
    null,
    "Course of the learning rate after warmup: linear and cosine fall to 0 by the last epoch; null for constant",
  ),
  warmup: optional(
    orNone(share({ zero: false })),
    null,
    "Share of all steps over which the learning rate first rises from 0; null or 0 for none",
  ),
  weightDecay: optional(
    orNone(positive()),
    null,
    "Decoupled weight decay (AdamW) of all parameters but biases and layer norms; null or 0 for none",
  ),
  headRate: optional(
    orNull(positive()),
    null,
    "Learning rate of the system's own layers as a multiple of its encoder's, which is learningRate; null for the same",
  ),
  layerDecay: optional(
    orNull(share({ zero: false })),
    null,
    "Learning rate of each layer of the encoder as a share of that of the layer above it; null for the same",
  ),
  precision: optional(
    choiceOrNull("float32", "bfloat16", "float16"),
    null,
    "Number type of the matrix products of training steps, on engines that have it; with float16 the loss is scaled; null for float32",
  ),
  average,
};

/** Keys of training on the target. */
export const TRAIN_KEYS = {
  epochs: optional(integer(1), 100, "Most epochs on the target's training sentences"),
  patience: patience(10),
  keep: optional(
    choiceOrNull("best", "last"),
    null,
    "Which epoch's model is kept: best is that with the best dev F1, the first of equals; null for best",
  ),
  rDrop: optional(
    orNone(positive()),
    null,
    "R-Drop: each batch passes twice with dropout of its own, and so many times the divergence of both is added to the loss; for laner and bert-tagger; null or 0 for one pass",
  ),
  ...STEP_KEYS,
};

/** Keys of training on the source. */
export const PRETRAIN_KEYS = {
  epochs: optional(integer(1), 2, "Epochs on the source"),
  ...STEP_KEYS,
};

/** Keys of training on both together. */
export const JOINT_KEYS = {
  upsample: optional(
    orNull(integer(1)),
    null,
    "How often each sentence of the target is seen in an epoch; null for as often as makes the target as large as the source",
  ),
  epochs: optional(integer(1), 2, "Most epochs; the best on the target's dev is kept"),
  patience: patience(null),
};

export const TRAIN = group(TRAIN_KEYS);
export const PRETRAIN = group(PRETRAIN_KEYS);
export const JOINT = group(JOINT_KEYS);

/** The key that says which corpora are trained on. */
export const STRATEGY = optional(
  choice("source-then-target", "joint", "in-domain"),
  "source-then-target",
  "What is trained on: the source and then the target, both together, or the target alone",
);

/** Keys of pre-training: encoders and BART from nothing, and DAPT, the adaptation of an encoder to a text. */
import { group, optional, orNull, section } from "../../data/schema/mappings.ts";
import { flag, integer, positive, seed, share, text } from "../../data/schema/shapes.ts";

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

/** Keys of DAPT. */
export const DAPT_KEYS = {
  corpus: optional(
    orNull(text("a text file, in whose name {target} stands for the target")),
    null,
    "Unlabelled text of the target's domain, one sentence a line; null takes the sample's own text",
  ),
  ...mlmKeys({ epochs: 1, blockLength: 512, learningRate: 5e-5 }),
  heldOutFraction: optional(share(), 0.02, "Share of the blocks that is held out to measure perplexity"),
  seed: optional(seed(), 13, "Seed of masking and order; one adapted encoder serves all runs on a target"),
};

export const DAPT = group(DAPT_KEYS);

/** Masked language modelling of an encoder from nothing. */
export const MLM = group(mlmKeys({ epochs: 10, blockLength: 128, learningRate: 1e-3 }));

/** A tiny encoder that is made in the run. */
export const TINY_ENCODER = group({
  vocabularySize: optional(integer(100), 2000, "Word pieces that are learned from the run's own text"),
  hiddenWidth: optional(integer(1), 64, "Width of the encoder's states (H)"),
  nLayers: optional(integer(1), 2, "Transformer layers"),
  nHeads: optional(integer(1), 2, "Attention heads; they have to divide hiddenWidth"),
  feedForwardWidth: optional(integer(1), 256, "Width inside the feed-forward layers"),
  maxPositions: optional(integer(8), 128, "Longest input in pieces"),
  lowercase: optional(flag(), false, "Lower-case the text before it is split"),
  mlm: section(MLM, "How the encoder is trained from nothing"),
});

/** A small BART that is made in the run. */
export const SMALL_BART = group({
  vocabularySize: optional(
    integer(261),
    4000,
    "Byte-level pieces that are learned from the run's own text",
  ),
  hiddenWidth: optional(integer(1), 128, "Width of a piece's state"),
  nLayers: optional(integer(1), 2, "Layers of the encoder, and of the decoder"),
  nHeads: optional(integer(1), 4, "Attention heads; they have to divide hiddenWidth"),
  feedForwardWidth: optional(integer(1), 512, "Width inside the feed-forward layers"),
  maxPositions: optional(integer(8), 256, "Longest input in pieces"),
  dropout: optional(share(), 0.1, "Dropout"),
  maxLines: optional(integer(1), 40_000, "Lines of text that are used at most"),
  epochs: optional(integer(1), 3, "Epochs of text infilling"),
  batchSize: optional(integer(1), 16, "Lines in a batch"),
  learningRate: optional(
    positive(),
    1e-3,
    "Greatest learning rate; it rises, then falls linearly to 0",
  ),
  seed: optional(seed(), 13, "Seed; the same BART serves all runs on a target"),
});

/**
 * The keys of what systems besides those on BERT stand on: word vectors, character models, BART, each read from files or
 * made in the run as a stand-in.
 */
import { group, textOr } from "./config_mappings.ts";
import * as shape from "./config_schema.ts";
import { optional, section } from "./config_schema.ts";

const { flag, integer, orNone, orNull, positive, seed, share, text } = shape;

/** Systems that read words. */
export const wordKeys = {
  vectors: optional(
    orNull(text("a file of word vectors in GloVe's or word2vec's form")),
    null,
    "Pretrained word vectors; null trains a stand-in on the run's own text",
  ),
  standIn: section(
    group({
      width: optional(integer(1), 100, "Width of a vector"),
      window: optional(integer(1), 5, "Words to each side that a word is learned from"),
      negatives: optional(integer(1), 5, "Words that each pair is told from"),
      epochs: optional(integer(1), 5, "Epochs of skip-gram"),
      minCount: optional(integer(1), 2, "How often a word has to occur"),
      sample: optional(positive(), 1e-3, "Frequency from which words are left out at random; 1 for none"),
      learningRate: optional(positive(), 0.025, "First learning rate; it falls linearly to 0"),
      lowercase: optional(flag(), true, "Read the text in lower case, as most published vectors were"),
      seed: optional(seed(), 13, "Seed; the same vectors serve all runs on a target"),
    }),
    "Word vectors trained on the source's sentences and the target's text, where vectors is null",
  ),
  charLm: section(
    group({
      width: optional(integer(1), 128, "Width of a model's states"),
      characterWidth: optional(integer(1), 32, "Width of a character's vector"),
      epochs: optional(integer(1), 2, "Epochs"),
      nStreams: optional(integer(1), 32, "Places of the text that are read side by side"),
      blockLength: optional(integer(2), 100, "Characters between two steps"),
      learningRate: optional(
        positive(),
        20,
        "Learning rate; quartered after an epoch that does not lower the loss on held-out lines",
      ),
      maxCharacters: optional(integer(100), 2_000_000, "Characters of text that are used at most"),
      heldOutFraction: optional(share(), 0.02, "Share of the lines that is held out"),
      seed: optional(seed(), 13, "Seed; the same models serve all runs on a target"),
    }),
    "Character language models, which are trained on the source's sentences and the target's text (flair)",
  ),
  ngramWidth: optional(
    orNone(integer(1)),
    null,
    "Width of vectors of words' character n-grams, put beside word vectors and trained with them; null or 0 for none",
  ),
  templates: optional(
    orNone(positive()),
    null,
    "Weight of template regularisation, the distance to a sentence's template less those to wrong ones; null or 0 for none (coach)",
  ),
  readsEncoder: optional(
    flag(),
    false,
    "Read the states of the encoder, which is not trained, beside words (multi-cell-lstm)",
  ),
  lowercaseFallback: optional(
    flag(),
    true,
    "Look words up in lower case where they are not found as written",
  ),
  characterWidth: optional(integer(1), 30, "Width of a character's vector"),
  characterFeatures: optional(
    integer(0),
    50,
    "Features that a convolution over characters gives; 0 for none",
  ),
  width: optional(integer(1), 256, "Width of a direction's LSTM states"),
  nLayers: optional(integer(1), 2, "Layers of the LSTM"),
  dropout: optional(share(), 0.5, "Dropout on what is read, and between layers"),
};

/** BART. */
export const bartKey = section(
  textOr(
    text("a folder of a pretrained BART"),
    group({
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
    }),
  ),
  "A pretrained BART, or the sizes of a small one, a stand-in, that is made from the run's text (bartner)",
);

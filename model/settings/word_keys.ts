/** Keys of systems that read words and their characters, and of what those stand on. */
import { group, optional, orNull, section } from "../../data/schema/mappings.ts";
import { flag, integer, orNone, positive, seed, share, text } from "../../data/schema/shapes.ts";

/** Word vectors that are trained in the run. */
export const WORD_VECTORS = group({
  width: optional(integer(1), 100, "Width of a vector"),
  window: optional(integer(1), 5, "Words to each side that a word is learned from"),
  negatives: optional(integer(1), 5, "Words that each pair is told from"),
  epochs: optional(integer(1), 5, "Epochs of skip-gram"),
  minCount: optional(integer(1), 2, "How often a word has to occur"),
  sample: optional(positive(), 1e-3, "Frequency from which words are left out at random; 1 for none"),
  learningRate: optional(positive(), 0.025, "First learning rate; it falls linearly to 0"),
  lowercase: optional(flag(), true, "Read the text in lower case, as most published vectors were"),
  seed: optional(seed(), 13, "Seed; the same vectors serve all runs on a target"),
});

/** Character language models. */
export const CHAR_LM = group({
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
});

/** Keys of systems that read words. */
export const WORD_KEYS = {
  vectors: optional(
    orNull(text("a file of word vectors in GloVe's or word2vec's form")),
    null,
    "Pretrained word vectors; null trains a stand-in on the run's own text",
  ),
  standIn: section(
    WORD_VECTORS,
    "Word vectors trained on the source's sentences and the target's text, where vectors is null",
  ),
  charLm: section(
    CHAR_LM,
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

export const WORDS = group(WORD_KEYS);

/** Types of settings, made from the keys beside this file by `deno task docs`: change those, not this file. */

/** Stochastic gradient descent. */
export interface SgdSettings {
  /** Divide the learning rate by 1 + decay · epochs done; null or 0 for a constant one. */
  decay: number | null;
  /** L2 regularisation; null or 0 for none. */
  weightDecay: number | null;
  /** Halve the learning rate after more than so many epochs without a better dev F1, and stop below 1e-4; null for never. */
  patience: number | null;
}

/** An average of the weights. */
export interface AverageSettings {
  /** What remains of the average when the weights after a step are taken in (EMA), such as 0.999; null for the plain mean of the weights at the ends of epochs (SWA). */
  decay: number | null;
  /** First epoch whose weights are in it. */
  from: number;
}

/** Training on the target. */
export interface TrainSettings {
  /** Most epochs on the target's training sentences. */
  epochs: number;
  /** Epochs without a better dev F1 after which training stops; null or 0 for never. */
  patience: number | null;
  /** Which epoch's model is kept: best is that with the best dev F1, the first of equals; null for best. */
  keep: "last" | null;
  /** R-Drop: each batch passes twice with dropout of its own, and so many times the divergence of both is added to the loss; for laner and bert-tagger; null or 0 for one pass. */
  rDrop: number | null;
  /** Sentences in a batch. */
  batchSize: number;
  /** Batches whose gradients make up one step, as if they were one large batch; null for one. */
  accumulate: number | null;
  /** Adam's learning rate. */
  learningRate: number;
  /** Greatest norm of all gradients together, beyond which they are scaled down; null for any. */
  clipNorm: number | null;
  /** Stochastic gradient descent, instead of Adam; its learning rate is learningRate; null for Adam. */
  sgd: SgdSettings | null;
  /** Course of the learning rate after warmup: linear and cosine fall to 0 by the last epoch; null for constant. */
  schedule: "linear" | "cosine" | null;
  /** Share of all steps over which the learning rate first rises from 0; null or 0 for none. */
  warmup: number | null;
  /** Decoupled weight decay (AdamW) of all parameters but biases and layer norms; null or 0 for none. */
  weightDecay: number | null;
  /** Learning rate of the system's own layers as a multiple of its encoder's, which is learningRate; null for the same. */
  headRate: number | null;
  /** Learning rate of each layer of the encoder as a share of that of the layer above it; null for the same. */
  layerDecay: number | null;
  /** Number type of the matrix products of training steps, on engines that have it; with float16 the loss is scaled; null for float32. */
  precision: "bfloat16" | "float16" | null;
  /** Average of the weights, which is scored on dev and kept while the weights themselves are trained on; null for none. */
  average: AverageSettings | null;
}

/** Training on the source. */
export interface PretrainSettings {
  /** Epochs on the source. */
  epochs: number;
  /** Sentences in a batch. */
  batchSize: number;
  /** Batches whose gradients make up one step, as if they were one large batch; null for one. */
  accumulate: number | null;
  /** Adam's learning rate. */
  learningRate: number;
  /** Greatest norm of all gradients together, beyond which they are scaled down; null for any. */
  clipNorm: number | null;
  /** Stochastic gradient descent, instead of Adam; its learning rate is learningRate; null for Adam. */
  sgd: SgdSettings | null;
  /** Course of the learning rate after warmup: linear and cosine fall to 0 by the last epoch; null for constant. */
  schedule: "linear" | "cosine" | null;
  /** Share of all steps over which the learning rate first rises from 0; null or 0 for none. */
  warmup: number | null;
  /** Decoupled weight decay (AdamW) of all parameters but biases and layer norms; null or 0 for none. */
  weightDecay: number | null;
  /** Learning rate of the system's own layers as a multiple of its encoder's, which is learningRate; null for the same. */
  headRate: number | null;
  /** Learning rate of each layer of the encoder as a share of that of the layer above it; null for the same. */
  layerDecay: number | null;
  /** Number type of the matrix products of training steps, on engines that have it; with float16 the loss is scaled; null for float32. */
  precision: "bfloat16" | "float16" | null;
  /** Average of the weights, which is scored on dev and kept while the weights themselves are trained on; null for none. */
  average: AverageSettings | null;
}

/** Training on source and target together. */
export interface JointSettings {
  /** How often each sentence of the target is seen in an epoch; null for as often as makes the target as large as the source. */
  upsample: number | null;
  /** Most epochs; the best on the target's dev is kept. */
  epochs: number;
  /** Epochs without a better dev F1 after which training stops; null or 0 for never. */
  patience: number | null;
}

/** The model, whichever system it is of. */
export interface ModelSettings {
  /** Width of tag embeddings and of each LSTM direction (D). */
  labelWidth: number;
  /** Dropout inside the encoder. */
  dropout: number;
  /** Longest input in pieces; longer sentences are split between words. */
  maxPieces: number;
  /** Sequences that bartner writes side by side, of which the best is taken; null for one, greedily. */
  beamSize: number | null;
  /** Tags of the source model: its own, expanded for each target, or the union of both sets from the start. */
  labelSpace: "target" | "joint";
  /** Predict only tags that the scheme lets follow each other: systems on an encoder choose each word's best of them, bert-crf its best path; null for any. */
  legalTags: boolean | null;
  /** Start of tags that the source lacks: as in a new layer, or 0.3 times that and the mean of the source's tags with the same prefix; null for random. */
  newTags: "mean" | null;
  /** Tell the encoder of each word's capitals and digits by a table that is trained with the system: for systems on an encoder whose vocabulary is uncased; null for not. */
  wordShapes: boolean | null;
  /** Train each tag's row, on the target, as a sum of its own, its prefix's and its type's, in the output layer and the label embeddings; null for its own alone. */
  factoredTags: boolean | null;
}

/** Word vectors that are trained in the run. */
export interface WordVectorSettings {
  /** Width of a vector. */
  width: number;
  /** Words to each side that a word is learned from. */
  window: number;
  /** Words that each pair is told from. */
  negatives: number;
  /** Epochs of skip-gram. */
  epochs: number;
  /** How often a word has to occur. */
  minCount: number;
  /** Frequency from which words are left out at random; 1 for none. */
  sample: number;
  /** First learning rate; it falls linearly to 0. */
  learningRate: number;
  /** Read the text in lower case, as most published vectors were. */
  lowercase: boolean;
  /** Seed; the same vectors serve all runs on a target. */
  seed: number;
}

/** Character language models that are trained in the run. */
export interface CharLmSettings {
  /** Width of a model's states. */
  width: number;
  /** Width of a character's vector. */
  characterWidth: number;
  /** Epochs. */
  epochs: number;
  /** Places of the text that are read side by side. */
  nStreams: number;
  /** Characters between two steps. */
  blockLength: number;
  /** Learning rate; quartered after an epoch that does not lower the loss on held-out lines. */
  learningRate: number;
  /** Characters of text that are used at most. */
  maxCharacters: number;
  /** Share of the lines that is held out. */
  heldOutFraction: number;
  /** Seed; the same models serve all runs on a target. */
  seed: number;
}

/** Systems that read words, and what they stand on. */
export interface WordSettings {
  /** Pretrained word vectors; null trains a stand-in on the run's own text. */
  vectors: string | null;
  /** Word vectors trained on the source's sentences and the target's text, where vectors is null. */
  standIn: WordVectorSettings;
  /** Character language models, which are trained on the source's sentences and the target's text (flair). */
  charLm: CharLmSettings;
  /** Width of vectors of words' character n-grams, put beside word vectors and trained with them; null or 0 for none. */
  ngramWidth: number | null;
  /** Weight of template regularisation, the distance to a sentence's template less those to wrong ones; null or 0 for none (coach). */
  templates: number | null;
  /** Read the states of the encoder, which is not trained, beside words (multi-cell-lstm). */
  readsEncoder: boolean;
  /** Look words up in lower case where they are not found as written. */
  lowercaseFallback: boolean;
  /** Width of a character's vector. */
  characterWidth: number;
  /** Features that a convolution over characters gives; 0 for none. */
  characterFeatures: number;
  /** Width of a direction's LSTM states. */
  width: number;
  /** Layers of the LSTM. */
  nLayers: number;
  /** Dropout on what is read, and between layers. */
  dropout: number;
}

/** Masked language modelling of an encoder from nothing. */
export interface MlmSettings {
  /** Epochs of masked language modelling. */
  epochs: number;
  /** Pieces in one block of the text. */
  blockLength: number;
  /** Train on single sentences, cut at blockLength, instead of blocks of running text. */
  sentences: boolean;
  /** Share of the pieces that are chosen for masking. */
  maskProbability: number;
  /** Move lone chosen pieces together, so that spans of two and more form. */
  spans: boolean;
  /** First learning rate; it falls linearly to 0. */
  learningRate: number;
  /** Blocks in a batch. */
  batchSize: number;
}

/** The adaptation of an encoder to a text. */
export interface DaptSettings {
  /** Unlabelled text of the target's domain, one sentence a line; null takes the sample's own text. */
  corpus: string | null;
  /** Epochs of masked language modelling. */
  epochs: number;
  /** Pieces in one block of the text. */
  blockLength: number;
  /** Train on single sentences, cut at blockLength, instead of blocks of running text. */
  sentences: boolean;
  /** Share of the pieces that are chosen for masking. */
  maskProbability: number;
  /** Move lone chosen pieces together, so that spans of two and more form. */
  spans: boolean;
  /** First learning rate; it falls linearly to 0. */
  learningRate: number;
  /** Blocks in a batch. */
  batchSize: number;
  /** Share of the blocks that is held out to measure perplexity. */
  heldOutFraction: number;
  /** Seed of masking and order; one adapted encoder serves all runs on a target. */
  seed: number;
}

/** A tiny encoder that is made in the run. */
export interface TinyEncoderSettings {
  /** Word pieces that are learned from the run's own text. */
  vocabularySize: number;
  /** Width of the encoder's states (H). */
  hiddenWidth: number;
  /** Transformer layers. */
  nLayers: number;
  /** Attention heads; they have to divide hiddenWidth. */
  nHeads: number;
  /** Width inside the feed-forward layers. */
  feedForwardWidth: number;
  /** Longest input in pieces. */
  maxPositions: number;
  /** Lower-case the text before it is split. */
  lowercase: boolean;
  /** How the encoder is trained from nothing. */
  mlm: MlmSettings;
}

/** A small BART that is made in the run. */
export interface SmallBartSettings {
  /** Byte-level pieces that are learned from the run's own text. */
  vocabularySize: number;
  /** Width of a piece's state. */
  hiddenWidth: number;
  /** Layers of the encoder, and of the decoder. */
  nLayers: number;
  /** Attention heads; they have to divide hiddenWidth. */
  nHeads: number;
  /** Width inside the feed-forward layers. */
  feedForwardWidth: number;
  /** Longest input in pieces. */
  maxPositions: number;
  /** Dropout. */
  dropout: number;
  /** Lines of text that are used at most. */
  maxLines: number;
  /** Epochs of text infilling. */
  epochs: number;
  /** Lines in a batch. */
  batchSize: number;
  /** Greatest learning rate; it rises, then falls linearly to 0. */
  learningRate: number;
  /** Seed; the same BART serves all runs on a target. */
  seed: number;
}

/** All settings of a training. */
export interface TrainingSettings {
  /** The model. */
  model: ModelSettings;
  /** What is trained on: the source and then the target, both together, or the target alone. */
  strategy: "source-then-target" | "joint" | "in-domain";
  /** Systems that read words and their characters, not the encoder's pieces. */
  words: WordSettings;
  /** Training on source and target together; all that is not set here is that of train. */
  joint: JointSettings;
  /** Training on the source data set. */
  pretrain: PretrainSettings;
  /** Training on the target data set. */
  train: TrainSettings;
}

/**
 * Cross-domain named entity recognition: LANER (Hu et al. 2022) and the systems it is compared with.
 *
 * Everything here comes from data/ (text, tags, spans, scores) and model/ (networks and training); each of those
 * files can be imported alone too.
 *
 * @module
 */

// Text and tags
export { checkTags, tagProblems, wellFormedSchemes } from "./data/tags/check_tags.ts";
export { entitiesOf, type Entity, splitText } from "./data/text/entities.ts";
export { parseConll, type Sentence } from "./data/text/conll.ts";
export { formatConll } from "./data/text/format_conll.ts";
export { decodeText } from "./data/text/decode_text.ts";
export { printable, printableLine } from "./data/text/printable.ts";
export { type Scheme, type Span, spansToTags, tagsToSpans } from "./data/tags/tag_scheme.ts";
export { createTagSet, sharedTags, TagSet, tagSetOf, unionOfTagSets } from "./data/tags/tag_set.ts";
export { type SplitOptions, splitSentences, splitWords } from "./data/text/text_words.ts";
export { typeWords } from "./data/words/type_words.ts";
export {
  lengthRatioOf,
  maxSequenceLength,
  sequenceToSpans,
  spansToSequence,
  withoutOverlaps,
} from "./data/tags/span_sequences.ts";

// Scores
export { formatClassificationReport, formatScores } from "./data/scores/score_report.ts";
export { scoreSpans, scoreSpanSets, type SpanScores } from "./data/scores/scores.ts";
export { scoreSemEval, type SemEvalScores } from "./data/scores/semeval.ts";

// Comparing systems
export {
  type ConfusionMatrix,
  confusionMatrix,
  type EntityMatch,
  type ErrorKind,
  matchEntities,
} from "./data/scores/entity_errors.ts";
export {
  errorClasses,
  type ErrorCounts,
  type ErrorDifference,
  errorDifferences,
  surfaceForms,
} from "./data/scores/error_classes.ts";
export { meanAndStd, type PairedTTest, pairedTTest } from "./data/scores/seed_tests.ts";
export {
  approximateRandomisation,
  type BootstrapComparison,
  type BootstrapOptions,
  type Comparison,
  pairedBootstrap,
  resampledF1,
  type RunCounts,
  type SentenceCounts,
  sentenceCounts,
} from "./data/scores/significance.ts";

// Word pieces and batches
export {
  type ByteLevelTokenizer,
  createByteLevelTokenizer,
  loadByteLevelTokenizer,
} from "./data/pieces/byte_level_bpe.ts";
export { trainByteLevelBpe } from "./data/pieces/byte_level_bpe_training.ts";
export { type EncodedSentence, packBatch, padWords } from "./data/batches/batch.ts";
export { encodeCorpus, joinParts } from "./data/pieces/encode_corpus.ts";
export { splitLongSentence } from "./data/pieces/sentence_pieces.ts";
export { historyLayout } from "./data/tags/history_layout.ts";
export { createTagStrings, tagHistories } from "./data/tags/tag_history.ts";
export { createTokenizer, loadTokenizer, type Tokenizer } from "./data/pieces/tokenizer.ts";
export { tokenizerJson } from "./data/pieces/word_piece_tokenizer_json.ts";
export { trainWordPieces } from "./data/pieces/word_piece_vocabulary.ts";

// Words, characters and word vectors
export { type CharBlock, charBlocks, charsOfLines } from "./data/batches/char_blocks.ts";
export { charNgrams, charNgramVector, hashedNgrams } from "./data/words/char_ngrams.ts";
export { type CharPlaces, charPlaces } from "./data/batches/char_places.ts";
export {
  logUniformProbability,
  type SampledSoftmaxBatch,
  sampleLogUniform,
  sampleSoftmax,
} from "./data/batches/sampled_softmax.ts";
export { type VectorTable, vectorTable } from "./data/words/vector_table.ts";
export { formatWordVectors, readWordVectors, type WordVectors } from "./data/words/word_vectors.ts";
export {
  createVocabulary,
  spellingsOf,
  type Vocabulary,
  vocabularyFromJson,
} from "./data/words/word_vocabulary.ts";

// Masked language modelling and generated corpora
export { blocksOf, joinLonePositions, maskPieces } from "./data/batches/mask_pieces.ts";
export { createSampleCorpora } from "./data/sample/corpora.ts";
export { type InfilledText, infillText } from "./data/batches/text_infilling.ts";

// Randomness
export { fillDropout } from "./data/batches/dropout.ts";
export { createRandom, type Random, restoreRandom } from "./data/random.ts";

// Engines
export { createEngine } from "./model/engine/create_engine.ts";
export type { Arrays, Compiled, Engine, TensorFunction } from "./model/engine/engine.ts";
export { valueAndGradients } from "./model/engine/gradients.ts";

// The model's bricks
export { createBertCrf } from "./model/systems/bert_crf/bert_crf.ts";
export { labelBackground, labelContext } from "./model/systems/laner/biattention.ts";
export { type CrfLoss, crfLoss } from "./model/nn/crf.ts";
export { type CrfParameters, crfShapes } from "./model/nn/crf_parameters.ts";
export { encode } from "./model/bert/encoder.ts";
export { decodeGreedily } from "./model/systems/laner/greedy.ts";
export { encodeHistory, labelEncoderShapes } from "./model/systems/laner/label_encoder.ts";
export { createLabelStates } from "./model/systems/laner/label_states.ts";
export { createLaner, lanerShapes } from "./model/systems/laner/laner.ts";
export { createMaskedLm } from "./model/bert/masked_lm.ts";
export { predict, predictorShapes } from "./model/systems/laner/predictor.ts";
export { viterbi } from "./model/nn/viterbi.ts";
export { wordStates } from "./model/bert/words.ts";

// BART and BARTNER
export { type BartConfig, formatBartConfig, parseBartConfig } from "./model/bart/bart_config.ts";
export { initialBart } from "./model/bart/bart_init.ts";
export { type BartLm, createBartLm } from "./model/bart/bart_lm.ts";
export { bartShapes } from "./model/bart/bart_shapes.ts";
export { type BartWeights, pickBartWeights } from "./model/bart/bart_weights.ts";
export { type Bartner, createBartner } from "./model/systems/bartner/bartner.ts";
export type { PointerSentence } from "./model/systems/bartner/bartner_batch.ts";
export { bartnerShapes } from "./model/systems/bartner/bartner_head.ts";
export { initialTypes } from "./model/systems/bartner/bartner_init.ts";
export { beamSearch } from "./model/bart/beam_search.ts";
export { greedySearch } from "./model/bart/greedy_search.ts";

// Systems that read words, and their bricks
export { batchesOf } from "./data/batches/domain_batches.ts";
export { convertTags } from "./data/tags/convert_tags.ts";
export { timeSteps } from "./data/batches/time_steps.ts";
export { createVocabularies, type Vocabularies } from "./data/words/vocabularies.ts";
export { biLstmShapes, createBiLstm } from "./model/nn/bilstm.ts";
export { charCnnShapes, createCharCnn } from "./model/nn/char_cnn.ts";
export { createCharLm, initialCharLm } from "./model/char_lm/char_lm.ts";
export { COACH, createCoach } from "./model/systems/coach/coach.ts";
export { createCrossDomainLm, CROSS_DOMAIN_LM } from "./model/systems/cross_domain_lm/cross_domain_lm.ts";
export { createFlair, FLAIR } from "./model/systems/flair/flair.ts";
export { createGraphBlock, type GraphBlock } from "./model/nn/graph_block.ts";
export { createLstmCrf, LSTM_CRF } from "./model/systems/lstm_crf/lstm_crf.ts";
export { createMultiCellLstm, MULTI_CELL_LSTM } from "./model/systems/multi_cell_lstm/multi_cell_lstm.ts";
export { type Cell, createRecurrence } from "./model/nn/recurrence.ts";

// What a model has learned
export {
  type AttentionWeights,
  labelBackgroundWeights,
  labelContextWeights,
} from "./model/analysis/attention_weights.ts";
export { analyseLabels, type LabelFindings } from "./model/analysis/label_analysis.ts";
export { type LabelMap, mapLabels } from "./model/analysis/label_map.ts";
export { principalComponents } from "./model/analysis/principal_components.ts";

// Weights
export { initialBert } from "./model/bert/bert_init.ts";
export { type BertConfig } from "./model/bert/bert_config.ts";
export { encoderShapes, mlmHeadShapes } from "./model/bert/bert_shapes.ts";
export { loadEncoderFolder, writeEncoderFolder } from "./model/bert/encoder_folder.ts";
export { type BertModel, bertSystem, type SystemOptions } from "./model/systems/bert_system.ts";
export { bartSystem } from "./model/systems/bart_system.ts";
export { loadBertModel, loadModelFolder, writeModelFolder } from "./model/model_folder.ts";
export type { NdArray } from "./model/engine/nd_array.ts";
export { initialParameters, type Parameters } from "./model/weights/parameters.ts";
export { readSafetensors, toFloat32, writeSafetensors } from "./model/weights/safetensors.ts";

// Training and use
export { type SkipGramResult, trainSkipGram } from "./model/words/skip_gram.ts";
export { createAdam } from "./model/training/adam.ts";
export { createSgd } from "./model/training/sgd.ts";
export type { System, TaggedSentence, UntaggedSentence } from "./model/training/system.ts";
export { addSystem, type SystemName, systemNames, systemOf, SYSTEMS } from "./model/systems/systems.ts";
export type { Loaded, Materials, Model, NewModel, SystemDefinition } from "./model/systems/definition.ts";
export { createSystem } from "./model/systems/create_system.ts";
export { loadTagger, type Tagger } from "./model/tagger.ts";
export { train } from "./model/training/train.ts";
export { maskedPerplexity, trainMaskedLm } from "./model/bert/train_masked_lm.ts";
export { expandTags } from "./model/transfer.ts";

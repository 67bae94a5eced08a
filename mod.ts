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
export { createBertCrf } from "./model/bert/bert_crf.ts";
export { labelBackground, labelContext } from "./model/laner/biattention.ts";
export { type CrfLoss, crfLoss } from "./model/crf/crf.ts";
export { type CrfParameters, crfShapes } from "./model/crf/crf_parameters.ts";
export { encode } from "./model/bert/encoder.ts";
export { decodeGreedily } from "./model/laner/greedy.ts";
export { encodeHistory, labelEncoderShapes } from "./model/laner/label_encoder.ts";
export { createLabelStates } from "./model/laner/label_states.ts";
export { createLaner, lanerShapes } from "./model/laner/laner.ts";
export { createMaskedLm } from "./model/bert/masked_lm.ts";
export { predict, predictorShapes } from "./model/laner/predictor.ts";
export { viterbi } from "./model/crf/viterbi.ts";
export { wordStates } from "./model/bert/words.ts";

// BART and BARTNER
export { type BartConfig, formatBartConfig, parseBartConfig } from "./model/bart/bart_config.ts";
export { initialBart } from "./model/bart/bart_init.ts";
export { type BartLm, createBartLm } from "./model/bart/bart_lm.ts";
export { bartShapes } from "./model/bart/bart_shapes.ts";
export { type BartWeights, pickBartWeights } from "./model/bart/bart_weights.ts";
export { type Bartner, createBartner } from "./model/bart/bartner.ts";
export type { PointerSentence } from "./model/bart/bartner_batch.ts";
export { bartnerShapes } from "./model/bart/bartner_head.ts";
export { initialTypes } from "./model/bart/bartner_init.ts";
export { beamSearch } from "./model/bart/beam_search.ts";
export { greedySearch } from "./model/bart/greedy_search.ts";

// Systems that read words, and their bricks
export { batchesOf } from "./data/batches/domain_batches.ts";
export { convertTags } from "./data/tags/convert_tags.ts";
export { timeSteps } from "./data/batches/time_steps.ts";
export { createVocabularies, type Vocabularies } from "./data/words/vocabularies.ts";
export { biLstmShapes, createBiLstm } from "./model/recurrent/bilstm.ts";
export { charCnnShapes, createCharCnn } from "./model/recurrent/char_cnn.ts";
export { createCharLm, initialCharLm } from "./model/recurrent/char_lm.ts";
export { COACH, createCoach } from "./model/recurrent/coach.ts";
export { createCrossDomainLm, CROSS_DOMAIN_LM } from "./model/recurrent/cross_domain_lm.ts";
export { createFlair, FLAIR } from "./model/recurrent/flair.ts";
export { createGraphBlock, type GraphBlock } from "./model/graph_block.ts";
export { createLstmCrf, LSTM_CRF } from "./model/recurrent/lstm_crf.ts";
export { createMultiCellLstm, MULTI_CELL_LSTM } from "./model/recurrent/multi_cell_lstm.ts";
export { type Cell, createRecurrence } from "./model/recurrent/recurrence.ts";
export { type WordSystemDefinition } from "./model/system.ts";

// What a model has learned
export {
  type AttentionWeights,
  labelBackgroundWeights,
  labelContextWeights,
} from "./model/laner/attention_weights.ts";
export { analyseLabels, type LabelFindings } from "./model/laner/label_analysis.ts";
export { type LabelMap, mapLabels } from "./model/laner/label_map.ts";
export { principalComponents } from "./model/laner/principal_components.ts";

// Weights
export { initialBert } from "./model/bert/bert_init.ts";
export { type BertConfig } from "./model/bert/bert_config.ts";
export { encoderShapes, mlmHeadShapes } from "./model/bert/bert_shapes.ts";
export { loadEncoderFolder, writeEncoderFolder } from "./model/bert/encoder_folder.ts";
export { type BertModel, isBertModel, type LoadedModel, type Model, type WordModel } from "./model/model.ts";
export { loadBertModel, loadModelFolder, writeModelFolder } from "./model/model_folder.ts";
export type { NdArray } from "./model/nd_array.ts";
export { initialParameters, type Parameters } from "./model/parameters.ts";
export { readSafetensors, toFloat32, writeSafetensors } from "./model/weights/safetensors.ts";

// Training and use
export { type SkipGramResult, trainSkipGram } from "./model/recurrent/skip_gram.ts";
export { createAdam } from "./model/training/adam.ts";
export { createSgd } from "./model/training/sgd.ts";
export type {
  System,
  SystemDefinition,
  SystemOptions,
  TaggedSentence,
  UntaggedSentence,
} from "./model/system.ts";
export {
  BERT_SYSTEM_NAMES,
  type BertSystemName,
  isBertSystem,
  SYSTEM_NAMES,
  type SystemName,
  SYSTEMS,
  type WordSystemName,
} from "./model/systems.ts";
export { createSystem, loadTagger, type Tagger } from "./model/tagger.ts";
export { train } from "./model/training/train.ts";
export { maskedPerplexity, trainMaskedLm } from "./model/bert/train_masked_lm.ts";
export { expandTags } from "./model/transfer.ts";

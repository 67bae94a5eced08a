/**
 * The systems by name, how each is assembled, and the parts that only they have: LANER, the BERT tagger with and
 * without a CRF, BARTNER, Coach, Flair and the LSTM systems.
 *
 * @module
 */
export { type Bartner, createBartner } from "./bartner/bartner.ts";
export type { PointerSentence } from "./bartner/bartner_batch.ts";
export { bartnerShapes } from "./bartner/bartner_head.ts";
export { initialTypes } from "./bartner/bartner_init.ts";
export { createBertCrf } from "./bert_crf/bert_crf.ts";
export { createBertTagger } from "./bert_tagger/bert_tagger.ts";
export { COACH, createCoach } from "./coach/coach.ts";
export { createSystem } from "./create_system.ts";
export { createCrossDomainLm, CROSS_DOMAIN_LM } from "./cross_domain_lm/cross_domain_lm.ts";
export { createFlair, FLAIR } from "./flair/flair.ts";
export { labelBackground, labelContext } from "./laner/biattention.ts";
export { decodeGreedily, type GreedyPrediction } from "./laner/greedy.ts";
export { encodeHistory, labelEncoderShapes } from "./laner/label_encoder.ts";
export { createLabelStates } from "./laner/label_states.ts";
export { createLaner, type Laner, lanerShapes } from "./laner/laner.ts";
export { predict, predictorShapes } from "./laner/predictor.ts";
export { createLstmCrf, LSTM_CRF } from "./lstm_crf/lstm_crf.ts";
export { createMultiCellLstm, MULTI_CELL_LSTM } from "./multi_cell_lstm/multi_cell_lstm.ts";
export { addSystem, type SystemName, systemNames, systemOf, SYSTEMS } from "./systems.ts";
export { bartSystem } from "./bart_system.ts";
export { type BertModel, bertSystem, type LoadedBertModel, type SystemOptions } from "./bert_system.ts";
export type { Loaded, Materials, Model, NewModel, SystemDefinition } from "./definition.ts";
export type { WordModel, WordSystemOptions, WordSystemShape } from "./word_model.ts";
export { wordSystem } from "./word_system.ts";

/**
 * Bricks that networks are built from: CRF, BiLSTM, recurrence, character CNN.
 *
 * @module
 */
export { createBiLstm } from "./bilstm.ts";
export { biLstmShapes } from "./bilstm_shapes.ts";
export { charCnnShapes, createCharCnn } from "./char_cnn.ts";
export { type CrfLoss, crfLoss } from "./crf.ts";
export { type CrfParameters, crfShapes } from "./crf_parameters.ts";
export { createGraphBlock, type GraphBlock } from "./graph_block.ts";
export { createRecurrence } from "./recurrence.ts";
export type { Cell } from "./recurrent_cell.ts";
export { viterbi } from "./viterbi.ts";

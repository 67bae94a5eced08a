/** The forms of the JSON files that stages write and others read back. */
import { ANYTHING, COUNT, listOf, mapOf, maybe, nullOr, NUMBER, objectOf, TEXT } from "./stored_json.ts";

const PRF = { precision: NUMBER, recall: NUMBER, f1: NUMBER };
const COUNTED = { ...PRF, nGold: COUNT, nFound: COUNT, nCorrect: COUNT };
const SCORES = objectOf({
  ...COUNTED,
  perType: mapOf(objectOf(COUNTED)),
  micro: objectOf(PRF),
  macro: objectOf(PRF),
  weighted: objectOf(PRF),
  nWords: COUNT,
  nCorrectWords: COUNT,
  accuracy: NUMBER,
});

/** `stage.json`: a `StageRecord`. */
export const STAGE_RECORD = objectOf({
  key: TEXT,
  stage: TEXT,
  inputs: mapOf(TEXT),
  config: mapOf(ANYTHING),
  // What was stored before results were kept by their code has none.
  code: maybe(mapOf(TEXT)),
  versions: mapOf(TEXT),
  startedAt: TEXT,
  wallSeconds: NUMBER,
  files: mapOf(objectOf({ bytes: COUNT, sha256: TEXT })),
});

/** `scores.json`: `FinetuneScores`. */
export const FINETUNE_SCORES = objectOf({
  dev: SCORES,
  test: SCORES,
  training: objectOf({
    epochs: listOf(objectOf({ epoch: COUNT, loss: NUMBER, devF1: maybe(NUMBER) })),
    bestEpoch: COUNT,
    stoppedBy: TEXT,
  }),
  predictSeconds: NUMBER,
  nParameters: objectOf({ encoder: COUNT, head: COUNT }),
});

/** `mlm.json`: the course of masked language modelling. */
export const MLM_COURSE = objectOf({
  blocks: COUNT,
  heldOut: COUNT,
  losses: listOf(NUMBER),
  perplexity: objectOf({ before: nullOr(NUMBER), after: nullOr(NUMBER) }),
});

const LABEL_MAP = objectOf({
  tags: listOf(TEXT),
  points: listOf(listOf(NUMBER, 2)),
  explained: listOf(NUMBER, 2),
  nearest: listOf(listOf(objectOf({ tag: TEXT, cosine: NUMBER }))),
});

/** `labels.json`: `LabelFindings`. */
export const LABEL_FINDINGS = objectOf({
  before: nullOr(LABEL_MAP),
  after: LABEL_MAP,
  attention: nullOr(objectOf({ words: listOf(TEXT), tags: listOf(TEXT), weights: listOf(listOf(NUMBER)) })),
});

/** The forms of the JSON files that stages write and others read back. */
import { listOf, mapOf, maybe, objectOf, pairOf, present, whole } from "../../data/schema/file_shapes.ts";
import { orNull } from "../../data/schema/mappings.ts";
import { anyText, choice, finite, type Shape } from "../../data/schema/shapes.ts";
import type { LabelFindings } from "../../model/analysis/label_analysis.ts";
import type { AdaptationResult } from "./dapt_stage.ts";
import type { StageRecord } from "./stage_results.ts";
import type { FinetuneScores } from "./training_stages.ts";

const NUMBER = finite();
const COUNT = whole(0);
const TEXT = anyText();

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

/** The form of `stage.json`. */
export const STAGE_RECORD: Shape<StageRecord> = objectOf({
  key: TEXT,
  stage: TEXT,
  inputs: mapOf(TEXT),
  config: mapOf(present()),
  // Records from before code was hashed have none.
  code: maybe(mapOf(TEXT)),
  versions: mapOf(TEXT),
  startedAt: TEXT,
  wallSeconds: NUMBER,
  files: mapOf(objectOf({ bytes: COUNT, sha256: TEXT })),
});

/** The form of `scores.json`. */
export const FINETUNE_SCORES: Shape<FinetuneScores> = objectOf({
  dev: SCORES,
  test: SCORES,
  training: objectOf({
    epochs: listOf(objectOf({ epoch: COUNT, loss: NUMBER, devF1: maybe(NUMBER) })),
    bestEpoch: COUNT,
    stoppedBy: choice("epochs", "patience", "learning rate", "signal"),
  }),
  predictSeconds: NUMBER,
  nParameters: objectOf({ encoder: COUNT, head: COUNT }),
});

/** The form of `mlm.json`, the course of masked language modelling. */
export const MLM_COURSE: Shape<Omit<AdaptationResult, "target" | "seconds">> = objectOf({
  blocks: COUNT,
  heldOut: COUNT,
  losses: listOf(NUMBER),
  perplexity: objectOf({ before: orNull(NUMBER), after: orNull(NUMBER) }),
});

const LABEL_MAP = objectOf({
  tags: listOf(TEXT),
  points: listOf(pairOf(NUMBER)),
  explained: pairOf(NUMBER),
  nearest: listOf(listOf(objectOf({ tag: TEXT, cosine: NUMBER }))),
});

/** The form of `labels.json`. */
export const LABEL_FINDINGS: Shape<LabelFindings> = objectOf({
  before: orNull(LABEL_MAP),
  after: LABEL_MAP,
  attention: orNull(objectOf({ words: listOf(TEXT), tags: listOf(TEXT), weights: listOf(listOf(NUMBER)) })),
});

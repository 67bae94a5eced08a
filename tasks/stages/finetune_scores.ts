/** The scores of a model for a target, as `scores.json` holds them. */
import { listOf, mapOf, maybe, objectOf, whole } from "../../data/schema/file_shapes.ts";
import { choice, finite, type Shape } from "../../data/schema/shapes.ts";
import type { SpanScores } from "../../data/scores/scores.ts";
import type { TrainRecord } from "../../model/training/train.ts";

/** The contents of `scores.json` of a model for a target. */
export interface FinetuneScores {
  dev: SpanScores;
  test: SpanScores;
  training: TrainRecord;
  /** Seconds that prediction of the test sentences took. */
  predictSeconds: number;
  nParameters: { encoder: number; head: number };
}

const NUMBER = finite();
const COUNT = whole(0);
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

/** Where a training of a system is: its epochs, and the best of them. */
import { z } from "npm:zod@4.6.7";
import type { Random } from "../../data/random.ts";
import {
  assignParameters,
  copyParameters,
  type Parameters,
  withoutPrefix,
  withPrefix,
} from "../weights/parameters.ts";
import { restoreTraining, SAVED_RANDOM, type TrainingParts, type TrainingState } from "./training_state.ts";

/** What happened in an epoch. */
export interface EpochRecord {
  epoch: number;
  /** Mean of the batches' losses. */
  loss: number;
  /** Score on dev, if there is one. */
  devF1?: number;
}

/** The best epoch so far. */
export interface BestEpoch {
  epoch: number;
  score: number;
  /** A copy. */
  parameters: Parameters;
}

/** Returns the better of the best epoch so far and the one that has just been scored; of equals, the former. */
export function better(
  best: BestEpoch | null,
  epoch: number,
  score: number,
  parameters: Parameters,
): BestEpoch {
  if (!best) return { epoch, score, parameters: copyParameters(parameters) };
  if (!(score > best.score)) return best;
  // The kept copy is overwritten, so that there is never more than one.
  assignParameters(best.parameters, parameters);
  return { epoch, score, parameters: best.parameters };
}

/** Where a training is, as a checkpoint keeps it. */
const SAVED = z.object({
  /** Of the order, and the dropout. */
  random: z.tuple([SAVED_RANDOM, SAVED_RANDOM]),
  records: z.array(z.object({ epoch: z.number(), loss: z.number(), devF1: z.number().exactOptional() })),
  best: z.object({ epoch: z.number(), score: z.number() }).nullable(),
  /** The epoch that is running, from 1. */
  epoch: z.number(),
  /** How many of its batches are done, and the sum of their losses. */
  batch: z.number(),
  lossSum: z.number(),
});

/** Where a training is. */
export interface Course extends Omit<z.output<typeof SAVED>, "random" | "best"> {
  best: BestEpoch | null;
}

/** The generators of a training, with where they are. */
export type Generators = Pick<z.output<typeof SAVED>, "random">;

/** Begins a training. */
export function newCourse(random: Random): Course & Generators {
  return {
    random: [random.fork("order"), random.fork("dropout")],
    records: [],
    best: null,
    epoch: 1,
    batch: 0,
    lossSum: 0,
  };
}

/** Gives what a checkpoint keeps of a course. */
export function savedCourse({ best, ...course }: Course): TrainingState {
  return {
    tensors: best ? withPrefix("best", best.parameters) : {},
    values: { ...course, best: best && { epoch: best.epoch, score: best.score } },
  };
}

/**
 * Goes on from a state, whose values it puts into parameters and optimiser, too.
 *
 * @throws If the values are not such.
 */
export function restoreCourse(state: TrainingState, parts: TrainingParts): Course & Generators {
  const { best, ...course } = restoreTraining(state, parts, SAVED);
  return { ...course, best: best && { ...best, parameters: withoutPrefix("best", state.tensors) } };
}

/** The course of a training with a score on dev: its epochs so far, the best of them, and how they are saved. */
import { z } from "npm:zod@4.6.7";
import type { Random } from "../../data/random.ts";
import { type Parameters, withoutPrefix, withPrefix } from "../weights/parameters.ts";
import type { ParameterStore } from "./parameter_store.ts";
import { restoreTraining, SAVED_RANDOM, type TrainingParts, type TrainingState } from "./training_state.ts";

/** The result of an epoch. */
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
export async function better(
  store: ParameterStore,
  best: BestEpoch | null,
  epoch: number,
  score: number,
  parameters: Parameters,
): Promise<BestEpoch> {
  if (!best) return { epoch, score, parameters: await store.copy(parameters) };
  if (!(score > best.score)) return best;
  // The kept copy is overwritten, so that there is never more than one.
  await store.assign(best.parameters, parameters);
  return { epoch, score, parameters: best.parameters };
}

/** The course of a training, as a checkpoint keeps it. */
const SAVED = z.object({
  /** Of the order, and the dropout. */
  random: z.tuple([SAVED_RANDOM, SAVED_RANDOM]),
  records: z.array(z.object({ epoch: z.number(), loss: z.number(), devF1: z.number().exactOptional() })),
  best: z.object({ epoch: z.number(), score: z.number() }).nullable(),
  /** The epoch that is running, from 1. */
  epoch: z.number(),
  /** The number of its batches that are done, and the sum of their losses. */
  batch: z.number(),
  lossSum: z.number(),
});

/** The course of a training, with the best parameters so far. */
export interface Course extends Omit<z.output<typeof SAVED>, "random" | "best"> {
  best: BestEpoch | null;
}

/** The generators of a training: of the order, and of the dropout. */
export type Generators = Pick<z.output<typeof SAVED>, "random">;

/** Starts a training's course. */
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

/** Returns what a checkpoint needs of a course. */
export function savedCourse({ best, ...course }: Course): TrainingState {
  return {
    tensors: best ? withPrefix("best", best.parameters) : {},
    values: { ...course, best: best && { epoch: best.epoch, score: best.score } },
  };
}

/** Puts a checkpoint's state into the parts of a training, and returns its course. */
export async function restoreCourse(
  state: TrainingState,
  parts: TrainingParts,
): Promise<Course & Generators> {
  const { best, ...course } = await restoreTraining(state, parts, SAVED);
  return { ...course, best: best && { ...best, parameters: withoutPrefix("best", state.tensors) } };
}

/** All that a training needs to go on exactly where it was: plain arrays, and plain data beside them. */
import { z } from "npm:zod@4.6.7";
import { type Random, type RandomState, restoreRandom } from "../../data/random.ts";
import { type Parameters, withoutPrefix, withPrefix } from "../weights/parameters.ts";
import { LOSS_SCALER_STATE, type LossScaler } from "./loss_scaler.ts";
import type { TrainingOptimizer } from "./optimizer.ts";
import type { ParameterStore } from "./parameter_store.ts";

/**
 * The state of a training between two steps. Most arrays are the training's own, which its next step changes: whoever
 * keeps a state has to write or copy them before returning.
 */
export interface TrainingState {
  tensors: Parameters;
  /** Plain data that JSON can hold. */
  values: Record<string, unknown>;
}

/** A place that a training's state comes from, and goes to. */
export interface TrainingCheckpoint {
  /** The state to go on from; without it the training begins anew. */
  resume?: TrainingState | null;
  /**
   * Keeps the state, or not; the training calls it between all steps, and waits for it.
   *
   * @param state Collects the state, which takes its time: to be called only if the state will be kept.
   * @param isLast Whether the training stops here: if this state is not kept, its last steps are lost.
   */
  save(state: () => Promise<TrainingState>, isLast: boolean): Promise<void>;
}

/** The parts that every training changes as it goes. */
export interface TrainingParts {
  parameters: Parameters;
  optimizer: TrainingOptimizer;
  /** Where both keep their arrays. */
  store: ParameterStore;
  /** Scales the losses of a training in float16. */
  lossScaler?: LossScaler | undefined;
}

/** The part of the state that is a training's own. */
export interface TrainingCourse extends TrainingState {
  /** The states of its generators, always in the same order. */
  random: readonly RandomState[];
}

/**
 * Puts a state together.
 *
 * @param course Not under the names "parameters/…" and "optimizer/…", "lossScaler", "optimizer" and "random".
 * @throws If a parameter is not finite: such a state is not worth going on from.
 */
export async function trainingState(
  { parameters, optimizer, store, lossScaler }: TrainingParts,
  { random, ...course }: TrainingCourse,
): Promise<TrainingState> {
  const spoilt = await store.nameOfNotFinite(parameters);
  if (spoilt !== undefined) {
    throw new Error(`Cannot go on training: "${spoilt}" has values that are not finite`);
  }
  const { tensors, values } = await optimizer.state();
  return {
    tensors: await store.read({
      ...withPrefix("parameters", parameters),
      ...withPrefix("optimizer", tensors),
      ...course.tensors,
    }),
    values: {
      optimizer: values,
      ...(lossScaler ? { lossScaler: lossScaler.state() } : {}),
      random,
      ...course.values,
    },
  };
}

/** The schema of a generator's state, which reads it as the generator. */
export const SAVED_RANDOM: z.ZodType<Random> = z.object({
  origin: z.array(z.number()),
  words: z.array(z.number()),
  spareNormal: z.number().nullable(),
}).transform(restoreRandom);

const SAVED_OPTIMIZER = z.object({
  optimizer: z.object({
    nSteps: z.number(),
    nSkipped: z.number().exactOptional(),
    rows: z.record(z.string(), z.array(z.number())),
  }),
});

const SAVED_SCALER = z.object({ lossScaler: LOSS_SCALER_STATE });

/**
 * Puts a state's values into parameters, optimiser and loss scaler.
 *
 * @param schema What the training added to `values`, and its generators under `random`.
 * @returns What the schema reads, in arrays and objects of its own.
 * @throws If the values are not such.
 */
export async function restoreTraining<Course>(
  { tensors, values }: TrainingState,
  { parameters, optimizer, store, lossScaler }: TrainingParts,
  schema: z.ZodType<Course>,
): Promise<Course> {
  const saved = readSaved(SAVED_OPTIMIZER, values);
  const course = readSaved(schema, values);
  if (lossScaler) lossScaler.restore(readSaved(SAVED_SCALER, values).lossScaler);
  await store.assign(parameters, withoutPrefix("parameters", tensors));
  await optimizer.restore(parameters, {
    tensors: withoutPrefix("optimizer", tensors),
    values: saved.optimizer,
  });
  return course;
}

function readSaved<T>(schema: z.ZodType<T>, values: unknown): T {
  const read = schema.safeParse(values, { reportInput: true });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const path = issue?.path.join(".");
  throw new Error(
    `Cannot go on training from "${path}" of the saved state: ${issue?.message}, current value is ${issue?.input}`,
  );
}

/** Training a network to restore what is hidden of blocks of text: epochs, learning rate, checkpoints. */
import { z } from "npm:zod@4.6.7";
import type { Random } from "../../data/random.ts";
import type { Engine } from "../engine/engine.ts";
import type { Parameters } from "../weights/parameters.ts";
import { linearRate } from "./learning_rate.ts";
import type { Gradient } from "./optimizer.ts";
import type { ParameterRules } from "./parameter_rules.ts";
import type { ParameterStore } from "./parameter_store.ts";
import { withParameterStore } from "./place_parameters.ts";
import type { TrainingContext } from "./training_context.ts";
import { runEpoch } from "./training_loop.ts";
import { restoreTraining, SAVED_RANDOM } from "./training_state.ts";

/** A network that restores text; `Hidden` is a block of which a part is hidden. */
export interface Denoiser<Hidden> {
  /** Training changes the values in place. */
  readonly parameters: Parameters;
  /** The engine, if it may hold the parameters while they are trained. */
  readonly holder?: Engine | undefined;
  /** Computes the mean loss over what is hidden of some blocks, and its gradients. */
  lossAndGradients(
    blocks: readonly Hidden[],
    random?: Random,
  ): Promise<{ loss: number; gradients: Record<string, Gradient> }>;
  /** Does other work between two calls (see `System`). */
  inTurn?<T>(work: () => Promise<T>): Promise<T>;
}

/** Settings and context of a training. */
export interface TrainDenoisingOptions extends TrainingContext {
  epochs: number;
  batchSize: number;
  /** Falls linearly to 0 over the training. */
  learningRate: number;
  /** Part of the training over which the learning rate rises from 0 first. */
  warmup?: number;
  /** Greatest norm of all gradients together. */
  clipNorm?: number;
  /** Rules for single parameters; none by default. */
  rules?: ParameterRules;
}

/** A way to hide parts of a text. */
export interface Hiding<Hidden> {
  /** Hides a part of a block, another in every epoch. */
  hide: (block: Int32Array, random: Random) => Hidden;
  /** Tells whether there is anything to restore; a batch without is passed over. */
  isAny?: (block: Hidden) => boolean;
  /** Draws what is hidden. */
  random: Random;
}

/** The course of a training: the mean loss of each epoch, and whether it was stopped by the signal. */
export interface DenoisingRecord {
  losses: number[];
  stopped: boolean;
}

/**
 * Trains a network in place, with Adam.
 *
 * @param blocks Piece ids of each block.
 * @throws `NotFiniteError` if a loss is not finite; no step was made with it; or if parameters are not at the end of an
 * epoch.
 */
export async function trainDenoising<Hidden>(
  network: Denoiser<Hidden>,
  blocks: readonly Int32Array[],
  hiding: Hiding<Hidden>,
  options: DenoisingOptions,
): Promise<DenoisingRecord> {
  return await withParameterStore(network, (store) => trainIn(store, network, blocks, hiding, options));
}

/** Trains a network whose parameters are kept in a store. */
async function trainIn<Hidden>(
  store: ParameterStore,
  network: Denoiser<Hidden>,
  blocks: readonly Int32Array[],
  hiding: Hiding<Hidden>,
  options: DenoisingOptions,
): Promise<DenoisingRecord> {
  const { epochs, batchSize, learningRate, warmup, clipNorm, rules = {} } = options;
  const { parameters } = network;
  const optimizer = store.adam({ learningRate, rules });
  const nBatches = Math.ceil(blocks.length / batchSize);
  const training = {
    parameters,
    optimizer,
    store,
    epochs,
    nBatches,
    nSteps: nBatches,
    clipNorm,
    checksNorm: false,
    context: options,
  };
  const resume = options.checkpoint?.resume;
  const { random, ...course } = resume
    ? await restoreTraining(resume, training, SAVED)
    : newCourse(options.random, hiding.random);
  const [order, dropout, hidden] = random;
  const { losses } = course;
  for (; losses.length < epochs; course.batch = 0, course.lossSum = 0) {
    // A training that goes on in the middle of an epoch draws the epoch's order again.
    const atStart = order.state();
    const shuffled = order.shuffle([...blocks]);
    const blocksOf = (batch: number) => shuffled.slice(batch * batchSize, (batch + 1) * batchSize);
    const isStopped = await runEpoch(training, {
      epoch: losses.length + 1,
      position: course,
      async lossAndGradients(batch) {
        const given = blocksOf(batch).map((block) => hiding.hide(block, hidden));
        if (hiding.isAny && !given.some(hiding.isAny)) return null;
        return await network.lossAndGradients(given, dropout);
      },
      membersOf: (batch) => blocksOf(batch).map((one) => blocks.indexOf(one)),
      learningRate: (step) => linearRate(learningRate, step, epochs * nBatches, warmup),
      course: () => ({
        random: [atStart, dropout.state(), hidden.state()],
        tensors: {},
        values: { ...course },
      }),
    });
    if (isStopped) return { losses, stopped: true };
    losses.push(course.lossSum / nBatches);
  }
  return { losses, stopped: false };
}

/** Names of the options that have no default. */
type Unset = "onProgress" | "signal" | "checkpoint" | "rules";
/** Options with their defaults. */
type DenoisingOptions = Required<Omit<TrainDenoisingOptions, Unset>> & Pick<TrainDenoisingOptions, Unset>;

/** The course of a training, as a checkpoint keeps it. */
const SAVED = z.object({
  /** Of the order, the dropout, and what is hidden. */
  random: z.tuple([SAVED_RANDOM, SAVED_RANDOM, SAVED_RANDOM]),
  /** Mean loss of each epoch that is over. */
  losses: z.array(z.number()),
  /** The number of batches of the next that are done, and the sum of their losses. */
  batch: z.number(),
  lossSum: z.number(),
});

function newCourse(random: Random, hidden: Random): z.output<typeof SAVED> {
  return {
    random: [random.fork("order"), random.fork("dropout"), hidden],
    losses: [],
    batch: 0,
    lossSum: 0,
  };
}

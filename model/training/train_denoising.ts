/** Training a network to restore what is hidden of blocks of text: epochs, learning rate, checkpoints. */
import type { Random } from "../../data/random.ts";
import { nameOfNotFinite } from "../weights/finite.ts";
import type { Parameters } from "../weights/parameters.ts";
import { clipGradients, createAdam } from "./adam.ts";
import { NotFiniteError } from "./not_finite_error.ts";
import type { Gradient } from "./optimizer.ts";
import type { TrainingContext } from "./training_context.ts";
import { restoreTraining, trainingState } from "./training_state.ts";

/** A network that restores text; `Hidden` is a block of which a part is hidden. */
export interface Denoiser<Hidden> {
  /** Training changes the values in place. */
  readonly parameters: Parameters;
  /** Mean loss over what is hidden of some blocks, and its gradients. */
  lossAndGradients(
    blocks: readonly Hidden[],
    random?: Random,
  ): Promise<{ loss: number; gradients: Record<string, Gradient> }>;
}

/** How to train. */
export interface TrainDenoisingOptions extends TrainingContext {
  epochs?: number;
  batchSize?: number;
  /** Falls linearly to 0 over the training. */
  learningRate?: number;
  /** Part of the training over which the learning rate rises from 0 first. */
  warmup?: number;
  /** Greatest norm of all gradients together. */
  clipNorm?: number;
}

/** What is hidden of text. */
export interface Hiding<Hidden> {
  /** Hides a part of a block, another in every epoch. */
  hide: (block: Int32Array, random: Random) => Hidden;
  /** Whether there is anything to restore; a batch without is passed over. */
  isAny?: (block: Hidden) => boolean;
  /** Draws what is hidden. */
  random: Random;
}

/** What came of a training: the mean loss of each epoch, and whether it was stopped by the signal. */
export interface DenoisingRecord {
  losses: number[];
  stopped: boolean;
}

/**
 * Trains a network in place, with Adam.
 *
 * @param blocks Piece ids of each block.
 * @throws `NotFiniteError` if a loss is not finite; no step was made with it; or if parameters are not at the end.
 */
export async function trainDenoising<Hidden>(
  network: Denoiser<Hidden>,
  blocks: readonly Int32Array[],
  hiding: Hiding<Hidden>,
  options: Required<Omit<TrainDenoisingOptions, Unset>> & Pick<TrainDenoisingOptions, Unset>,
): Promise<DenoisingRecord> {
  const { epochs, batchSize, learningRate, warmup, clipNorm, random, stage } = options;
  const { onProgress, signal, checkpoint } = options;
  const { parameters } = network;
  const optimizer = createAdam({ learningRate });
  let order = random.fork("order");
  let dropout = random.fork("dropout");
  let hidden = hiding.random;
  const nBatches = Math.ceil(blocks.length / batchSize);
  const total = epochs * nBatches;
  const rise = warmup * total;
  let { losses, batch, lossSum }: Course = { losses: [], batch: 0, lossSum: 0 };
  if (checkpoint?.resume) {
    const generators = restoreTraining(checkpoint.resume, { parameters, optimizer });
    order = generators[0]!;
    dropout = generators[1]!;
    hidden = generators[2]!;
    ({ losses, batch, lossSum } = structuredClone(checkpoint.resume.values) as unknown as Course);
  }
  for (; losses.length < epochs; batch = 0, lossSum = 0) {
    const epoch = losses.length + 1;
    // A training that goes on in the middle of an epoch draws the epoch's order again.
    const atStart = order.state();
    const shuffled = order.shuffle([...blocks]);
    const state = () => {
      const states = [atStart, dropout.state(), hidden.state()];
      const values = { losses, batch, lossSum };
      return trainingState({ parameters, optimizer, random: states }, { tensors: {}, values });
    };
    for (; batch < nBatches; batch++) {
      const isStopped = signal?.aborted ?? false;
      await checkpoint?.save(state, isStopped);
      if (isStopped) return { losses, stopped: true };
      const members = shuffled.slice(batch * batchSize, (batch + 1) * batchSize);
      const given = members.map((block) => hiding.hide(block, hidden));
      if (hiding.isAny && !given.some(hiding.isAny)) continue;
      const { loss, gradients } = await network.lossAndGradients(given, dropout);
      const refuse = (what: string): never => {
        throw new NotFiniteError(
          what,
          { epoch, batch: batch + 1 },
          members.map((one) => blocks.indexOf(one)),
        );
      };
      if (!Number.isFinite(loss)) refuse(`the loss is ${loss}`);
      clipGradients(gradients, clipNorm);
      const step = (epoch - 1) * nBatches + batch;
      const share = step < rise ? Math.min(1, (step + 1) / rise) : (total - step) / (total - rise);
      optimizer.step(parameters, gradients, learningRate * share);
      // No loss after it would tell of the last step's.
      const spoilt = step === total - 1 && nameOfNotFinite(parameters);
      if (spoilt) refuse(`"${spoilt}" has values that are not finite`);
      lossSum += loss;
      onProgress?.({ stage, done: step + 1, total, epoch, epochs, metrics: { loss: lossSum / (batch + 1) } });
    }
    losses.push(lossSum / nBatches);
  }
  return { losses, stopped: false };
}

/** What has no default. */
type Unset = "onProgress" | "signal" | "checkpoint";

/** Where a training is. */
interface Course {
  /** Mean loss of each epoch that is over. */
  losses: number[];
  /** How many batches of the next are done, and the sum of their losses. */
  batch: number;
  lossSum: number;
}

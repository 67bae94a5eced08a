/** Masked language modelling on a text: from parameters to an encoder folder. */
import { blocksOf } from "../../data/batches/mask_pieces.ts";
import type { Tokenizer } from "../../data/pieces/tokenizer.ts";
import type { Random } from "../../data/random.ts";
import { NO_SHAPE, shapesOfPieces } from "../../data/words/word_shapes.ts";
import type { BertConfig } from "../../model/bert/bert_config.ts";
import { encoderShapes, mlmHeadShapes } from "../../model/bert/bert_shapes.ts";
import { writeEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { createMaskedLm } from "../../model/bert/masked_lm.ts";
import { maskedPerplexity, trainMaskedLm } from "../../model/bert/train_masked_lm.ts";
import { SHAPE_TABLE } from "../../model/bert/word_shapes.ts";
import { NotFiniteError } from "../../model/training/not_finite_error.ts";
import type { Parameters } from "../../model/weights/parameters.ts";
import type { MlmSettings } from "../../model/settings/settings.ts";
import type { Text } from "../data_sets/training_text.ts";
import { errorMessage } from "../errors.ts";
import type { StageContext } from "./stage_context.ts";

/** A training of an encoder on a text. */
export interface TextTraining {
  config: BertConfig;
  parameters: Parameters;
  tokenizer: Tokenizer;
  text: Text;
  random: Random;
  mlm: MlmSettings;
  /** Share of the blocks that is held out for perplexity. */
  heldOut: number;
  warmup: number;
  /** Learning rate of the table of word shapes as a multiple of the encoder's, where the parameters have one. */
  shapeRate?: number | undefined;
}

/**
 * Trains an encoder on a text by masked language modelling.
 *
 * @returns The files of the encoder with its head, and `mlm.json`, the course of the training: losses, and perplexity
 * on held-out blocks before and after.
 * @throws If the text fills no block; if a loss is not finite, naming the lines; the signal's reason when it stops the training.
 */
export async function trainOnText(
  context: StageContext,
  training: TextTraining,
): Promise<Record<string, string | Uint8Array>> {
  const { config, parameters, tokenizer, text, random, mlm, heldOut, warmup, shapeRate } = training;
  const { cls, sep, pad, mask: maskId } = tokenizer.specialIds;
  const length = Math.min(mlm.blockLength, config.maxPositions);
  /** Cuts what there is for each piece of the text into blocks. */
  const inBlocks = (lines: number[][], ends: { cls: number; sep: number }) =>
    mlm.sentences
      ? lines.map((values) => Int32Array.of(ends.cls, ...values.slice(0, length - 2), ends.sep))
      : blocksOf(lines.flat(), length, ends);
  const lines = text.lines.map((line) => line.split(/\s+/).flatMap(tokenizer.encodeWord));
  const blocks = inBlocks(lines, { cls, sep });
  const shapes = shapeRate === undefined ? undefined : new Map(
    inBlocks(
      text.lines.map((line) => shapesOfLine(line, tokenizer)),
      { cls: NO_SHAPE, sep: NO_SHAPE },
    ).map((shapes, i) => [blocks[i]!, shapes]),
  );
  const nHeldOut = Math.round(blocks.length * heldOut);
  const shuffled = random.fork("held out").shuffle([...blocks]);
  const held = shuffled.slice(0, nHeldOut);
  const train = shuffled.slice(nHeldOut);
  if (train.length === 0) {
    const rule = `must fill at least one block of ${length} pieces besides those held out`;
    throw new Error(
      errorMessage({ act: "train on", subject: "text", rule, value: `${text.lines.length} lines` }),
    );
  }
  const mask = {
    maskId,
    vocabularySize: config.vocabularySize,
    specialIds: [cls, sep, pad],
    probability: mlm.maskProbability,
    spans: mlm.spans,
  };
  /** Returns the line, from 1, that a block begins in. */
  const firstLine = (block: number) => {
    if (mlm.sentences) return block + 1;
    let before = block * (length - 2);
    return 1 + lines.findIndex((line) => (before -= line.length) < 0);
  };
  const lm = createMaskedLm(context.engine, config, parameters);
  try {
    const perplexity = () =>
      held.length === 0 ? null : maskedPerplexity(lm, held, {
        mask,
        shapes,
        random: random.fork("perplexity"),
        signal: context.signal,
      });
    const before = await perplexity();
    const checkpoint = await context.openCheckpoint();
    const { losses } = await trainMaskedLm(lm, train, {
      epochs: mlm.epochs,
      batchSize: mlm.batchSize,
      learningRate: mlm.learningRate,
      warmup,
      rules: { [SHAPE_TABLE]: { rate: shapeRate ?? 1 } },
      mask,
      shapes,
      random: random.fork("train"),
      stage: context.label,
      onProgress: context.report,
      signal: context.signal,
      checkpoint,
    }).catch((error) => {
      if (!(error instanceof NotFiniteError)) throw error;
      const numbers = error.members.map((i) => firstLine(blocks.indexOf(train[i]!)));
      const where = `in the batch that begins at lines ${numbers.join(", ")} of the text`;
      throw new Error(`${error.message}, ${where}; ${checkpoint.describe()}`, { cause: error });
    });
    context.signal.throwIfAborted();
    const course = {
      blocks: train.length,
      heldOut: held.length,
      losses,
      perplexity: { before, after: await perplexity() },
    };
    const { [SHAPE_TABLE]: table } = parameters;
    return {
      ...writeEncoderFolder(
        config,
        encoderPart(config, parameters),
        headPart(config, parameters),
        table ? { [SHAPE_TABLE]: table } : {},
      ),
      "mlm.json": JSON.stringify(course, null, 2) + "\n",
    };
  } finally {
    lm.dispose();
  }
}

/** Returns the shape of the word of each piece of a line. */
function shapesOfLine(line: string, { encodeWord }: Tokenizer): number[] {
  const words = line.split(/\s+/);
  return [...shapesOfPieces(words, words.flatMap((word, i) => encodeWord(word).map(() => i)))];
}

/** Returns the parameters of the encoder alone. */
export function encoderPart(config: BertConfig, parameters: Parameters): Parameters {
  return Object.fromEntries(Object.keys(encoderShapes(config)).map((name) => [name, parameters[name]!]));
}

/** Returns the parameters of the head for masked pieces. */
export function headPart(config: BertConfig, parameters: Parameters): Parameters {
  return Object.fromEntries(Object.keys(mlmHeadShapes(config)).map((name) => [name, parameters[name]!]));
}

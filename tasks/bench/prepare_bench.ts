/** The model and the batches that a bench on a data set needs. */
import { corpusTags } from "../../data/corpus/corpus.ts";
import type { Tokenizer } from "../../data/pieces/tokenizer.ts";
import { createRandom, type Random } from "../../data/random.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import type { BertModel } from "../../model/systems/bert_system.ts";
import { SYSTEMS } from "../../model/systems/systems.ts";
import { encodeTagged } from "../../model/train_model.ts";
import type { TaggedSentence } from "../../model/training/system.ts";
import { initialParameters } from "../../model/weights/parameters.ts";
import { type DataSet, loadDataSet } from "../data_sets/data_sets.ts";
import { locationOptions } from "../stages/stage_context.ts";
import type { BenchRequest } from "./bench_request.ts";
import { ENCODER_SIZES, randomEncoder } from "./encoder_sizes.ts";
import { linearOperations, stepOperations } from "./operations.ts";

/** Sentences in a batch, and the label width, as in the paper. */
const BATCH_SIZE = 16;
const LABEL_WIDTH = 100;

/** What is timed. */
export interface PreparedBench {
  data: DataSet;
  model: BertModel;
  tokenizer: Tokenizer;
  random: Random;
  /** Draws the batches of the next epoch. */
  drawEpoch(): TaggedSentence[][];
  /** Mean floating-point operations of a step, and of the encoder's linear layers in it. */
  operations: { all: number; linear: number };
}

/** Loads data and encoder, and makes a new model. */
export async function prepareBench(request: BenchRequest): Promise<PreparedBench> {
  const { system, root, target, size } = request;
  const data = await loadDataSet(root, target);
  const folder = await loadEncoderFolder(request.encoder, locationOptions());
  const config = size === null
    ? folder.config
    : { ...ENCODER_SIZES[size], vocabularySize: folder.config.vocabularySize };
  const encoder = size === null ? folder.parameters : randomEncoder(config);
  const tags = corpusTags(data.splits, "IOB2");
  const random = createRandom(1);
  const head = initialParameters(
    SYSTEMS[system].headShapes(config.hiddenWidth, LABEL_WIDTH, tags.nTags),
    random,
  );
  const model: BertModel = {
    system,
    config,
    tags,
    labelWidth: LABEL_WIDTH,
    maxPieces: config.maxPositions,
    parameters: { ...encoder, ...head },
  };
  const tokenizer = folder.tokenizer!;
  const train = encodeTagged(data.splits.train, model, tokenizer);
  const sizes = train.map(({ ids, firstPieces }) => ({ nPieces: ids.length, nWords: firstPieces.length }));
  const nBatches = Math.ceil(train.length / BATCH_SIZE);
  const headSizes = { nTags: tags.nTags, labelWidth: system === "laner" ? LABEL_WIDTH : null };
  return {
    data,
    model,
    tokenizer,
    random,
    drawEpoch() {
      const shuffled = random.shuffle([...train]);
      return Array.from(
        { length: nBatches },
        (_, i) => shuffled.slice(i * BATCH_SIZE, (i + 1) * BATCH_SIZE),
      );
    },
    operations: {
      all: stepOperations(config, headSizes, sizes) / nBatches,
      linear: linearOperations(config, sizes) / nBatches,
    },
  };
}

/** BARTs: a pretrained one in a folder, or a small stand-in that a stage trains from scratch. */
import { openFolder } from "../../data/open_folder.ts";
import { createByteLevelTokenizer } from "../../data/pieces/byte_level_bpe.ts";
import { trainByteLevelBpe } from "../../data/pieces/byte_level_bpe_training.ts";
import { createRandom } from "../../data/random.ts";
import type { BartConfig } from "../../model/bart/bart_config.ts";
import { writeBartFolder } from "../../model/bart/bart_folder.ts";
import { initialBart } from "../../model/bart/bart_init.ts";
import { createBartLm } from "../../model/bart/bart_lm.ts";
import { bartShapes } from "../../model/bart/bart_shapes.ts";
import { trainBartLm } from "../../model/bart/train_bart_lm.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import type { SmallBartSettings } from "../../model/settings/settings.ts";
import type { Text } from "../data_sets/training_text.ts";
import { UsageError } from "../errors.ts";
import { givenFolder } from "../files/given_folder.ts";
import type { GivenFolder } from "../files/given_folder.ts";
import { createStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { locationOptions, writeFiles } from "./stage_context.ts";

/** Opens a pretrained BART in a local folder. */
export async function givenBart(location: string): Promise<GivenFolder> {
  const folder = await openFolder(location, locationOptions());
  if (folder.url("").protocol !== "file:") {
    throw new UsageError(`Cannot use bart ${location}: it must be a local folder; download it first`);
  }
  return await givenFolder(folder);
}

/** Describes a small BART, a stand-in, whose pieces and weights are learned from texts by text infilling. */
export function smallBart(
  engine: EngineName,
  texts: Readonly<Record<string, Text>>,
  sizes: SmallBartSettings,
): Promise<Stage> {
  return createStage({
    stage: "bart",
    label: "small BART from nothing, a stand-in",
    needs: {},
    inputs: Object.fromEntries(Object.entries(texts).map(([name, { sha256 }]) => [name, sha256])),
    config: sizes,
    engine,
    code: codeOfStage(import.meta.url),
    async work(dir, _folders, context) {
      const { nLayers, feedForwardWidth, hiddenWidth, nHeads, maxPositions, dropout, seed } = sizes;
      const { vocabularySize, epochs, batchSize, learningRate, maxLines } = sizes;
      const random = createRandom(seed);
      const all = random.fork("lines").shuffle(Object.values(texts).flatMap(({ lines }) => [...lines]));
      const lines = all.slice(0, maxLines);
      const json = trainByteLevelBpe(lines, { vocabularySize });
      const tokenizer = createByteLevelTokenizer(json);
      const { cls, sep, pad, mask } = tokenizer.specialIds;
      const config: BartConfig = {
        vocabularySize: tokenizer.vocabularySize,
        maxPositions,
        hiddenWidth,
        nHeads,
        nEncoderLayers: nLayers,
        nDecoderLayers: nLayers,
        scaleEmbedding: false,
        encoderFeedForwardWidth: feedForwardWidth,
        decoderFeedForwardWidth: feedForwardWidth,
        dropout,
        attentionDropout: 0,
        activationDropout: 0,
        bosId: cls,
        padId: pad,
        eosId: sep,
        decoderStartId: sep,
      };
      const parameters = initialBart(bartShapes(config), random.fork("parameters"));
      const blocks = lines.map((line) =>
        tokenizer.encodeWords(line.split(/\s+/).filter(Boolean), { maxPieces: maxPositions }).ids
      )
        .filter(({ length }) => length > 2);
      const lm = createBartLm(context.engine, config, parameters);
      try {
        const { losses } = await trainBartLm(lm, blocks, {
          epochs,
          batchSize,
          learningRate,
          maskId: mask,
          random: random.fork("train"),
          stage: context.label,
          onProgress: context.report,
          signal: context.signal,
          checkpoint: await context.openCheckpoint(),
        });
        context.signal.throwIfAborted();
        await writeFiles(context, dir, {
          ...writeBartFolder(config, parameters),
          "tokenizer.json": JSON.stringify(json) + "\n",
          "bart.json":
            JSON.stringify({ ...sizes, standInFor: "BART", nBlocks: blocks.length, losses }, null, 2) + "\n",
        });
      } finally {
        lm.dispose();
      }
    },
  });
}

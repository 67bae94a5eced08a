/** A stage that trains a tiny encoder from scratch. */
import { tokenizerJson } from "../../data/pieces/word_piece_tokenizer_json.ts";
import { trainWordPieces } from "../../data/pieces/word_piece_vocabulary.ts";
import { createRandom } from "../../data/random.ts";
import type { BertConfig } from "../../model/bert/bert_config.ts";
import { initialBert } from "../../model/bert/bert_init.ts";
import { encoderShapes, mlmHeadShapes } from "../../model/bert/bert_shapes.ts";
import { loadEncoderFolder, writeEncoderFolder } from "../../model/bert/encoder_folder.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import type { TinyEncoderSettings } from "../../model/settings/settings.ts";
import type { Text } from "../data_sets/training_text.ts";
import { createStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { type StageContext, writeFiles } from "./stage_context.ts";
import { encoderPart, headPart, trainOnText } from "./train_on_text.ts";

/**
 * Describes a tiny encoder that is trained from scratch.
 *
 * @param text The source's text, from which the weights are learned, and together with the target's the word pieces.
 * @param targetText The target's text; null if there is none.
 */
export function tinyEncoder(
  engine: EngineName,
  sizes: TinyEncoderSettings,
  dropout: number,
  text: Text,
  targetText: Text | null,
): Promise<Stage> {
  // One encoder for all seeds, as a pretrained one would be.
  const seed = 1;
  return createStage({
    stage: "encoder",
    label: "encoder from nothing",
    needs: {},
    inputs: { text: text.sha256, ...(targetText ? { targetText: targetText.sha256 } : {}) },
    config: { ...sizes, dropout, seed },
    engine,
    code: codeOfStage(import.meta.url),
    work,
  });

  async function work(dir: string, _folders: unknown, context: StageContext): Promise<void> {
    const random = createRandom(seed);
    const { vocabularySize, lowercase, mlm } = sizes;
    // Pieces of both domains, as a vocabulary of the source alone would break the target's words into bits.
    const vocabulary = trainWordPieces([...text.lines, ...targetText?.lines ?? []], {
      vocabularySize,
      lowercase,
    });
    const tokenizerFile = { "tokenizer.json": JSON.stringify(tokenizerJson(vocabulary, { lowercase })) };
    const config: BertConfig = {
      ...sizes,
      vocabularySize: vocabulary.length,
      nTokenTypes: 2,
      layerNormEpsilon: 1e-12,
      dropout,
      attentionDropout: dropout,
    };
    const shapes = { ...encoderShapes(config), ...mlmHeadShapes(config) };
    const parameters = initialBert(shapes, random.fork("parameters"));
    await writeFiles(context, dir, {
      ...tokenizerFile,
      ...writeEncoderFolder(config, encoderPart(config, parameters), headPart(config, parameters)),
    });
    const { tokenizer } = await loadEncoderFolder(dir);
    // When training from scratch, a warm-up keeps the first steps from spoiling the layer norms.
    const files = await trainOnText(context, {
      config,
      parameters,
      tokenizer: tokenizer!,
      text,
      random,
      mlm,
      heldOut: 0.02,
      warmup: 0.1,
    });
    await writeFiles(context, dir, { ...tokenizerFile, ...files });
  }
}

/** The stage that adapts an encoder to a text (DAPT). */
import { createRandom } from "../../data/random.ts";
import { initialBert } from "../../model/bert/bert_init.ts";
import { mlmHeadShapes } from "../../model/bert/bert_shapes.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { withShapeTable } from "../../model/bert/word_shapes.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import type { DaptSettings } from "../../model/settings/settings.ts";
import type { Text } from "../data_sets/training_text.ts";
import type { GivenFolder } from "../files/given_folder.ts";
import { createStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { locationOptions, type StageContext, writeFiles } from "./stage_context.ts";
import { trainOnText } from "./train_on_text.ts";

/**
 * Describes DAPT: an encoder trained further on a text, before it learns to tag.
 *
 * @param shapeRate Learning rate of a table of word shapes, which the encoder is given, as a multiple of its own; null
 * for none.
 */
export function adaptedEncoder(
  engine: EngineName,
  encoder: Stage | GivenFolder,
  { corpus: _, heldOutFraction, seed, ...mlm }: DaptSettings,
  text: Text,
  target: string,
  shapeRate: number | null,
): Promise<Stage> {
  return createStage({
    stage: "dapt",
    label: `dapt on ${target}`,
    needs: { encoder },
    inputs: { text: text.sha256 },
    config: { ...mlm, heldOutFraction, seed, shapeRate },
    engine,
    code: codeOfStage(import.meta.url),
    work,
  });

  async function work(dir: string, folders: { readonly encoder: string }, context: StageContext) {
    const random = createRandom(seed);
    const { config, parameters: encoder, mlmHead, shapeTable, tokenizer, tokenizerFiles } =
      await loadEncoderFolder(folders.encoder, locationOptions());
    const parameters = withShapeTable({ ...encoder, ...shapeTable }, shapeRate !== null, config.hiddenWidth);
    const head = mlmHead ?? initialBert(mlmHeadShapes(config), random.fork("head"));
    const files = await trainOnText(context, {
      config,
      parameters: { ...parameters, ...head },
      tokenizer: tokenizer!,
      text,
      random,
      mlm,
      heldOut: heldOutFraction,
      warmup: 0,
      ...(shapeRate === null ? {} : { shapeRate }),
    });
    await writeFiles(context, dir, { ...tokenizerFiles, ...files });
  }
}

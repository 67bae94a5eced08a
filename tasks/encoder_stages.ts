/** Stages that give an encoder: a pretrained one, a tiny one made from nothing, one adapted to a text (DAPT). */
import { fileURLToPath } from "node:url";
import { openFolder } from "../data/files.ts";
import { createRandom } from "../data/random.ts";
import { tokenizerJson } from "../data/word_piece_tokenizer_json.ts";
import { trainWordPieces } from "../data/word_piece_vocabulary.ts";
import { initialBert } from "../model/bert_init.ts";
import type { EngineName } from "../model/engine/engine.ts";
import type { BertConfig } from "../model/bert_config.ts";
import { encoderShapes, mlmHeadShapes } from "../model/bert_shapes.ts";
import { loadEncoderFolder, writeEncoderFolder } from "../model/encoder_folder.ts";
import type { Config } from "./config.ts";
import { canonicalJson, sha256 } from "./hash.ts";
import { createStage, type GivenFolder, type Stage } from "./stage.ts";
import { copyTokenizer, locationOptions, type StageContext, writeFiles } from "./stage_context.ts";
import { encoderPart, headPart, type Text, trainOnText } from "./train_on_text.ts";

const FILES = ["config.json", "model.safetensors", "tokenizer.json"];

/**
 * A pretrained encoder: a local folder as it is, anything else downloaded into the store once.
 *
 * @param location Path, address or hub name.
 */
export async function pretrainedEncoder(engine: EngineName, location: string): Promise<Stage | GivenFolder> {
  const folder = await openFolder(location, locationOptions());
  if (folder.url("").protocol === "file:") {
    // One after another, so that of several missing files it is always the first that is named.
    const hashes: string[] = [];
    for (const name of FILES) hashes.push(await sha256(await folder.readBytes(name) as never));
    return { dir: fileURLToPath(folder.url("")), key: await sha256(canonicalJson(hashes)) };
  }
  return await createStage({
    stage: "encoder",
    label: `download of ${location}`,
    needs: {},
    config: { location: folder.location },
    engine,
    async work(dir, _folders, { report, label }) {
      const names = [
        ...FILES,
        ...(await folder.has("tokenizer_config.json") ? ["tokenizer_config.json"] : []),
      ];
      for (const [i, name] of names.entries()) {
        const message = `Downloading ${folder.url(name)}`;
        report({ stage: label, done: i, total: names.length, message });
        await writeFiles(dir, { [name]: await folder.readBytes(name) });
      }
    },
  });
}

/** A tiny encoder made from nothing: its word pieces are learned from two texts, its weights from the first. */
export function tinyEncoder(
  engine: EngineName,
  sizes: Exclude<Config["encoder"], string>,
  dropout: number,
  text: Text,
  targetText: Text,
): Promise<Stage> {
  // One encoder for all seeds, as a pretrained one would be.
  const seed = 1;
  return createStage({
    stage: "encoder",
    label: "encoder from nothing",
    needs: {},
    inputs: { text: text.sha256, targetText: targetText.sha256 },
    config: { ...sizes, dropout, seed },
    engine,
    work,
  });

  async function work(dir: string, _folders: unknown, context: StageContext): Promise<void> {
    const random = createRandom(seed);
    const { vocabularySize, lowercase, mlm } = sizes;
    // Pieces of both domains, as a vocabulary made for the source alone takes the target's words to bits.
    const vocabulary = trainWordPieces([...text.lines, ...targetText.lines], { vocabularySize, lowercase });
    await writeFiles(dir, { "tokenizer.json": JSON.stringify(tokenizerJson(vocabulary, { lowercase })) });
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
    await writeFiles(
      dir,
      writeEncoderFolder(config, encoderPart(config, parameters), headPart(config, parameters)),
    );
    const { tokenizer } = await loadEncoderFolder(dir);
    // From nothing, a rise of the learning rate keeps the first steps from spoiling the layer norms.
    await trainOnText(context, {
      config,
      parameters,
      tokenizer: tokenizer!,
      text,
      random,
      mlm,
      heldOut: 0.02,
      warmup: 0.1,
      dir,
    });
  }
}

/** DAPT: an encoder trained further on a text, before it learns to tag. */
export function adaptedEncoder(
  engine: EngineName,
  encoder: Stage | GivenFolder,
  { corpus: _, heldOutFraction, seed, ...mlm }: Config["dapt"],
  text: Text,
  target: string,
): Promise<Stage> {
  return createStage({
    stage: "dapt",
    label: `dapt on ${target}`,
    needs: { encoder },
    inputs: { text: text.sha256 },
    config: { ...mlm, heldOutFraction, seed },
    engine,
    work,
  });

  async function work(dir: string, folders: Readonly<Record<string, string>>, context: StageContext) {
    const random = createRandom(seed);
    const { config, parameters, mlmHead, tokenizer } = await loadEncoderFolder(
      folders.encoder,
      locationOptions(),
    );
    const head = mlmHead ?? initialBert(mlmHeadShapes(config), random.fork("head"));
    await copyTokenizer(folders.encoder, dir);
    await trainOnText(context, {
      config,
      parameters: { ...parameters, ...head },
      tokenizer: tokenizer!,
      text,
      random,
      mlm,
      heldOut: heldOutFraction,
      warmup: 0,
      dir,
    });
  }
}

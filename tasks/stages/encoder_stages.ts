/** Stages that give an encoder: a pretrained one, a tiny one made from nothing, one adapted to a text (DAPT). */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openFolder } from "../../data/files.ts";
import { tokenizerJson } from "../../data/pieces/word_piece_tokenizer_json.ts";
import { trainWordPieces } from "../../data/pieces/word_piece_vocabulary.ts";
import { createRandom } from "../../data/random.ts";
import type { BertConfig } from "../../model/bert/bert_config.ts";
import { initialBert } from "../../model/bert/bert_init.ts";
import { encoderShapes, mlmHeadShapes } from "../../model/bert/bert_shapes.ts";
import { loadEncoderFolder, writeEncoderFolder } from "../../model/bert/encoder_folder.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import type { Config } from "../config/config.ts";
import { errorMessage } from "../errors.ts";
import { download } from "../files/download.ts";
import { makeFolder } from "../files/durable_files.ts";
import { canonicalJson, sha256 } from "../files/hash.ts";
import { PINNED_ENCODERS } from "../files/pinned_encoders.ts";
import { createStage, type GivenFolder, type Stage } from "./stage.ts";
import { locationOptions, type StageContext, tokenizerFiles, writeFiles } from "./stage_context.ts";
import { encoderPart, headPart, type Text, trainOnText } from "./train_on_text.ts";

const FILES = ["config.json", "model.safetensors", "tokenizer.json"];

/**
 * A pretrained encoder: a local folder as it is, anything else downloaded into the store once.
 *
 * @param location Path, address or hub name; a hub name may end in `@REVISION`, a branch, tag or commit.
 */
export async function pretrainedEncoder(engine: EngineName, location: string): Promise<Stage | GivenFolder> {
  const { ask, ...options } = locationOptions();
  const atRevision = location.match(/^([\w.-]+\/[\w.-]+)@([\w.-]+)$/);
  // A folder may have such a name too, and goes before the hub as any other does.
  const isFolder = atRevision && await (await openFolder(`./${location}`, options)).has("config.json");
  const [, name, revision] = isFolder || !atRevision ? [null, location, undefined] : atRevision;
  const folder = await openFolder(name, { ...options, revision });
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
    async work(dir, _folders, context) {
      const { report, signal, keep } = context, pins = PINNED_ENCODERS[name] ?? {};
      const names = [
        ...FILES,
        ...(await folder.has("tokenizer_config.json") ? ["tokenizer_config.json"] : []),
      ];
      const commits = new Set<string | null>();
      await makeFolder(keep);
      for (const file of names) {
        const label = `${context.label}: ${file}`, sha256 = pins[file];
        const { commit } = await download(folder.url(file), join(keep, file), {
          ask,
          sha256,
          label,
          report,
          signal,
        });
        commits.add(commit);
      }
      if (commits.size > 1) {
        const rule = "all files must be of one commit, as they changed meanwhile; run it again";
        throw new Error(errorMessage({ act: "download", subject: location, rule, value: [...commits] }));
      }
      for (const file of names) await Deno.rename(join(keep, file), join(dir, file));
      const [commit] = commits;
      const record = { location: folder.location, commit };
      await writeFiles(context, dir, { "download.json": JSON.stringify(record, null, 2) + "\n" });
    },
  });
}

/**
 * A tiny encoder made from nothing.
 *
 * @param text The source's, from which its weights are learned, and with the target's its word pieces.
 * @param targetText The target's; null if there is none.
 */
export function tinyEncoder(
  engine: EngineName,
  sizes: Exclude<Config["encoder"], string>,
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
    work,
  });

  async function work(dir: string, _folders: unknown, context: StageContext): Promise<void> {
    const random = createRandom(seed);
    const { vocabularySize, lowercase, mlm } = sizes;
    // Pieces of both domains, as a vocabulary made for the source alone takes the target's words to bits.
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
    // From nothing, a rise of the learning rate keeps the first steps from spoiling the layer norms.
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
    const files = await trainOnText(context, {
      config,
      parameters: { ...parameters, ...head },
      tokenizer: tokenizer!,
      text,
      random,
      mlm,
      heldOut: heldOutFraction,
      warmup: 0,
    });
    await writeFiles(context, dir, { ...await tokenizerFiles(folders.encoder), ...files });
  }
}

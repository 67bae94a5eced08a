import { openFolder, type OpenFolderOptions } from "../../data/open_folder.ts";
import { loadTokenizer, type Tokenizer } from "../../data/pieces/tokenizer.ts";
import { readTokenizerFiles, type TokenizerFiles } from "../../data/pieces/tokenizer_files.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { readSafetensors } from "../weights/safetensors.ts";
import { writeSafetensors } from "../weights/safetensors_write.ts";
import { type BertConfig, formatBertConfig, parseBertConfig } from "./bert_config.ts";
import { encoderShapes, mlmHeadShapes } from "./bert_shapes.ts";
import { describeMisfits, pickBertWeights } from "./bert_weights.ts";

/** A pretrained encoder as read from a folder. */
export interface EncoderFolder {
  config: BertConfig;
  /** Weights by Hugging Face name without the `bert.` prefix, those of `encoderShapes(config)`. */
  parameters: Record<string, NdArray>;
  /** Weights of the masked language model head, if the folder has one: those of `mlmHeadShapes(config)`. */
  mlmHead?: Record<string, NdArray> | undefined;
  /** The table of word shapes by its name, if the folder has one (see model/bert/word_shapes.ts). */
  shapeTable?: Record<string, NdArray> | undefined;
  /** The folder's tokenizer, unless it was not asked for. */
  tokenizer?: Tokenizer | undefined;
  /** The files of that tokenizer. */
  tokenizerFiles: TokenizerFiles;
  /** Address of the folder. */
  source: string;
}

/** Options of {@linkcode loadEncoderFolder}. */
export interface LoadEncoderOptions extends OpenFolderOptions {
  /** True to load the tokenizer, too. Default: `true`. */
  tokenizer?: boolean;
}

/**
 * Loads a pretrained BERT encoder from a Hugging Face folder: config.json, model.safetensors, tokenizer.json.
 *
 * Tensors for other uses of BERT are skipped by name (pooler, next sentence prediction); any other tensor that is
 * missing, unknown or of another shape than config.json says is an error. Old names (`LayerNorm.gamma`) are understood,
 * and half-precision weights become float32.
 *
 * @param location Path, address or hub name, see `openFolder`.
 * @param options Where relative paths start, which hub and revision, whether to load the tokenizer.
 * @throws {Error} If a file cannot be read, the network is not a BERT encoder, weights do not fit config.json (all
 * of them are named), or the tokenizer has pieces that the weights have not.
 */
export async function loadEncoderFolder(
  location: string | URL,
  options: LoadEncoderOptions = {},
): Promise<EncoderFolder> {
  const folder = await openFolder(location, options);
  const config = parseBertConfig(await folder.readJson("config.json"), folder.url("config.json").href);
  const tokenizer = options.tokenizer === false
    ? undefined
    : await loadTokenizer(folder.location, { fetch: options.fetch });
  // Fewer pieces than embeddings are common: tables are padded to round sizes.
  if (tokenizer !== undefined && tokenizer.vocabularySize > config.vocabularySize) {
    throw new Error(
      `Cannot use encoder "${folder.location}": tokenizer and weights do not fit together: vocab_size of ` +
        `config.json must be at least the tokenizer's ${tokenizer.vocabularySize} pieces, ` +
        `current value is ${config.vocabularySize}`,
    );
  }
  const url = folder.url("model.safetensors").href;
  const { tensors } = readSafetensors(await folder.readBytes("model.safetensors"), url);
  const { parameters, mlmHead, shapeTable } = pickBertWeights(tensors, config, url);
  const tokenizerFiles = tokenizer === undefined ? {} : await readTokenizerFiles(folder);
  return { config, parameters, mlmHead, shapeTable, tokenizer, tokenizerFiles, source: folder.location };
}

/**
 * Makes the files of a Hugging Face folder from an encoder: what `BertModel.from_pretrained` (`BertForMaskedLM`, if
 * there is a head) and {@linkcode loadEncoderFolder} read. The tokenizer's files are not among them.
 *
 * @param config Sizes.
 * @param parameters Weights by the names of `encoderShapes(config)`.
 * @param mlmHead Weights by the names of `mlmHeadShapes(config)`.
 * @param shapeTable The table of word shapes by its name, if there is one.
 * @returns File contents by file name.
 * @throws {Error} If the weights do not fit the config; all that do not are named.
 */
export function writeEncoderFolder(
  config: BertConfig,
  parameters: Record<string, NdArray>,
  mlmHead?: Record<string, NdArray>,
  shapeTable: Record<string, NdArray> = {},
): { "config.json": string; "model.safetensors": Uint8Array<ArrayBuffer> } {
  checkShapes(parameters, encoderShapes(config), "encoder");
  if (mlmHead) checkShapes(mlmHead, mlmHeadShapes(config), "masked language model head");
  const tensors = new Map(Object.entries({ ...mlmHead, ...shapeTable }));
  // Hugging Face prefixes the encoder's names only where a head stands beside it.
  for (const [name, tensor] of Object.entries(parameters)) {
    tensors.set(mlmHead ? `bert.${name}` : name, tensor);
  }
  const json = formatBertConfig(config, mlmHead ? "BertForMaskedLM" : "BertModel");
  return {
    "config.json": JSON.stringify(json, null, 2) + "\n",
    "model.safetensors": writeSafetensors(tensors, { format: "pt" }),
  };
}

function checkShapes(weights: Record<string, NdArray>, shapes: Record<string, number[]>, what: string): void {
  const problems = describeMisfits(weights, shapes);
  if (problems.length > 0) throw new Error(`Cannot write ${what}: ${problems.join("; ")}`);
}

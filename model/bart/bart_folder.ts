/** BART in a folder as Hugging Face writes it: config.json, model.safetensors, tokenizer.json. */
import { openFolder, type OpenFolderOptions } from "../../data/open_folder.ts";
import { type ByteLevelTokenizer, loadByteLevelTokenizer } from "../../data/pieces/byte_level_bpe.ts";
import { readTokenizerFiles, type TokenizerFiles } from "../../data/pieces/tokenizer_files.ts";
import { describeMisfits } from "../bert/bert_weights.ts";
import type { Parameters } from "../weights/parameters.ts";
import { readSafetensors, writeSafetensors } from "../weights/safetensors.ts";
import { type BartConfig, formatBartConfig, parseBartConfig } from "./bart_config.ts";
import { bartShapes } from "./bart_shapes.ts";
import { pickBartWeights } from "./bart_weights.ts";

/** BART as a folder holds it. */
export interface BartFolder {
  config: BartConfig;
  /** By the names of `bartShapes(config)`. */
  parameters: Parameters;
  tokenizer: ByteLevelTokenizer;
  /** The files of that tokenizer. */
  tokenizerFiles: TokenizerFiles;
}

/**
 * Loads BART.
 *
 * @param location Path, address or hub name, see `openFolder`.
 * @throws {Error} If a file cannot be read, the network is no BART, weights do not fit config.json (all of them are
 * named), or the tokenizer has pieces that the weights have not.
 */
export async function loadBartFolder(
  location: string | URL,
  options: OpenFolderOptions = {},
): Promise<BartFolder> {
  const folder = await openFolder(location, options);
  const config = parseBartConfig(await folder.readJson("config.json"), folder.url("config.json").href);
  const tokenizer = await loadByteLevelTokenizer(folder.location, { fetch: options.fetch });
  if (tokenizer.vocabularySize > config.vocabularySize) {
    throw new Error(
      `Cannot use BART "${folder.location}": tokenizer and weights do not fit together: vocab_size of config.json ` +
        `must be at least the tokenizer's ${tokenizer.vocabularySize} pieces, current value is ${config.vocabularySize}`,
    );
  }
  const url = folder.url("model.safetensors").href;
  const { tensors } = readSafetensors(await folder.readBytes("model.safetensors"), url);
  const { parameters } = pickBartWeights(tensors, config, url);
  return { config, parameters, tokenizer, tokenizerFiles: await readTokenizerFiles(folder) };
}

/**
 * Returns the files of BART by name, without those of its tokenizer.
 *
 * @throws {Error} If the weights do not fit the config; all that do not are named.
 */
export function writeBartFolder(
  config: BartConfig,
  parameters: Parameters,
): Record<string, string | Uint8Array> {
  const problems = describeMisfits(parameters, bartShapes(config));
  if (problems.length > 0) throw new Error(`Cannot write BART: ${problems.join("; ")}`);
  return {
    "config.json": JSON.stringify(formatBartConfig(config), null, 2) + "\n",
    "model.safetensors": writeSafetensors(new Map(Object.entries(parameters)), { format: "pt" }),
  };
}

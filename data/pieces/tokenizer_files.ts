/** The files of a tokenizer, as they lie in a model's folder. */
import type { Folder } from "../open_folder.ts";

/** The contents of a tokenizer's files by name. */
export type TokenizerFiles = Readonly<Record<string, Uint8Array>>;

/**
 * Reads the files of a folder's tokenizer as they are, for another folder.
 *
 * @throws If tokenizer.json cannot be read; tokenizer_config.json may be missing.
 */
export async function readTokenizerFiles(folder: Folder): Promise<TokenizerFiles> {
  const files: Record<string, Uint8Array> = { "tokenizer.json": await folder.readBytes("tokenizer.json") };
  const config = "tokenizer_config.json";
  if (await folder.has(config)) files[config] = await folder.readBytes(config);
  return files;
}

/** Folders of pretrained models that a user has. */
import { fileURLToPath } from "node:url";
import type { Folder } from "../../data/open_folder.ts";
import { canonicalJson, sha256 } from "./hash.ts";

/** A folder that the user has, and the hash of its files. */
export interface GivenFolder {
  key: string;
  dir: string;
}

/** The files of a pretrained model: those that every folder has, and those that are read if they are there. */
export const MODEL_FILES = ["config.json", "model.safetensors", "tokenizer.json"];
export const MORE = "tokenizer_config.json";

/**
 * Describes a local folder by the hash of all files that are read from it.
 *
 * @throws If one of them is missing or cannot be read, naming the first.
 */
export async function givenFolder(folder: Folder): Promise<GivenFolder> {
  const hashes: Record<string, string> = {};
  const add = async (name: string) => void (hashes[name] = await sha256(await folder.readBytes(name)));
  for (const name of MODEL_FILES) await add(name);
  if (await folder.has(MORE)) await add(MORE);
  return { dir: fileURLToPath(folder.url("")), key: await sha256(canonicalJson(hashes)) };
}

/** A tiny model with its tokenizer as files on disk. */
import { trainByteLevelBpe } from "../../data/pieces/byte_level_bpe_training.ts";
import { writeModelFolder } from "../../model/model_folder.ts";
import type { Model } from "../../model/systems/definition.ts";
import { tinyTokenizerJson } from "../data/tiny_tokenizer.ts";

/** Files by name. */
export type ModelFiles = Record<string, string | Uint8Array>;

/** The files of a tiny model, its tokenizer among them. */
export function modelFiles(model: Model): ModelFiles {
  const files = writeModelFolder(model);
  if (!("config.json" in files)) return files;
  const tokenizer = model.system === "bartner"
    ? trainByteLevelBpe(["a"], { vocabularySize: 261 })
    : tinyTokenizerJson();
  return { ...files, "tokenizer.json": JSON.stringify(tokenizer) };
}

/** Runs `use` with the folder of a model, changed by `change`, and removes the folder. */
export async function withModelFolder(
  model: Model,
  use: (folder: string) => Promise<void>,
  change: (files: ModelFiles) => void = () => {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const files = modelFiles(model);
    change(files);
    for (const [name, contents] of Object.entries(files)) {
      const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A tiny pretrained encoder on disk. */
import { createRandom } from "../../data/random.ts";
import { writeFolder } from "../../data/write_folder.ts";
import { writeEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { tinyTokenizerJson } from "../data/tiny_tokenizer.ts";
import { TINY_BERT, tinyEncoder } from "./tiny.ts";

/** Writes the encoder with its tokenizer into a folder; returns the folder. */
export async function writeTinyEncoder(folder: string): Promise<string> {
  await writeFolder(folder, {
    ...writeEncoderFolder(TINY_BERT, tinyEncoder(createRandom(1))),
    "tokenizer.json": JSON.stringify(tinyTokenizerJson()),
  });
  return folder;
}

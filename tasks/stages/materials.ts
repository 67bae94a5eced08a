/** The materials of new models, read from the folders of stages and of users. */
import { join } from "node:path";
import { loadBartFolder } from "../../model/bart/bart_folder.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { loadCharLmFolder } from "../../model/char_lm/char_lm_folder.ts";
import type { Materials } from "../../model/systems/definition.ts";
import { readWordVectorFile } from "../data_sets/word_vector_file.ts";
import { locationOptions, type StageContext } from "./stage_context.ts";
import type { Needs } from "./needs.ts";

/**
 * Returns functions that read the materials from their folders.
 *
 * @param folders Folders by name: `encoder`, `bart`, `vectors` (a file of word vectors or the folder of the stage that
 * trained them), `forward` and `backward` (character language models).
 */
export function materialsIn(
  { report, signal }: StageContext,
  folders: { readonly [K in keyof Needs]: string },
): Materials {
  const { encoder, bart, vectors, forward, backward } = folders;
  // The needs of a stage include the folders of all materials of its system.
  return {
    encoder: () => loadEncoderFolder(encoder!, locationOptions()),
    async vectors(words) {
      const isFolder = (await Deno.stat(vectors!)).isDirectory;
      const path = isFolder ? join(vectors!, "vectors.txt") : vectors!;
      // Vectors that were trained in the run take no time to read.
      return await readWordVectorFile(path, { words, report: isFolder ? undefined : report, signal });
    },
    charLms: async () => ({
      forward: await loadCharLmFolder(forward!, locationOptions()),
      backward: await loadCharLmFolder(backward!, locationOptions()),
    }),
    bart: () => loadBartFolder(bart!, locationOptions()),
  };
}

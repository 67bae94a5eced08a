/** What new models are made of, read from the folders of stages and of users. */
import { join } from "node:path";
import { loadBartFolder } from "../../model/bart/bart_folder.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { loadCharLmFolder } from "../../model/char_lm/char_lm_folder.ts";
import type { Materials } from "../../model/systems/definition.ts";
import { readWordVectorFile } from "../data_sets/word_vector_file.ts";
import { locationOptions, type StageContext } from "./stage_context.ts";
import type { Needs } from "./training_stages.ts";

/**
 * Reads each material when it is asked for.
 *
 * @param folders By name: `encoder` and `bart`; `vectors`, a file of word vectors or the folder of the stage that trained
 * some; `forward` and `backward`, character language models.
 */
export function materialsIn(
  { report, signal }: StageContext,
  folders: { readonly [K in keyof Needs]: string },
): Materials {
  const { encoder, bart, vectors, forward, backward } = folders;
  // A system that needs a material has its folder among the stage's needs.
  return {
    encoder: () => loadEncoderFolder(encoder!, locationOptions()),
    async vectors(words) {
      const isFolder = (await Deno.stat(vectors!)).isDirectory;
      const path = isFolder ? join(vectors!, "vectors.txt") : vectors!;
      // Those that were trained in the run are read in no time.
      return await readWordVectorFile(path, { words, report: isFolder ? undefined : report, signal });
    },
    charLms: async () => ({
      forward: await loadCharLmFolder(forward!, locationOptions()),
      backward: await loadCharLmFolder(backward!, locationOptions()),
    }),
    bart: () => loadBartFolder(bart!, locationOptions()),
  };
}

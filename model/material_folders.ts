/** The materials of new models, read from folders and files that a caller names. */
import type { OpenFolderOptions } from "../data/open_folder.ts";
import { readAddress } from "../data/read_address.ts";
import { readWordVectors } from "../data/words/word_vectors.ts";
import { loadBartFolder } from "./bart/bart_folder.ts";
import { loadEncoderFolder } from "./bert/encoder_folder.ts";
import { loadCharLmFolder } from "./char_lm/char_lm_folder.ts";
import type { Material, Materials } from "./systems/definition.ts";

/** Locations of materials: paths, addresses or hub names. */
export interface MaterialLocations {
  /** Folder of a pretrained BERT encoder, for systems on BERT. */
  encoder?: string | URL;
  /** Folder of a pretrained BART, for BARTNER. */
  bart?: string | URL;
  /** Address of a file of word vectors in GloVe's or word2vec's format, for systems that read words. */
  vectors?: URL;
  /** Folders of character language models, for Flair. */
  charLms?: { forward: string | URL; backward: string | URL };
  /** Options for opening the locations. */
  folders?: OpenFolderOptions;
}

/**
 * Returns functions that read the materials from their locations.
 *
 * @param needs The materials that a system needs.
 * @param system Its name, for errors.
 * @throws Error if a needed material has no location.
 */
export function materialsAt(
  locations: MaterialLocations,
  needs: readonly Material[],
  system: string,
): Materials {
  const { encoder, bart, vectors, charLms, folders = {} } = locations;
  for (const material of needs) {
    if (locations[material] !== undefined) continue;
    throw new Error(`Cannot train ${system}: it needs "${material}", current value is undefined`);
  }
  return {
    encoder: () => loadEncoderFolder(encoder!, folders),
    bart: () => loadBartFolder(bart!, folders),
    async vectors(words) {
      const { body } = await (folders.fetch ?? readAddress)(vectors!);
      return await readWordVectors(body!, { source: vectors!.href, words });
    },
    charLms: async () => ({
      forward: await loadCharLmFolder(charLms!.forward, folders),
      backward: await loadCharLmFolder(charLms!.backward, folders),
    }),
  };
}

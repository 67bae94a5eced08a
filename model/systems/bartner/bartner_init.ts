import { lookUp, SHARED } from "../../bart/bart_embeddings.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import type { Parameters } from "../../weights/parameters.ts";

/**
 * New embeddings of entity types: each the mean of the embeddings of the pieces of its name's words.
 *
 * The embeddings of pieces stay as they are. (The paper's code adds up in place, by which the first piece of a name
 * of several becomes the mean, too.)
 *
 * @param parameters BART's; `shared.weight` is read.
 * @param namePieces For each type, piece ids of its name, such as those of the words of `typeWords`; at least one.
 * @returns float32 [types, H], the value of `types.weight`.
 * @throws If a type has no piece, or a piece is not in the vocabulary.
 *
 * @example
 * ```ts
 * import { initialTypes } from "@laner/laner";
 *
 * const parameters = { "shared.weight": { shape: [3, 2], data: Float32Array.of(0, 0, 1, 2, 3, 6) } };
 * console.log(initialTypes(parameters, [[1], [1, 2]]).data); // 1, 2 and the mean 2, 4
 * ```
 */
export function initialTypes(parameters: Parameters, namePieces: readonly (readonly number[])[]): NdArray {
  const width = parameters[SHARED]!.shape[1]!;
  const data = new Float32Array(namePieces.length * width);
  namePieces.forEach((ids, type) => {
    if (ids.length === 0) {
      throw new Error(
        `Cannot make an embedding for entity type ${type + 1}: its name has a piece, current value is none`,
      );
    }
    const rows = lookUp(parameters, [SHARED], Int32Array.from(ids)).data;
    for (let j = 0; j < rows.length; j++) data[type * width + j % width]! += rows[j]! / ids.length;
  });
  return { shape: [namePieces.length, width], data };
}

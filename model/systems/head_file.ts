/** head.safetensors: the parameters of a system's own layers. */
import type { Folder } from "../../data/open_folder.ts";
import { showValue } from "../../data/show_value.ts";
import { describeMisfits } from "../bert/bert_weights.ts";
import { checkFiniteWeights } from "../weights/finite.ts";
import type { Parameters } from "../weights/parameters.ts";
import { readSafetensors, writeSafetensors } from "../weights/safetensors.ts";

const NAME = "head.safetensors";

/**
 * Reads the parameters.
 *
 * @param shapesOf Returns the shapes that they must have, given how many tensors the file has.
 * @throws If the file cannot be read, or a tensor is missing, unknown, of another shape or type, or not finite.
 */
export async function readHead(
  folder: Folder,
  shapesOf: (nTensors: number) => Record<string, number[]>,
): Promise<Parameters> {
  const source = folder.url(NAME).href;
  const { tensors } = readSafetensors(await folder.readBytes(NAME), source);
  // Any text may be a name, __proto__ too.
  const head: Parameters = Object.create(null);
  for (const [name, { shape, data }] of tensors) {
    if (!(data instanceof Float32Array)) {
      throw new Error(`Cannot use tensor ${showValue(name)} at ${source}: it must be F32`);
    }
    head[name] = { shape, data };
  }
  const misfits = describeMisfits(head, shapesOf(tensors.size));
  if (misfits.length > 0) {
    throw new Error(
      `Cannot use the weights at ${source}: they do not fit tagger.json: ${misfits.join("; ")}`,
    );
  }
  checkFiniteWeights(head, source);
  return { ...head };
}

/** Writes the file, with those parameters whose name `isOfHead` accepts. */
export function headFile(
  parameters: Parameters,
  isOfHead: (name: string) => boolean,
): Record<string, Uint8Array> {
  const head = Object.entries(parameters).filter(([name]) => isOfHead(name));
  return { [NAME]: writeSafetensors(Object.fromEntries(head)) };
}

/** Says how to find out what int8 changes. */
import { join } from "node:path";

/**
 * Returns a line with the command that compares a model's int8 predictions with those in float32: on the dev set whose
 * predictions lie in the model's folder, or else on a file of the user's.
 *
 * @param model Folder or address of the model.
 */
export async function howToMeasure(model: string): Promise<string> {
  const dev = join(model, "dev.conll");
  const info = await Deno.stat(dev).catch(() => null);
  const file = info?.isFile ? dev : "--gold FILE";
  return `The encoder is computed in int8. What that changes: deno task evaluate --model ${model} --int8 ${file}`;
}

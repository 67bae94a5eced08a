/** From a source to a target: the tag table and the output layer are expanded to the target's tags. */
import type { Random } from "../data/random.ts";
import type { TagSet } from "../data/tag_set.ts";
import { initialParameters, type Parameters } from "./parameters.ts";

/** Parameters with a row per tag; the label embedding has one more, START, its last. */
const TAG_ROWS = ["label_embedding.weight", "out.weight", "out.bias"];

/**
 * The parameters of a model for a target's tags, from those of a source model: rows of tags that both have (the same
 * string) are copied, as is START; rows of new tags start as new layers do; all other parameters are copied.
 *
 * @param parameters The source model's; not changed.
 * @param source Its tags.
 * @param target The tags to have.
 * @param random Draws the new rows.
 */
export function expandTags(
  parameters: Parameters,
  source: TagSet,
  target: TagSet,
  random: Random,
): Parameters {
  const shapeFor = (name: string, shape: number[]) =>
    TAG_ROWS.includes(name) ? [shape[0] + target.nTags - source.nTags, ...shape.slice(1)] : shape;
  const shapes = Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [name, shapeFor(name, shape)]),
  );
  const rowsOnly = Object.fromEntries(Object.entries(shapes).filter(([name]) => TAG_ROWS.includes(name)));
  const fresh = initialParameters(rowsOnly, random);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape, data }]) => {
      if (!TAG_ROWS.includes(name)) return [name, { shape: [...shape], data: data.slice() }];
      const rows = fresh[name], width = data.length / shape[0];
      const copyRow = (from: number, to: number) =>
        rows.data.set(data.subarray(from * width, (from + 1) * width), to * width);
      target.tags.forEach((tag, id) => {
        if (source.has(tag)) copyRow(source.idOf(tag), id);
      });
      if (shape[0] > source.nTags) copyRow(source.nTags, target.nTags);
      return [name, rows];
    }),
  );
}

/** Transfer from a source to a target, which expands the tag table and the output layer to the target's tags. */
import type { Random } from "../data/random.ts";
import type { TagSet } from "../data/tags/tag_set.ts";
import type { NdArray } from "./engine/nd_array.ts";
import type { Model } from "./systems/definition.ts";
import { systemOf } from "./systems/systems.ts";
import { initialParameters, type Parameters } from "./weights/parameters.ts";

/**
 * Makes the parameters of a model for a target's tags from those of a source model.
 *
 * Values of tags that both have (the same string) are copied, as are those of START; values of new tags are drawn as in
 * a new layer; all other parameters are copied. In a table with rows and columns of tags, such as a CRF's transitions,
 * only values between two shared tags are copied.
 *
 * @param model The source model; not changed.
 * @param target The target's tags.
 * @param random Source of the values of new tags.
 *
 * @example
 * ```ts
 * import { createRandom, createTagSet, expandTags } from "@laner/laner";
 *
 * const out = { "out.weight": { shape: [3, 1], data: Float32Array.of(1, 2, 3) } };
 * const news = { system: "bert-tagger", tags: createTagSet(["person"]), parameters: out };
 * const expanded = expandTags(news, createTagSet(["river", "person"]), createRandom(1));
 * console.log(expanded["out.weight"]?.data); // O 1, two new rows of river, B-person 2, I-person 3
 * ```
 */
export function expandTags(
  { system, parameters, tags: source }: Pick<Model, "system" | "parameters" | "tags">,
  target: TagSet,
  random: Random,
): Parameters {
  const { tagAxes } = systemOf(system);
  const growth = target.nTags - source.nTags;
  const shapes = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => Object.hasOwn(tagAxes, name)).map(([name, { shape }]) =>
      [name, shape.map((length, axis) => (tagAxes[name]!.includes(axis) ? length + growth : length))] as const
    ),
  );
  const fresh = initialParameters(shapes, random);
  /**
   * Returns the place on the source's axis of a place on the target's, or -1; places beyond the tags, such as START's,
   * are in both.
   */
  const sourcePlace = (place: number) => {
    if (place >= target.nTags) return place - growth;
    const tag = target.tagOf(place);
    return source.has(tag) ? source.idOf(tag) : -1;
  };
  return Object.fromEntries(
    Object.entries(parameters).map(([name, array]) => {
      if (!Object.hasOwn(shapes, name)) return [name, { shape: [...array.shape], data: array.data.slice() }];
      copyShared(array, fresh[name]!, (axis, i) => (tagAxes[name]!.includes(axis) ? sourcePlace(i) : i));
      return [name, fresh[name]!];
    }),
  );
}

/** Copies the values that have a place in `from` on every axis. */
function copyShared(from: NdArray, to: NdArray, sourcePlace: (axis: number, place: number) => number): void {
  const places = to.shape.map((length, axis) => Array.from({ length }, (_, i) => sourcePlace(axis, i)));
  to.data.forEach((_, flat) => {
    let rest = flat;
    let index = 0;
    let stride = 1;
    for (let axis = to.shape.length - 1; axis >= 0; axis--) {
      const place = places[axis]![rest % to.shape[axis]!]!;
      if (place < 0) return;
      rest = Math.floor(rest / to.shape[axis]!);
      index += place * stride;
      stride *= from.shape[axis]!;
    }
    to.data[flat] = from.data[index]!;
  });
}

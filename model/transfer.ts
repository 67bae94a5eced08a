/** Transfer from a source to a target, which expands the tag table and the output layer to the target's tags. */
import type { Random } from "../data/random.ts";
import type { TagSet } from "../data/tags/tag_set.ts";
import type { NdArray } from "./engine/nd_array.ts";
import type { ModelSettings } from "./settings/settings.ts";
import { createSourcePlaces, type SourcePlaces } from "./source_places.ts";
import type { Model } from "./systems/definition.ts";
import { systemOf } from "./systems/systems.ts";
import { initialParameters, type Parameters } from "./weights/parameters.ts";

/** The share of random values in a new tag's start from the mean of others, so that no two start equal. */
const RANDOM_SHARE = 0.3;

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
 * @param newTags "mean" to start new tags from 0.3 times those random values and the mean of the source's values of the
 * tags with the same prefix; where the source has none, from the random values.
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
  newTags: ModelSettings["newTags"] = null,
): Parameters {
  const { tagAxes } = systemOf(system);
  const growth = target.nTags - source.nTags;
  const shapes = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => Object.hasOwn(tagAxes, name)).map(([name, { shape }]) =>
      [name, shape.map((length, axis) => (tagAxes[name]!.includes(axis) ? length + growth : length))] as const
    ),
  );
  const values = initialParameters(shapes, random);
  const sourcePlaces = createSourcePlaces(source, target);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, array]) => {
      if (!Object.hasOwn(shapes, name)) return [name, { shape: [...array.shape], data: array.data.slice() }];
      startFrom(array, values[name]!, tagAxes[name]!, (tags) => {
        const places = sourcePlaces(tags);
        return places.areNew && newTags === null ? { ...places, all: [] } : places;
      });
      return [name, values[name]!];
    }),
  );
}

/**
 * Gives values their start from those of the source.
 *
 * @param to Random values; overwritten, but where the source has no places for them.
 * @param axes The axes that are tags.
 */
function startFrom(
  from: NdArray,
  to: NdArray,
  axes: readonly number[],
  sourcePlaces: (tags: readonly number[]) => SourcePlaces,
): void {
  to.data.forEach((random, flat) => {
    const index = indexOf(flat, to.shape);
    const { all, areNew } = sourcePlaces(axes.map((axis) => index[axis]!));
    if (all.length === 0) return;
    let sum = 0;
    for (const places of all) {
      axes.forEach((axis, i) => index[axis] = places[i]!);
      sum += from.data[flatOf(index, from.shape)]!;
    }
    to.data[flat] = (areNew ? RANDOM_SHARE * random : 0) + sum / all.length;
  });
}

function indexOf(flat: number, shape: readonly number[]): number[] {
  return shape.toReversed().map((length) => {
    const i = flat % length;
    flat = (flat - i) / length;
    return i;
  }).reverse();
}

function flatOf(index: readonly number[], shape: readonly number[]): number {
  return index.reduce((flat, i, axis) => flat * shape[axis]! + i, 0);
}

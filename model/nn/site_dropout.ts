/** Dropout masks, drawn outside of the engine from the seeded generator, so that a run can be repeated. */
import { fillDropout } from "../../data/batches/dropout.ts";
import type { Random } from "../../data/random.ts";
import { createBuffers } from "../engine/buffers.ts";
import type { Axes } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { sizeOf } from "../weights/parameters.ts";

/** The dropout masks of a network by name: the axes of each, varying ones by name, and the rate. */
export type DropoutSites = Record<string, { axes: readonly (string | number)[]; rate: number }>;

/** Draws the masks of a network for one batch after another. */
export interface SiteDropout {
  /** Axes of the masks by name. */
  axes: Axes;
  /**
   * Draws new masks, 0 or 1 / (1 - rate); they are overwritten by the next call.
   *
   * @param sizes Of the varying axes in this batch.
   */
  draw(sizes: Record<string, number>, random: Random): Record<string, NdArray>;
}

/** Creates the drawer for some sites; masks are drawn in the order of the sites. */
export function createSiteDropout(sites: DropoutSites): SiteDropout {
  const entries = Object.entries(sites);
  const buffer = createBuffers();
  return {
    axes: Object.fromEntries(entries.map(([name, { axes }]) => [name, axes])),
    draw: (sizes, random) =>
      Object.fromEntries(entries.map(([name, { axes, rate }]) => {
        const shape = axes.map((axis) => (typeof axis === "string" ? sizes[axis]! : axis));
        return [name, { shape, data: fillDropout(buffer(name, sizeOf(shape)), rate, random) }];
      })),
  };
}

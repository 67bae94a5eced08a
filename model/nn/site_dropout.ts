/** Dropout masks, drawn from the seeded generator, so that a run can be repeated. */
import { fillDropout } from "../../data/batches/dropout.ts";
import type { Random } from "../../data/random.ts";
import { createBuffers } from "../engine/buffers.ts";
import type { Axes } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { sizeOf } from "../weights/parameters.ts";

/** A place in a network where values are dropped: the axes of its mask, varying ones by name, and the rate. */
export interface DropoutSite {
  axes: readonly (string | number)[];
  rate: number;
}

/** The dropout masks of a network by name. */
export type DropoutSites = Record<string, DropoutSite>;

/** Draws the masks of a network for one batch after another. */
export interface SiteDropout {
  /** Axes of the masks by name. */
  axes: Axes;
  /**
   * Draws new masks, 0 or 1 / (1 - rate); the next call overwrites them, or releases them.
   *
   * @param sizes Of the varying axes in this batch.
   */
  draw(sizes: Record<string, number>, random: Random): Promise<Record<string, NdArray>>;
  /** Frees what the engine holds for it. */
  dispose(): void;
}

/** Returns the shape of a site's mask in a batch. */
export function shapeOfSite({ axes }: DropoutSite, sizes: Record<string, number>): number[] {
  return axes.map((axis) => (typeof axis === "string" ? sizes[axis]! : axis));
}

/** Creates the drawer of masks in plain arrays; they are drawn in the order of the sites. */
export function createPlainDropout(sites: DropoutSites): SiteDropout {
  const entries = Object.entries(sites);
  const buffer = createBuffers();
  return {
    axes: Object.fromEntries(entries.map(([name, { axes }]) => [name, axes])),
    draw(sizes, random) {
      const masks = entries.map(([name, site]) => {
        const shape = shapeOfSite(site, sizes);
        return [name, { shape, data: fillDropout(buffer(name, sizeOf(shape)), site.rate, random) }] as const;
      });
      return Promise.resolve(Object.fromEntries(masks));
    },
    dispose() {},
  };
}

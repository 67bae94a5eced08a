/**
 * Dropout masks that an engine computes where it holds arrays: a network's masks are larger than its parameters, so that
 * only keys of their rows and columns are drawn on the host, and each element is a hash of its row's and its column's.
 */
import type { Random } from "../../data/random.ts";
import type { Arrays, Axes, Engine } from "../engine/engine.ts";
import { releaseHeld } from "../engine/held_array.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type Tensor, tf } from "../engine/tf.ts";
import { sizeOf } from "../weights/parameters.ts";
import { type DropoutSites, shapeOfSite, type SiteDropout } from "./site_dropout.ts";

/** Creates the drawer of masks that stay with the engine; the next draw releases them. */
export function createHeldDropout(engine: Engine, sites: DropoutSites): SiteDropout {
  const entries = Object.entries(sites);
  const axes: Axes = {};
  for (const [name, { axes: own }] of entries) {
    for (const key of ROW_KEYS) axes[`${key}/${name}`] = [...own.slice(0, -1), 1];
    axes[`column/${name}`] = own.slice(-1);
  }
  const hash = engine.compile(
    "dropout masks",
    (x) =>
      Object.fromEntries(
        entries.map(([name, { rate }]) => [
          name,
          maskOf(rate, x[`row/${name}`]!, x[`column/${name}`]!, x[`again/${name}`]!),
        ]),
      ),
    axes,
    { held: entries.map(([name]) => name) },
  );
  let masks: Record<string, NdArray> = {};
  return {
    axes: Object.fromEntries(entries.map(([name, { axes }]) => [name, axes])),
    async draw(sizes, random) {
      const keys: Arrays = {};
      for (const [name, site] of entries) {
        const shape = shapeOfSite(site, sizes);
        for (const key of ROW_KEYS) keys[`${key}/${name}`] = drawKeys([...shape.slice(0, -1), 1], random);
        keys[`column/${name}`] = drawKeys(shape.slice(-1), random);
      }
      releaseHeld(masks);
      return masks = await hash.run(keys);
    },
    dispose() {
      hash.dispose();
      releaseHeld(masks);
    },
  };
}

/** The keys of rows: one goes in before the first round of the hash, one before the second. */
const ROW_KEYS = ["row", "again"] as const;

function drawKeys(shape: number[], random: Random): NdArray<Int32Array> {
  return { shape, data: Int32Array.from({ length: sizeOf(shape) }, () => random.uint32()) };
}

/**
 * Computes the mask of a site: 0 with probability `rate`, else 1 / (1 - rate).
 *
 * The hash is RC6's x (2x + 1) modulo 2^32, twice, whose high bits depend on all bits of x; 32-bit products overflow in
 * the same way everywhere but on the reference engine.
 *
 * @param row int32 [..., 1], as is `again`.
 * @param column int32 [n].
 * @returns float32 [..., n].
 */
function maskOf(rate: number, row: Tensor, column: Tensor, again: Tensor): Tensor {
  const once = mixed(tf.add(row, column));
  const twice = mixed(tf.add(once, again));
  const least = tf.scalar(Math.round(rate * 2 ** 32) - 2 ** 31, "int32");
  return tf.mul(tf.cast(tf.greaterEqual(twice, least), "float32"), 1 / (1 - rate));
}

function mixed(x: Tensor): Tensor {
  const [one, two] = [tf.scalar(1, "int32"), tf.scalar(2, "int32")];
  return tf.mul(x, tf.add(tf.mul(x, two), one));
}

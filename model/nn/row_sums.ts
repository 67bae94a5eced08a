/**
 * Sums of rows by groups, on an engine: the gradient of a look-up. Rows are added up in pairs, again and again, in an
 * order that is always the same; engines that scatter instead add in whatever order comes, or lose terms.
 */
import type { Arrays, Axes, Engine } from "../engine/engine.ts";
import { releaseHeld } from "../engine/held_array.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type Tensor, tf } from "../engine/tf.ts";

/** Adds up rows of matrices of one width. */
export interface RowSums {
  /**
   * Adds up the rows of each group.
   *
   * @param d float32 [T, width].
   * @param groupOf The group of each row, below `nGroups`.
   * @returns float32 [nGroups, width], 0 for a group without rows; held by engines that hold arrays.
   */
  run(d: NdArray, groupOf: Int32Array, nGroups: number): Promise<NdArray>;
  dispose(): void;
}

/** Additions of pairs in one run: as many as make 8 rows into 1. */
const ROUNDS = 3;

/** Compiles the sums of rows of a width. */
export function createRowSums(engine: Engine, width: number): RowSums {
  const axes: Axes = { d: ["T", width] };
  for (let round = 0; round < ROUNDS; round++) {
    Object.assign(axes, {
      [`left.${round}`]: [`n.${round}`],
      [`right.${round}`]: [`n.${round}`],
      [`hasLeft.${round}`]: [`n.${round}`, 1],
      [`hasRight.${round}`]: [`n.${round}`, 1],
    });
  }
  const rounds = engine.compile(
    "sums of rows",
    (x) => {
      let rows: Tensor = x.d!;
      for (let round = 0; round < ROUNDS; round++) {
        const side = (name: string, has: string) =>
          tf.mul(tf.gather(rows, x[`${name}.${round}`] as tf.Tensor1D), x[`${has}.${round}`]!);
        rows = tf.add(side("left", "hasLeft"), side("right", "hasRight"));
      }
      return { rows };
    },
    axes,
    { held: ["rows"] },
  );
  return {
    async run(d, groupOf, nGroups) {
      let rows = d;
      let groups = groupsOf(groupOf, nGroups);
      do {
        const inputs: Arrays = { d: rows };
        for (let round = 0; round < ROUNDS; round++) groups = addPairs(groups, round, inputs);
        const sums = (await rounds.run(inputs)).rows;
        if (rows !== d) releaseHeld({ rows });
        rows = sums;
      } while (groups.some((group) => group.length > 1));
      return rows;
    },
    dispose: () => rounds.dispose(),
  };
}

/** Lists the rows of each group, in order. */
function groupsOf(groupOf: Int32Array, nGroups: number): number[][] {
  const groups: number[][] = Array.from({ length: nGroups }, () => []);
  groupOf.forEach((group, row) => groups[group]!.push(row));
  return groups;
}

/** Puts neighbours in a group together as inputs of a round, and returns the groups of what the round will give. */
function addPairs(groups: readonly number[][], round: number, inputs: Arrays): number[][] {
  // A group without rows has a row of zeros from now on.
  const pairs = groups.flatMap((group) => group.length === 0 ? [[]] : pairsOf(group));
  const side = (place: 0 | 1) => ({
    shape: [pairs.length],
    data: Int32Array.from(pairs, (pair) => pair[place] ?? 0),
  });
  const has = (place: 0 | 1) => ({
    shape: [pairs.length, 1],
    data: Float32Array.from(pairs, (pair) => Number(pair.length > place)),
  });
  Object.assign(inputs, {
    [`left.${round}`]: side(0),
    [`right.${round}`]: side(1),
    [`hasLeft.${round}`]: has(0),
    [`hasRight.${round}`]: has(1),
  });
  let next = 0;
  return groups.map(({ length }) => Array.from({ length: Math.max(1, Math.ceil(length / 2)) }, () => next++));
}

function pairsOf(group: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(group.length / 2) }, (_, i) => group.slice(2 * i, 2 * i + 2));
}

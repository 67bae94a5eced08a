/**
 * Factored tags: while a system is trained, the row of each tag in a table is W_tag + P_prefix + T_type, so that tags
 * learn from all tags with the same prefix and from all of the same type. The system itself only knows the sums.
 */
import { splitTag } from "../../data/tags/tag.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import { matrixShape, type NdArray } from "../engine/nd_array.ts";
import { readArrays } from "../engine/read_arrays.ts";
import { oneAtATime } from "../nn/one_at_a_time.ts";
import { pickParameters } from "../weights/parameters.ts";
import type { Gradient } from "./optimizer.ts";
import { type System, SYSTEM_CALLS } from "./system.ts";

/** A system whose parameters are the terms of the sums that another reads. */
export interface FactoredSystem extends System {
  /** Gives the other system's parameters, which are stored as the model's, their values of this moment. */
  fold(): Promise<void>;
}

/**
 * Makes a system train its tables as sums. W starts from the table; P, `NAME.prefix`, and T, `NAME.type`, from zero.
 *
 * @param system Disposed with the new one, and not to be called beside it.
 * @param tables Names of parameters float32 [rows, width] that have a row for each tag; further rows, such as START's,
 * have a W alone.
 */
export function factoredTags(system: System, tables: readonly string[]): FactoredSystem {
  const groups = groupsOf(system.tags);
  const parameters = { ...system.parameters };
  for (const table of tables) {
    const [, width] = matrixShape(system.parameters[table]!);
    parameters[table] = { ...parameters[table]!, data: parameters[table]!.data.slice() };
    for (const [part, { nRows }] of Object.entries(groups)) {
      parameters[`${table}.${part}`] = { shape: [nRows, width], data: new Float32Array(nRows * width) };
    }
  }

  async function fold(): Promise<void> {
    const names = tables.flatMap((
      table,
    ) => [table, ...Object.keys(groups).map((part) => `${table}.${part}`)]);
    const terms = await read(pickParameters(parameters, names));
    for (const [name, sum] of Object.entries(system.parameters)) {
      if (!tables.includes(name)) system.parameters[name] = parameters[name]!;
      else {
        sum.data.set(terms[name]!.data);
        for (const [part, group] of Object.entries(groups)) addTo(sum, terms[`${name}.${part}`]!, group);
      }
    }
  }

  /** Returns arrays as plain ones, if an engine holds them. */
  const read = async <Arrays extends object>(arrays: Arrays): Promise<Arrays> =>
    system.holder ? await readArrays(system.holder, arrays) : arrays;

  return oneAtATime<FactoredSystem>({
    ...system,
    parameters,
    fold,

    async lossAndGradients(sentences, random, rDrop) {
      await fold();
      const { loss, gradients } = await system.lossAndGradients(sentences, random, rDrop);
      const ofTables = Object.fromEntries(tables.map((table) => [table, gradients[table] as NdArray]));
      const ofParts: Record<string, Gradient> = {};
      for (const [table, d] of Object.entries(await read(ofTables))) {
        for (const [part, group] of Object.entries(groups)) ofParts[`${table}.${part}`] = sumOver(d, group);
      }
      return { loss, gradients: { ...gradients, ...ofParts } };
    },

    async predict(sentences, onProgress) {
      await fold();
      return await system.predict(sentences, onProgress);
    },

    dispose: () => system.dispose(),
  }, [...SYSTEM_CALLS, "fold"]);
}

/** A grouping of tags: the row of each tag's group. */
interface Group {
  rowOf: readonly number[];
  nRows: number;
}

/** Groups tags by their prefixes and by their types; O is a group of its own in both. */
function groupsOf({ tags, scheme }: TagSet): Record<"prefix" | "type", Group> {
  const parts = tags.map((tag) => splitTag(tag, scheme));
  const groupBy = (keys: readonly string[]) => {
    const rows = [...new Set(keys)];
    return { rowOf: keys.map((key) => rows.indexOf(key)), nRows: rows.length };
  };
  return {
    prefix: groupBy(parts.map(({ prefix }) => prefix)),
    type: groupBy(parts.map(({ entityType }) => entityType)),
  };
}

/** Adds to the row of each tag that of its group. */
function addTo(table: NdArray, { data }: NdArray, { rowOf }: Group): void {
  const [, width] = matrixShape(table);
  rowOf.forEach((row, tag) => {
    for (let i = 0; i < width; i++) table.data[tag * width + i]! += data[row * width + i]!;
  });
}

/** Sums the rows of the tags of each group. */
function sumOver(table: NdArray, { rowOf, nRows }: Group): NdArray {
  const [, width] = matrixShape(table);
  const data = new Float32Array(nRows * width);
  rowOf.forEach((row, tag) => {
    for (let i = 0; i < width; i++) data[row * width + i]! += table.data[tag * width + i]!;
  });
  return { shape: [nRows, width], data };
}

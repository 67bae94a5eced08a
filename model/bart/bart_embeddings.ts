/**
 * BART's embedding layer. Table look-ups are done on plain arrays, outside of the engine, as BERT's are
 * (embeddings.ts): so the gradient of a table is that of the rows used.
 */
import { type NdArray, takeRows } from "../engine/nd_array.ts";
import type { RowGradient } from "../nn/embedding_table.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { BartConfig } from "./bart_config.ts";
import { POSITION_OFFSET } from "./bart_shapes.ts";

/** The piece embeddings of encoder, decoder and language model's head. */
export const SHARED = "shared.weight";

type Side = "encoder" | "decoder";
const positionTable = (side: Side) => `${side}.embed_positions.weight`;

/** The parameters that are look-up tables. */
export const BART_TABLES: readonly string[] = [SHARED, positionTable("encoder"), positionTable("decoder")];

/** Pieces and where each stands in its sequence. */
interface Placed {
  pieceIds: Int32Array;
  positions: Int32Array;
}

/**
 * Copies rows of tables that stand one below the other: the ids of the second go on where those of the first end.
 *
 * @param tables Names of the tables, float32 [n, H] each.
 * @param ids int32 [T].
 * @returns float32 [T, H].
 * @throws If an id is in none of the tables.
 */
export function lookUp(parameters: Parameters, tables: readonly string[], ids: Int32Array): NdArray {
  const width = parameters[tables[0]!]!.shape[1]!;
  const data = new Float32Array(ids.length * width);
  ids.forEach((id, i) => {
    let row = id;
    for (const name of tables) {
      const { shape: [n], data: table } = parameters[name]!;
      if (row >= 0 && row < n!) return data.set(table.subarray(row * width, (row + 1) * width), i * width);
      row -= n!;
    }
    const size = tables.reduce((sum, name) => sum + parameters[name]!.shape[0]!, 0);
    throw new Error(
      `Cannot look up "${tables.join(" and ")}": an id is below ${size}, current value is ${id}`,
    );
  });
  return { shape: [ids.length, width], data };
}

/**
 * Computes the gradients of tables that stand one below the other.
 *
 * @param uses What was looked up, and the gradient of it, float32 [T, H], which is multiplied by `factor`.
 */
export function lookUpGradients(
  parameters: Parameters,
  tables: readonly string[],
  uses: readonly { ids: Int32Array; d: NdArray; factor?: number }[],
): Record<string, RowGradient> {
  const width = parameters[tables[0]!]!.shape[1]!;
  const slots = new Map<number, number>();
  for (const { ids } of uses) for (const id of ids) if (!slots.has(id)) slots.set(id, slots.size);
  const sums = { shape: [slots.size, width], data: new Float32Array(slots.size * width) };
  for (const { ids, d, factor = 1 } of uses) {
    ids.forEach((id, t) => {
      const to = slots.get(id)! * width;
      const from = t * width;
      for (let j = 0; j < width; j++) sums.data[to + j]! += factor * d.data[from + j]!;
    });
  }
  const gradients: Record<string, RowGradient> = {};
  let first = 0;
  for (const name of tables) {
    const { shape } = parameters[name]!;
    const end = first + shape[0]!;
    const ids = [...slots.keys()].filter((id) => id >= first && id < end);
    const { data } = takeRows(sums, ids.map((id) => slots.get(id)!));
    gradients[name] = { shape, rows: Int32Array.from(ids, (id) => id - first), data };
    first = end;
  }
  return gradients;
}

const scaleOf = (config: BartConfig) => (config.scaleEmbedding ? Math.sqrt(config.hiddenWidth) : 1);

/**
 * Adds up piece and position embedding of each piece: what the encoder or the decoder begins with.
 *
 * @param tables Where pieces are looked up, `shared.weight` and what may stand below it.
 * @returns float32 [T, H].
 * @throws If a sequence has more pieces than there are positions, or an id is in none of the tables.
 */
export function embedPlaced(
  config: BartConfig,
  parameters: Parameters,
  side: Side,
  { pieceIds, positions }: Placed,
  tables: readonly string[] = [SHARED],
): NdArray {
  const H = config.hiddenWidth;
  const scale = scaleOf(config);
  const embedded = lookUp(parameters, tables, pieceIds);
  const { data } = embedded;
  const places = parameters[positionTable(side)]!.data;
  positions.forEach((position, t) => {
    if (position >= config.maxPositions) {
      throw new Error(
        `Cannot embed a sequence for BART's ${side}: it has at most ${config.maxPositions} pieces, ` +
          `current value is at least ${position + 1}`,
      );
    }
    const from = (position + POSITION_OFFSET) * H;
    for (let j = 0; j < H; j++) data[t * H + j] = scale * data[t * H + j]! + places[from + j]!;
  });
  return embedded;
}

/**
 * Computes the gradients of all tables.
 *
 * @param sides What went into encoder and decoder, and its gradient, float32 [T, H].
 * @param others Further look-ups in the same tables of pieces.
 */
export function embeddingTableGradients(
  config: BartConfig,
  parameters: Parameters,
  sides: Record<Side, { placed: Placed; d: NdArray }>,
  { tables = [SHARED], others = [] }: {
    tables?: readonly string[];
    others?: readonly { ids: Int32Array; d: NdArray }[];
  } = {},
): Record<string, RowGradient> {
  const factor = scaleOf(config);
  const entries = Object.entries(sides) as [Side, { placed: Placed; d: NdArray }][];
  const pieces = entries.map(([, { placed, d }]) => ({ ids: placed.pieceIds, d, factor }));
  const positions = entries.map(([side, { placed, d }]) =>
    lookUpGradients(parameters, [positionTable(side)], [
      { ids: placed.positions.map((position) => position + POSITION_OFFSET), d },
    ])
  );
  return Object.assign(lookUpGradients(parameters, tables, [...pieces, ...others]), ...positions);
}

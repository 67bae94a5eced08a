/**
 * Word shapes: a table that tells an encoder of each word's capitals and digits, for one whose vocabulary does not
 * (see data/words/word_shapes.ts). The row of its word's shape is added to each piece's embeddings.
 */
import type { Batch } from "../../data/batches/batch.ts";
import type { Random } from "../../data/random.ts";
import { WORD_SHAPES } from "../../data/words/word_shapes.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { type Tensor, type Tensors, tf } from "../engine/tf.ts";
import type { TaggedSentence } from "../training/system.ts";
import type { Parameters } from "../weights/parameters.ts";

/** Name of the table, float32 [9, H]. It is none of Hugging Face's: who does not know it reads the encoder without. */
export const SHAPE_TABLE = "word_shapes.weight";

/** The share of the source's batches without the table, so that a model also works where shapes tell nothing. */
const LEFT_OUT = 0.3;

/** Returns the table's shape by its name; H is the encoder's width. */
export const shapeTableShapes = (H: number): Record<string, number[]> => ({
  [SHAPE_TABLE]: [WORD_SHAPES.length, H],
});

/**
 * Gives a model's parameters a table, or takes it from them.
 *
 * @param isOn True to keep the table that they have, or else to add one of zeros.
 * @param H Width of the encoder.
 */
export function withShapeTable(parameters: Parameters, isOn: boolean, H: number): Parameters {
  const { [SHAPE_TABLE]: table, ...others } = parameters;
  if (!isOn) return others;
  const shape = [WORD_SHAPES.length, H];
  return { ...others, [SHAPE_TABLE]: table ?? { shape, data: new Float32Array(WORD_SHAPES.length * H) } };
}

/** Returns the axes of the input that graphs with a table read. */
export const SHAPE_AXES = { wordShapes: ["T", WORD_SHAPES.length] };

/** Lays out that input if the parameters have a table: float32 [T, 9], one-hot, or all 0 for a piece without a shape. */
export function shapeArrays(parameters: Parameters, { pieceShapes }: Batch): { wordShapes?: NdArray } {
  if (!Object.hasOwn(parameters, SHAPE_TABLE)) return {};
  const n = WORD_SHAPES.length;
  const data = new Float32Array(pieceShapes.length * n);
  pieceShapes.forEach((shape, piece) => {
    if (shape >= 0) data[piece * n + shape] = 1;
  });
  return { wordShapes: { shape: [pieceShapes.length, n], data } };
}

/**
 * Adds the rows of words' shapes to the embeddings of their pieces, in a graph; of a model without a table, none.
 *
 * @param parameters `embedded` float32 [T, H], and the table.
 * @param inputs That of `shapeArrays`.
 * @returns float32 [T, H].
 */
export function addShapes(parameters: Tensors, inputs: { wordShapes?: Tensor }): Tensor {
  const table = parameters[SHAPE_TABLE];
  return table ? tf.add(parameters.embedded!, tf.matMul(inputs.wordShapes!, table)) : parameters.embedded!;
}

/**
 * Leaves the shapes out of some batches of the source.
 *
 * @param random Draws which, if the parameters have a table; without it none is left out.
 * @returns The sentences of a batch, with their shapes or without.
 */
export function withSomeShapes(
  parameters: Parameters,
  sentences: readonly TaggedSentence[],
  random?: Random,
): readonly TaggedSentence[] {
  const isOfSource = sentences.every(({ domain }) => domain === "source");
  if (!Object.hasOwn(parameters, SHAPE_TABLE) || !random || !isOfSource) return sentences;
  if (random.uniform() >= LEFT_OUT) return sentences;
  return sentences.map(({ pieceShapes: _, ...sentence }) => sentence);
}

/** A language model over characters: one LSTM that goes on from one stretch of text to the next (Akbik et al. 2018). */
import type { CharBlock } from "../../data/batches/char_blocks.ts";
import { applyDropout, fillDropout } from "../../data/batches/dropout.ts";
import type { Random } from "../../data/random.ts";
import { createBuffers } from "../engine/buffers.ts";
import type { Engine } from "../engine/engine.ts";
import type { NdArray } from "../engine/nd_array.ts";
import { tf } from "../engine/tf.ts";
import { lstm } from "../nn/lstm.ts";
import { crossEntropyOfRows } from "../nn/cross_entropy.ts";
import { lookUp, lookUpGradient } from "../nn/embedding_table.ts";
import { createGraphBlock } from "../nn/graph_block.ts";
import { oneAtATime } from "../nn/one_at_a_time.ts";
import { linear } from "../nn/ops.ts";
import { createRecurrence } from "../nn/recurrence.ts";
import { FORWARD } from "../nn/recurrent_cell.ts";
import type { Gradient } from "../training/optimizer.ts";
import { initialParameters, type Parameters } from "../weights/parameters.ts";

/** Sizes of a character language model. */
export interface CharLmSizes {
  /** Width of a character's vector. */
  characterWidth: number;
  /** Width of the LSTM's states. */
  width: number;
}

/** States of the LSTM between two stretches of text: `h` and `c`, float32 [streams, width]. */
export type CharLmState = Record<"h" | "c", NdArray>;

/** Reads characters, and learns to predict the next. */
export interface CharLm {
  /**
   * Computes the states after each character of some texts, float32 [characters, width], which the next call
   * overwrites.
   *
   * @param ids Characters of all texts, one text after another.
   * @param lengths Length of each text.
   */
  states(parameters: Parameters, ids: Int32Array, lengths: readonly number[]): Promise<NdArray>;
  /**
   * Computes the mean cross-entropy of the characters that follow, its gradients, and the states to go on from.
   *
   * @param state The states after the stretch before; zero unless given.
   * @param random Draws the dropout; without it there is none.
   */
  lossAndGradients(
    parameters: Parameters,
    block: CharBlock,
    state?: CharLmState,
    random?: Random,
  ): Promise<{ loss: number; gradients: Record<string, Gradient>; state: CharLmState }>;
  /** Computes the same loss without gradients. */
  loss(
    parameters: Parameters,
    block: CharBlock,
    state?: CharLmState,
  ): Promise<{ loss: number; state: CharLmState }>;
  dispose(): void;
}

/** Dropout on characters' vectors and on the states that predict. */
const DROPOUT = 0.1;

/** Returns the names and shapes of the parameters; the LSTM's as PyTorch's. */
export function charLmShapes(
  nCharacters: number,
  { characterWidth, width: H }: CharLmSizes,
): Record<string, number[]> {
  return {
    "embedding.weight": [nCharacters, characterWidth],
    "lstm.weight_ih_l0": [4 * H, characterWidth],
    "lstm.weight_hh_l0": [4 * H, H],
    "lstm.bias_ih_l0": [4 * H],
    "lstm.bias_hh_l0": [4 * H],
    "decoder.weight": [nCharacters, H],
    "decoder.bias": [nCharacters],
  };
}

/** Draws new parameters as Flair's: vectors and the decoder's weight U(±0.1), its bias 0, the LSTM as PyTorch's. */
export function initialCharLm(nCharacters: number, sizes: CharLmSizes, random: Random): Parameters {
  const parameters = initialParameters(charLmShapes(nCharacters, sizes), random);
  parameters["decoder.bias"]!.data.fill(0);
  for (const name of ["embedding.weight", "decoder.weight"]) {
    const { data } = parameters[name]!;
    const stream = random.fork(`${name}, small`);
    for (let i = 0; i < data.length; i++) data[i] = 0.1 * (2 * stream.uniform() - 1);
  }
  return parameters;
}

/**
 * Compiles a model.
 *
 * @example
 * ```ts
 * import { charBlocks, createCharLm, createEngine, createRandom, initialCharLm } from "@laner/laner";
 *
 * const sizes = { characterWidth: 4, width: 8 }, parameters = initialCharLm(5, sizes, createRandom(1));
 * const lm = createCharLm(await createEngine("onnx"), 5, sizes);
 * for (const block of charBlocks([2, 3, 4, 2, 3, 4, 2], { nStreams: 1 })) {
 *   console.log((await lm.lossAndGradients(parameters, block)).loss); // about log 5 = 1.6
 * }
 * lm.dispose();
 * ```
 */
export function createCharLm(engine: Engine, nCharacters: number, sizes: CharLmSizes): CharLm {
  const { characterWidth, width: H } = sizes;
  const recurrence = createRecurrence(engine, "character LM", lstm(H), [FORWARD]);
  const gates = createGraphBlock(engine, {
    label: "character LM: gates",
    compute: ({ x, weight, bias, bias2 }) => ({ gates: linear(x, weight, tf.add(bias, bias2)) }),
    axes: { x: ["n", characterWidth] },
    outputs: { gates: ["n", 4 * H] },
    by: ["x", "weight", "bias", "bias2"],
  });
  const decoder = createGraphBlock(engine, {
    label: "character LM: decoder",
    compute: ({ states, weight, bias }) => ({ scores: linear(states, weight, bias) }),
    axes: { states: ["n", H] },
    outputs: { scores: ["n", nCharacters] },
    by: ["states", "weight", "bias"],
  });
  const buffer = createBuffers();

  async function read(
    p: Parameters,
    ids: Int32Array,
    lengths: readonly number[],
    state?: CharLmState,
    random?: Random,
  ) {
    const x = { shape: [ids.length, characterWidth], data: buffer("x", ids.length * characterWidth) };
    lookUp(p["embedding.weight"]!, ids, x, 0);
    const mask = maskOf("characters", x, random);
    const given = await gates.forward({
      x,
      weight: p["lstm.weight_ih_l0"]!,
      bias: p["lstm.bias_ih_l0"]!,
      bias2: p["lstm.bias_hh_l0"]!,
    });
    const { elements, last } = await recurrence.forward(
      { weight_hh: p["lstm.weight_hh_l0"]! },
      given,
      lengths,
      state,
    );
    return { states: elements.h, mask, state: { h: copy(last.h!), c: copy(last.c!) } };
  }

  /** Multiplies values by a mask that is drawn, and returns it. */
  function maskOf(name: string, { data }: NdArray, random?: Random): Float32Array | null {
    if (!random) return null;
    const mask = fillDropout(buffer(name, data.length), DROPOUT, random);
    applyDropout(data, mask);
    return mask;
  }

  const decode = (p: Parameters, states: NdArray) =>
    decoder.forward({ states, weight: p["decoder.weight"]!, bias: p["decoder.bias"]! });

  return oneAtATime<CharLm>({
    states: async (p, ids, lengths) => (await read(p, ids, lengths)).states!,

    async lossAndGradients(p, { inputs, targets, nStreams, length }, state, random) {
      const lengths = new Array<number>(nStreams).fill(length);
      const passed = await read(p, inputs, lengths, state, random);
      const mask = maskOf("states", passed.states!, random);
      const { scores } = await decode(p, passed.states!);
      const { loss, scores: dScores } = crossEntropyOfRows(scores, targets, 1 / targets.length);
      const d = await decoder.backward({ scores: dScores });
      applyDropout(d.states.data, mask);
      const back = await recurrence.backward({ elements: { h: d.states } });
      const byGates = await gates.backward(back.inputs);
      applyDropout(byGates.x.data, passed.mask);
      return {
        loss,
        state: passed.state,
        gradients: {
          "embedding.weight": lookUpGradient(p["embedding.weight"]!, inputs, byGates.x, 0),
          "lstm.weight_ih_l0": byGates.weight,
          "lstm.weight_hh_l0": back.parameters.weight_hh!,
          "lstm.bias_ih_l0": byGates.bias,
          "lstm.bias_hh_l0": byGates.bias2,
          "decoder.weight": d.weight,
          "decoder.bias": d.bias,
        },
      };
    },

    async loss(p, { inputs, targets, nStreams, length }, state) {
      const passed = await read(p, inputs, new Array<number>(nStreams).fill(length), state);
      const { loss } = crossEntropyOfRows(
        (await decode(p, passed.states!)).scores,
        targets,
        1 / targets.length,
      );
      return { loss, state: passed.state };
    },

    dispose() {
      for (const part of [gates, recurrence, decoder]) part.dispose();
    },
  }, ["states", "lossAndGradients", "loss"]);
}

function copy({ shape, data }: NdArray): NdArray {
  return { shape, data: data.slice() };
}

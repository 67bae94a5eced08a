/** Stacked bidirectional LSTMs over sentences of different lengths. */
import { applyDropout, fillDropout } from "../../data/batches/dropout.ts";
import type { Random } from "../../data/random.ts";
import { createBuffers } from "../engine/buffers.ts";
import type { Engine } from "../engine/engine.ts";
import { columns, type NdArray, sideBySide } from "../engine/nd_array.ts";
import { type Tensors, tf } from "../engine/tf.ts";
import type { Parameters } from "../weights/parameters.ts";
import { createGraphBlock, type GraphBlock } from "./graph_block.ts";
import type { BiLstmOptions } from "./bilstm_shapes.ts";
import { lstm } from "./lstm.ts";
import { oneAtATime } from "./one_at_a_time.ts";
import { linear } from "./ops.ts";
import { createRecurrence, type Recurrence } from "./recurrence.ts";
import { BACKWARD, FORWARD, type Reading } from "./recurrent_cell.ts";

/** Reads sentences and gives back the gradients. */
export interface BiLstm {
  /**
   * Computes the states of all elements.
   *
   * @param parameters Those of `biLstmShapes`; others are ignored.
   * @param x float32 [elements, inputWidth], one sequence after another; it must not change before `backward`.
   * @param lengths Length of each sequence.
   * @param random Draws the dropout between layers; without it there is none.
   * @returns `states` of the last layer, float32 [elements, H · readings], forward before backward, and `last`, those
   * after each sequence's last step, float32 [sequences, H · readings].
   */
  forward(
    parameters: Parameters,
    x: NdArray,
    lengths: readonly number[],
    random?: Random,
  ): Promise<{ states: NdArray; last: NdArray }>;
  /**
   * Computes the gradients from those of what the last `forward` gave.
   *
   * @returns The gradient by `x`, and by the parameters.
   */
  backward(d: { states?: NdArray; last?: NdArray }): Promise<{ x: NdArray; gradients: Parameters }>;
  dispose(): void;
}

/**
 * Compiles a BiLSTM, which computes what PyTorch's `nn.LSTM` does on packed sequences: padding is never read.
 *
 * @example
 * ```ts
 * import { biLstmShapes, createBiLstm, createEngine, createRandom, initialParameters } from "@laner/laner";
 *
 * const options = { name: "lstm", inputWidth: 3, width: 2 };
 * const lstm = createBiLstm(await createEngine("onnx"), options);
 * const parameters = initialParameters(biLstmShapes(options), createRandom(1));
 * const x = { shape: [5, 3], data: new Float32Array(15).fill(0.5) }; // a sentence of two words, one of three
 * const { states } = await lstm.forward(parameters, x, [2, 3]);
 * console.log(states.shape); // [5, 4]
 * lstm.dispose();
 * ```
 */
export function createBiLstm(engine: Engine, options: BiLstmOptions): BiLstm {
  const { name, inputWidth, width: H, nLayers = 1, dropout = 0, readings = [FORWARD, BACKWARD] } = options;
  const layers = Array.from({ length: nLayers }, (_, layer) => {
    const label = `${name}, layer ${layer}`;
    const input = layer === 0 ? inputWidth : readings.length * H;
    const gates = compileGates(engine, label, input, H, readings);
    return { gates, recurrence: createRecurrence(engine, label, lstm(H), readings) };
  });
  const buffer = createBuffers();
  let masks: (Float32Array | null)[] = [];

  return oneAtATime<BiLstm>({
    async forward(parameters, x, lengths, random) {
      masks = [];
      let passed: Awaited<ReturnType<Recurrence["forward"]>> | null = null;
      for (const [layer, { gates, recurrence }] of layers.entries()) {
        const own = layerParameters(parameters, layer);
        if (passed) {
          x = together(passed.elements);
          masks[layer] = random && dropout > 0
            ? fillDropout(buffer(`mask${layer}`, x.data.length), dropout, random)
            : null;
          applyDropout(x.data, masks[layer]);
        }
        passed = await recurrence.forward(own, await gates.forward({ x, ...own }), lengths);
      }
      return { states: together(passed!.elements), last: together(passed!.last) };
    },

    async backward({ states, last }) {
      let gradients: Parameters = {};
      let x: NdArray | undefined = states;
      for (const [layer, { gates, recurrence }] of [...layers.entries()].reverse()) {
        const isTop = layer === nLayers - 1;
        const d = await recurrence.backward({
          elements: x ? apart(x) : {},
          last: isTop && last ? apart(last) : {},
        });
        const { x: dx, ...byGates } = await gates.backward(d.inputs);
        applyDropout(dx!.data, masks[layer] ?? null);
        gradients = { ...gradients, ...fullNames({ ...byGates, ...d.parameters }, layer) };
        x = dx;
      }
      return { x: x!, gradients };
    },

    dispose() {
      for (const { gates, recurrence } of layers) {
        gates.dispose();
        recurrence.dispose();
      }
    },
  }, ["forward", "backward"]);

  /** Returns a layer's parameters under the names of graphs: without the LSTM's name and the layer's number. */
  function layerParameters(parameters: Parameters, layer: number): Parameters {
    return Object.fromEntries(
      gateNames(readings).map((own) => [own, parameters[`${name}.${numbered(own, layer)}`]!]),
    );
  }
  function fullNames(gradients: Parameters, layer: number): Parameters {
    return Object.fromEntries(
      Object.entries(gradients).map(([own, array]) => [`${name}.${numbered(own, layer)}`, array]),
    );
  }
  /** Puts h of all readings side by side. */
  function together(passed: Record<string, NdArray>): NdArray {
    return sideBySide(readings.map(({ suffix }) => passed[`h${suffix}`]!));
  }
  /** Takes the states of the readings apart again. */
  function apart(states: NdArray): Record<string, NdArray> {
    return Object.fromEntries(readings.map(({ suffix }, i) => [`h${suffix}`, columns(states, i * H, H)]));
  }
}

/** Lists the names of a layer's parameters in graphs. */
function gateNames(readings: readonly Reading[]): string[] {
  return readings.flatMap(({ suffix }) =>
    ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((kind) => kind + suffix)
  );
}

/** Numbers a name: `weight_ih_reverse` of layer 1 is `weight_ih_l1_reverse`. */
function numbered(own: string, layer: number): string {
  return own.replace(/^(weight|bias)_(ih|hh)/, `$&_l${layer}`);
}

/** Compiles what a layer's input adds to the gates, for all elements at once. */
function compileGates(
  engine: Engine,
  label: string,
  inputWidth: number,
  H: number,
  readings: readonly Reading[],
): GraphBlock {
  const compute = (p: Tensors) =>
    Object.fromEntries(readings.map(({ suffix }) => {
      const bias = tf.add(p[`bias_ih${suffix}`]!, p[`bias_hh${suffix}`]!);
      return [`gates${suffix}`, linear(p.x!, p[`weight_ih${suffix}`]!, bias)];
    }));
  return createGraphBlock(engine, {
    label: `${label}: gates`,
    compute,
    axes: { x: ["n", inputWidth] },
    outputs: Object.fromEntries(readings.map(({ suffix }) => [`gates${suffix}`, ["n", 4 * H]])),
    by: ["x", ...gateNames(readings).filter((name) => !name.startsWith("weight_hh"))],
  });
}

/** LSTMs, character convolution and SGD against PyTorch (tests/oracle/systems/make_bricks.py). */
import { assertEquals } from "@std/assert";
import { createEngine } from "../../../model/engine/create_engine.ts";
import type { EngineName } from "../../../model/engine/engine.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { createBiLstm } from "../../../model/nn/bilstm.ts";
import { biLstmShapes } from "../../../model/nn/bilstm_shapes.ts";
import { charCnnShapes, createCharCnn } from "../../../model/nn/char_cnn.ts";
import { BACKWARD, FORWARD } from "../../../model/nn/recurrent_cell.ts";
import type { Gradient } from "../../../model/training/optimizer.ts";
import { createSgd } from "../../../model/training/sgd.ts";
import type { Parameters } from "../../../model/weights/parameters.ts";
import { assertClose } from "../../close.ts";
import { readOwnOracle } from "../../oracle_dir.ts";
import { valuesOf } from "../gradient_checks.ts";

type Json = { shape: number[]; data: number[] };
interface Bricks {
  bilstm: {
    lengths: number[];
    nLayers: number;
    parameters: Record<string, Json>;
    gradients: Record<string, Json>;
    x: Json;
    states: Json;
    last: Json;
    dStates: Json;
    dLast: Json;
    dX: Json;
  }[];
  charCnn: {
    words: number[][];
    parameters: Record<string, Json>;
    features: Json;
    dFeatures: Json;
    gradients: Record<string, Json>;
  };
  sgd: {
    weightDecay: number;
    start: Json;
    steps: { learningRate: number; gradient: Json; after: Json }[];
  }[];
}
const BRICKS = readOwnOracle<Bricks>("systems/bricks.json");
const array = ({ shape, data }: Json): NdArray => ({ shape, data: Float32Array.from(data) });
const arrays = (all: Record<string, Json>, prefix = ""): Parameters =>
  Object.fromEntries(Object.entries(all).map(([name, json]) => [prefix + name, array(json)]));

function assertGradients(actual: Record<string, Gradient>, expected: Record<string, Json>, prefix = "") {
  assertEquals(Object.keys(actual).sort(), Object.keys(expected).map((name) => prefix + name).sort());
  for (const [name, { data }] of Object.entries(expected)) {
    assertClose(valuesOf(actual[prefix + name]!), data, 1e-5, name);
  }
}

for (const name of ["onnx", "onnx-ffi", "cpu", "wasm"] satisfies EngineName[]) {
  Deno.test(`${name}: createBiLstm() computes what PyTorch's LSTM does on packed sequences, and its gradients`, async () => {
    const engine = await createEngine(name);
    for (const [i, expected] of BRICKS.bilstm.entries()) {
      const isOneWay = i === 3;
      const options = {
        name: "lstm",
        inputWidth: 3,
        width: 4,
        nLayers: expected.nLayers,
        readings: isOneWay ? [FORWARD] : [FORWARD, BACKWARD],
      };
      const parameters = arrays(expected.parameters, "lstm.");
      const shapes = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]));
      assertEquals(biLstmShapes(options), shapes);
      const lstm = createBiLstm(engine, options);
      const { lengths } = expected;
      const x = array(expected.x);
      // The second time, arrays of the first are used again.
      for (let time = 0; time < 2; time++) {
        const { states, last } = await lstm.forward(parameters, x, lengths);
        assertEquals([states.shape, last.shape], [expected.states.shape, expected.last.shape]);
        assertClose(states.data, expected.states.data, 1e-5, "states");
        assertClose(last.data, expected.last.data, 1e-5, "last");
        const d = { states: array(expected.dStates), last: array(expected.dLast) };
        const { x: dX, gradients } = await lstm.backward(d);
        assertClose(dX.data, expected.dX.data, 1e-5, "dX");
        assertGradients(gradients, expected.gradients, "lstm.");
      }
      // A sentence alone has the states that it has among others.
      const { states } = await lstm.forward(parameters, x, lengths);
      const together = states.data.slice();
      const width = states.shape[1]!;
      let s = 0;
      for (let first = 0; s < lengths.length; first += lengths[s++]!) {
        const end = first + lengths[s]!;
        const own = { shape: [lengths[s]!, 3], data: x.data.subarray(first * 3, end * 3) };
        const alone = await lstm.forward(parameters, own, [lengths[s]!]);
        assertClose(alone.states.data, together.subarray(first * width, end * width), 1e-6, "alone");
      }
      lstm.dispose();
    }
  });

  Deno.test(`${name}: createCharCnn() computes what PyTorch's Conv1d does on each word, and its gradients`, async () => {
    const { words, parameters, features, dFeatures, gradients } = BRICKS.charCnn;
    const options = { nCharacters: 9, characterWidth: 4, nFilters: 5 };
    const cnn = createCharCnn(await createEngine(name), options);
    const given = arrays(parameters);
    const shapes = Object.fromEntries(Object.entries(given).map(([name, { shape }]) => [name, shape]));
    assertEquals(charCnnShapes(options), shapes);
    const ids = words.map((word) => Int32Array.from(word));
    for (let time = 0; time < 2; time++) {
      const actual = await cnn.forward(given, ids);
      assertEquals(actual.shape, features.shape);
      assertClose(actual.data, features.data, 1e-5, "features");
      assertGradients(await cnn.backward(array(dFeatures)), gradients);
    }
    for (const [i, word] of ids.entries()) {
      const { data } = await cnn.forward(given, [word]);
      assertClose(data, features.data.slice(i * 5, (i + 1) * 5), 1e-5, "a word alone");
    }
    cnn.dispose();
  });
}

Deno.test("createSgd() steps as PyTorch's SGD does", () => {
  for (const { weightDecay, start, steps } of BRICKS.sgd) {
    const parameters = { p: array(start) };
    const sgd = createSgd({ learningRate: 1, weightDecay });
    for (const { learningRate, gradient, after } of steps) {
      sgd.step(parameters, { p: array(gradient) }, learningRate);
      assertClose(parameters.p.data, after.data, 1e-6, "after a step");
    }
  }
});

Deno.test("createSgd() changes the rows of a table that have a gradient, and no others", () => {
  const table = { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const gradient = { shape: [3, 2], rows: Int32Array.of(2, 0), data: Float32Array.of(10, 20, 30, 40) };
  createSgd({ learningRate: 0.1 }).step({ table }, { table: gradient });
  assertClose(table.data, [-2, -2, 3, 4, 4, 4], 1e-6, "table");
});

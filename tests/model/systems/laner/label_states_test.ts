import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../../data/random.ts";
import { createTagStrings, tagHistories, type TagStrings } from "../../../../data/tags/tag_history.ts";
import { createEngine } from "../../../../model/engine/create_engine.ts";
import { valueAndGradients } from "../../../../model/engine/gradients.ts";
import { type Tensors, tf } from "../../../../model/engine/tf.ts";
import { encodeHistory, labelEncoderShapes } from "../../../../model/systems/laner/label_encoder.ts";
import { createLabelStates, type LabelStatesComputer } from "../../../../model/systems/laner/label_states.ts";
import { initialParameters, type Parameters } from "../../../../model/weights/parameters.ts";
import { assertClose } from "../../../close.ts";

const D = 3;
const K = 4;
const START = K;

function randomParameters(seed: number): Parameters {
  const parameters = initialParameters(labelEncoderShapes(D, K), createRandom(seed));
  for (const { data } of Object.values(parameters)) for (let i = 0; i < data.length; i++) data[i]! *= 1.5;
  return parameters;
}

function randomTags(seed: number, lengths: number[]): number[][] {
  const random = createRandom(seed);
  return lengths.map((n) => Array.from({ length: n }, () => random.integer(K)));
}

/** The history of every word from `from` on, START first. */
function historiesOf(tags: number[][], from = tags.map(() => 0)): number[][] {
  return tags.flatMap((t, b) => t.map((_, i) => [START, ...t.slice(0, i)]).slice(from[b]));
}

/** The states of all histories, after those that are new have been computed. */
async function statesOf(
  labelStates: LabelStatesComputer,
  strings: TagStrings,
  tags: number[][],
  from?: number[],
) {
  const histories = tagHistories(strings, tags, START, from);
  await labelStates.compute(strings, histories.levels);
  return labelStates.lookUp(histories);
}

const tensorsOf = (parameters: Parameters): Tensors =>
  Object.fromEntries(Object.entries(parameters).map(([k, { shape, data }]) => [k, tf.tensor(data, shape)]));

/** States of each history by the definition, one after another: [R, 2D], and the last of each. */
async function defined(parameters: Parameters, histories: number[][]) {
  await createEngine("cpu");
  return tf.tidy(() => {
    const tensors = tensorsOf(parameters);
    const states = histories.map((history) => [...encodeHistory(tensors, history).dataSync()]);
    return { history: states.flat(), lastStates: states.flatMap((values) => values.slice(-2 * D)) };
  });
}

for (const name of ["cpu", "onnx"] as const) {
  Deno.test(`${name}: createLabelStates() gives the states that encodeHistory() defines, also for few new strings`, async () => {
    const engine = await createEngine(name);
    const labelStates = createLabelStates(engine, D, K);
    for (const seed of [1, 2]) {
      const parameters = randomParameters(seed);
      const strings = createTagStrings(K);
      await labelStates.reset(parameters, false);
      // Known strings, longer ones, one changed tag, late words alone: as decoding asks for them.
      const first = randomTags(seed, [5, 1, 6]);
      const changed = first.map((t) => [...t, 1]);
      changed[0]![2] = (changed[0]![2]! + 1) % K;
      const calls: [number[][], number[] | undefined][] = [
        [first, undefined],
        [first, undefined],
        [changed, [3, 0, 2]],
        [changed, undefined],
      ];
      for (const [tags, from] of calls) {
        const { lastStates, history } = await statesOf(labelStates, strings, tags, from);
        const expected = await defined(parameters, historiesOf(tags, from));
        assertEquals(history.shape, [expected.history.length / (2 * D), 2 * D]);
        assertClose(history.data, expected.history, 1e-5, "history");
        assertClose(lastStates.data, expected.lastStates, 1e-5, "last states");
      }
    }
    labelStates.dispose();
  });

  Deno.test(`${name}: createLabelStates() gives the gradients that autodiff through encodeHistory() gives`, async () => {
    const engine = await createEngine(name);
    const labelStates = createLabelStates(engine, D, K);
    for (const [seed, lengths] of [[1, [4, 1, 5, 4]], [2, [1]], [3, [6, 6]]] as const) {
      const parameters = randomParameters(seed);
      const strings = createTagStrings(K);
      const random = createRandom(seed + 9);
      const tags = randomTags(seed, [...lengths]);
      if (tags.length > 2) tags[3] = tags[0]!; // the same strings twice: their gradients add up
      const histories = tagHistories(strings, tags, START);
      const wanted = historiesOf(tags);
      const normal = (rows: number) => ({
        shape: [rows, 2 * D],
        data: Float32Array.from({ length: rows * 2 * D }, () => random.normal()),
      });
      const d = {
        history: normal(histories.pairForward.length),
        lastStates: normal(histories.lastForward.length),
      };
      await labelStates.reset(parameters, true);
      await labelStates.compute(strings, histories.levels);
      const ours = structuredClone(await labelStates.gradients(strings, histories, d));
      await createEngine("cpu");
      const theirs = tf.tidy(() => {
        const { gradients } = valueAndGradients((p) => {
          let row = 0;
          const terms = wanted.map((history, word) => {
            const states = encodeHistory(p, history);
            const n = history.length;
            const dStates = d.history.data.slice(row * 2 * D, (row += n) * 2 * D);
            for (let j = 0; j < 2 * D; j++) {
              dStates[(n - 1) * 2 * D + j]! += d.lastStates.data[word * 2 * D + j]!;
            }
            return tf.sum(tf.mul(states, tf.tensor2d(dStates, [n, 2 * D])));
          });
          return tf.addN(terms);
        }, tensorsOf(parameters));
        return Object.fromEntries(Object.entries(gradients).map(([k, g]) => [k, g.dataSync()]));
      });
      assertEquals(Object.keys(ours).sort(), Object.keys(parameters).sort());
      for (const [key, values] of Object.entries(theirs)) {
        assertClose(ours[key]!.data, values as Float32Array, 2e-5, key);
      }
    }
    labelStates.dispose();
  });
}

Deno.test("createLabelStates() forgets states when it is reset to other parameters", async () => {
  const engine = await createEngine("cpu");
  const labelStates = createLabelStates(engine, D, K);
  const tags = randomTags(1, [5, 3]);
  for (const seed of [1, 2]) {
    const parameters = randomParameters(seed);
    const strings = createTagStrings(K);
    await labelStates.reset(parameters, false);
    const { history } = await statesOf(labelStates, strings, tags);
    assertClose(history.data, (await defined(parameters, historiesOf(tags))).history, 1e-5, `seed ${seed}`);
  }
});

Deno.test("createLabelStates() keeps the states that it has when strings grow to thousands", async () => {
  const engine = await createEngine("onnx");
  const parameters = randomParameters(4);
  const growing = createLabelStates(engine, D, K);
  const atOnce = createLabelStates(engine, D, K);
  const [few, many] = [createTagStrings(K), createTagStrings(K)];
  for (const labelStates of [growing, atOnce]) await labelStates.reset(parameters, false);
  const tags = randomTags(4, [4, 30, 25, 30, 28, 30]);
  await statesOf(growing, few, tags.slice(0, 2));
  const before = few.backward.nNodes;
  const grown = await statesOf(growing, few, tags);
  assert(before < 1000 && few.backward.nNodes > 1024, `${before} strings, then ${few.backward.nNodes}`);
  const expected = await statesOf(atOnce, many, tags);
  assertClose(grown.history.data, expected.history.data, 1e-6, "history");
  assertClose(grown.lastStates.data, expected.lastStates.data, 1e-6, "last states");
  for (const labelStates of [growing, atOnce]) labelStates.dispose();
});

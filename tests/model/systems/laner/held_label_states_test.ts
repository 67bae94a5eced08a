import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../../data/random.ts";
import { createTagStrings, tagHistories } from "../../../../data/tags/tag_history.ts";
import { createEngine } from "../../../../model/engine/create_engine.ts";
import { HeldArray } from "../../../../model/engine/held_array.ts";
import { readArrays } from "../../../../model/engine/read_arrays.ts";
import { createHeldLabelStates } from "../../../../model/systems/laner/held_label_states.ts";
import { labelEncoderShapes } from "../../../../model/systems/laner/label_encoder.ts";
import { createLabelStates } from "../../../../model/systems/laner/label_states.ts";
import type { HistoryStates } from "../../../../model/systems/laner/history_states.ts";
import { heldLabelStep, plainLabelStep } from "../../../../model/systems/laner/label_step.ts";
import { initialParameters } from "../../../../model/weights/parameters.ts";
import { assertClose } from "../../../close.ts";
import { HELD_ENGINES } from "../../held_engines.ts";

const D = 3;
const K = 4;
const START = K;

for (const [name, load] of Object.entries(HELD_ENGINES)) {
  Deno.test({
    name: `${name}: states and gradients of labels that the engine holds are those in plain arrays`,
    ignore: load === null,
    async fn() {
      const [engine, onnx] = await Promise.all([load!(), createEngine("onnx")]);
      const heldStates = createHeldLabelStates(engine, D, K);
      const held = heldLabelStep(heldStates);
      const labelStates = createLabelStates(onnx, D, K);
      const plain = plainLabelStep(labelStates);
      const random = createRandom(3);
      const parameters = initialParameters(labelEncoderShapes(D, K), random);
      const sentence = (n: number) =>
        Int32Array.from({ length: n }, () => Math.max(0, Math.floor(random.uniform() * 2 * K) - K));
      // One run of levels that is not full, one that is, more than one; parts of LANER that are left out.
      const cases: [lengths: number[], without?: keyof HistoryStates][] = [
        [[1]],
        [[8, 3], "lastStates"],
        [[9, 8, 1, 5], "history"],
        [[30, 4, 30, 17]],
      ];
      for (const [lengths, without] of cases) {
        const tags = lengths.map(sentence);
        const strings = createTagStrings(K);
        const histories = tagHistories(strings, tags, START);
        const expected = structuredClone(await plain.forward(parameters, strings, histories));
        const found = await held.forward(parameters, strings, histories);
        assert(found.history instanceof HeldArray);
        const states = await readArrays(engine, found);
        for (const part of ["lastStates", "history"] as const) {
          assertEquals(states[part].shape, expected[part].shape);
          assertClose(states[part].data, expected[part].data, 1e-6, `${part} of ${lengths}`);
        }
        const d: HistoryStates = Object.fromEntries(
          Object.entries(expected).map(([part, { shape, data }]) => [
            part,
            part === without ? undefined : { shape, data: data.map(() => random.normal()) },
          ]),
        );
        const gradients = await plain.backward(d);
        const ours = await readArrays(engine, await held.backward(d));
        assertEquals(Object.keys(ours).sort(), Object.keys(gradients).sort());
        for (const [name, { shape, data }] of Object.entries(gradients)) {
          assertEquals(ours[name]!.shape, shape);
          assertClose(ours[name]!.data, data, 1e-5, `${name} of ${lengths}`);
        }
      }
      for (const one of [heldStates, labelStates]) one.dispose();
      await assertRejects(() => held.backward({}), Error, "call encode() before");
    },
  });
}

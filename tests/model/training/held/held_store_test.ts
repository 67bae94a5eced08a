/** Parameters that an engine holds are changed as plain ones are, and as PyTorch changes them. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Engine } from "../../../../model/engine/engine.ts";
import { HeldArray } from "../../../../model/engine/held_array.ts";
import { readArrays } from "../../../../model/engine/read_arrays.ts";
import { systemOf } from "../../../../model/systems/systems.ts";
import { clipGradients, createAdam } from "../../../../model/training/adam.ts";
import { heldStore } from "../../../../model/training/held/held_store.ts";
import { parameterRules } from "../../../../model/training/parameter_rules.ts";
import { copyParameters, type Parameters } from "../../../../model/weights/parameters.ts";
import { assertClose } from "../../../close.ts";
import AVERAGES from "../../../oracle/optimisers/averages.json" with { type: "json" };
import OPTIMISERS from "../../../oracle/optimisers/optimisers.json" with { type: "json" };
import { HELD_ENGINES } from "../../held_engines.ts";

const { isOfMaterial: isOfEncoder } = systemOf("bert-tagger");
const array = (...values: number[]) => ({ shape: [values.length], data: Float32Array.from(values) });
const directly = (work: () => Promise<void>) => work();

function parametersOf(values: Record<string, number[]>): Parameters {
  const shapes: Record<string, number[]> = OPTIMISERS.shapes;
  return Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, {
      shape: shapes[name]!,
      data: Float32Array.from(data),
    }]),
  );
}

for (const [name, load] of Object.entries(HELD_ENGINES)) {
  const test = (what: string, fn: (engine: Engine) => Promise<void>) =>
    Deno.test({ name: `${name}: ${what}`, ignore: load === null, fn: async () => await fn(await load!()) });

  test("Adam and SGD step as PyTorch's with a group for each parameter do", async (engine) => {
    const { learningRate, start, gradients, cases } = OPTIMISERS;
    for (const { optimizer: kind, weightDecay, headRate, layerDecay, end } of cases) {
      const parameters = parametersOf(start);
      const rules = parameterRules(parameters, { weightDecay, headRate, layerDecay }, isOfEncoder);
      const store = await heldStore(engine, parameters, directly);
      const optimizer = kind === "adam"
        ? store.adam({ learningRate, rules })
        : store.sgd({ learningRate, rules });
      for (const gradient of gradients) {
        await optimizer.step(parameters, parametersOf(gradient));
        assert(Object.values(parameters).every((one) => one instanceof HeldArray));
      }
      await store.close();
      for (const [name, values] of Object.entries(end)) {
        const what = `${kind}, decay ${weightDecay}, head ${headRate}, layers ${layerDecay}: ${name}`;
        assertClose(parameters[name]!.data, values, 3e-6, what);
      }
    }
  });

  test("averages equal PyTorch's AveragedModel after every step, SWA and EMA", async (engine) => {
    for (const { decay, after } of AVERAGES.cases) {
      const parameters: Parameters = { p: array(0, 0, 0, 0, 0) };
      const store = await heldStore(engine, parameters, directly);
      const optimizer = store.averaging(store.sgd({ learningRate: 1 }), { decay, every: 1, after: 0 });
      for (const [step, weights] of AVERAGES.steps.entries()) {
        const now = (await readArrays(engine, parameters)).p!.data;
        await optimizer.step(parameters, { p: array(...weights.map((value, i) => now[i]! - value)) });
        optimizer.exchange(parameters);
        const { p } = await readArrays(engine, parameters);
        assertClose(p!.data, after[step]!, 1e-6, `decay ${decay}, step ${step}`);
        optimizer.exchange(parameters);
      }
      const { tensors } = await optimizer.state();
      assertClose((await readArrays(engine, tensors))["average/p"]!.data, after.at(-1)!, 1e-6, "state");
      await store.close();
      assertClose(parameters.p!.data, AVERAGES.steps.at(-1)!, 1e-6, "weights");
    }
  });

  test("gradients are clipped by their common norm, and added up by shares", async (engine) => {
    const parameters: Parameters = { a: array(0, 0), b: array(0) };
    const store = await heldStore(engine, parameters, directly);
    const given = () => ({ a: array(3, 0), b: array(4) });
    for (const maxNorm of [1, 5.1]) {
      const expected = given();
      clipGradients(expected, maxNorm);
      const { gradients, norm } = await store.clip(given(), maxNorm);
      assertClose([norm], [5], 1e-6, "norm before");
      const clipped = await readArrays(engine, gradients);
      for (const [name, { data }] of Object.entries(expected)) {
        assertClose(clipped[name]!.data, data, 1e-6, `${name} at most ${maxNorm}`);
      }
    }
    assert(Number.isNaN((await store.clip({ a: array(1, NaN) }, 1)).norm));
    // A step's sum begins anew, though the store still holds that of the step before.
    for (let step = 0; step < 2; step++) {
      const first = await store.addShares({}, given(), 0.25);
      const both = await readArrays(
        engine,
        await store.addShares(first, { a: array(1, 2), b: array(-1) }, 0.5),
      );
      assertEquals([...both.a!.data, ...both.b!.data], [1.25, 1, 0.5]);
    }
    await store.close();
  });

  test("copies follow nothing, assign() gives values back, and close() makes plain arrays", async (engine) => {
    const original = { p: array(1, 2), q: array(3) };
    const parameters: Parameters = { ...original };
    const store = await heldStore(engine, parameters, directly);
    const best = await store.copy(parameters);
    const optimizer = store.sgd({ learningRate: 1 });
    await optimizer.step(parameters, { p: array(1, 1), q: array(1) });
    assertEquals((await store.read(parameters)).p!.data, Float32Array.of(0, 1));
    assertEquals((await store.read(best)).p!.data, Float32Array.of(1, 2));
    await store.assign(parameters, best);
    store.release(best);
    await assertRejects(() => store.read(best), Error, "released");
    await optimizer.step(parameters, { q: array(-2) });
    await store.close();
    assert(parameters.p === original.p && parameters.q === original.q);
    assertEquals([...parameters.p!.data, ...parameters.q!.data], [1, 2, 5]);
  });

  test("nameOfNotFinite() finds the first parameter, or gradient, that is spoilt", async (engine) => {
    for (const [spoilt, value] of [["b", NaN], ["c", Infinity], [undefined, 0]] as const) {
      const parameters: Parameters = { a: array(1e38, -1e38), b: array(0, 1), c: array(2) };
      if (spoilt) parameters[spoilt]!.data[0] = value;
      const store = await heldStore(engine, parameters, directly);
      assertEquals(await store.nameOfNotFinite(parameters), spoilt);
      await store.close();
    }
    const store = await heldStore(engine, { a: array(1) }, directly);
    const ofRow = { shape: [3, 2], rows: Int32Array.of(2), data: Float32Array.of(1, -Infinity) };
    assertEquals(await store.nameOfNotFinite({ a: array(1), table: ofRow }), "table");
    await store.close();
  });

  test("states of Adam go from plain arrays to the engine, rows of tables too, and back", async (engine) => {
    const shape = [3, 2];
    const rowGradient = { shape, rows: Int32Array.of(2), data: Float32Array.of(1, -1) };
    const table = { t: { shape, data: Float32Array.of(1, 2, 3, 4, 5, 6) } };
    const adam = createAdam({ learningRate: 0.1 });
    adam.step(table, { t: rowGradient });
    const parameters: Parameters = copyParameters(table);
    const store = await heldStore(engine, parameters, directly);
    const held = store.adam({ learningRate: 0.1 });
    await held.restore(parameters, adam.state());
    await held.step(parameters, { t: rowGradient });
    adam.step(table, { t: rowGradient });
    const state = await held.state();
    const tensors = await store.read(state.tensors);
    await store.close();
    assertClose(parameters.t!.data, table.t.data, 1e-6, "parameters");
    const back = createAdam({ learningRate: 0.1 });
    back.restore(parameters, { tensors, values: state.values });
    back.step(parameters, { t: rowGradient });
    adam.step(table, { t: rowGradient });
    assertClose(parameters.t!.data, table.t.data, 1e-6, "parameters after going back");
  });
}

Deno.test({
  name: "heldStore() leaves plain arrays when the engine has no room for all of them",
  ignore: HELD_ENGINES.eager === null,
  async fn() {
    const engine = await HELD_ENGINES.eager!();
    const parameters: Parameters = { a: array(1), b: array(2) };
    const given = { ...parameters };
    let left = 1;
    const memory = {
      ...engine.memory!,
      hold: (one: Parameters[string]) => {
        if (left-- === 0) return Promise.reject(new Error("out of memory"));
        return engine.memory!.hold(one);
      },
    };
    await assertRejects(() => heldStore({ ...engine, memory }, parameters, directly), Error, "out of memory");
    assert(parameters.a === given.a && parameters.b === given.b);
  },
});

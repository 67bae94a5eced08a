import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { crfShapes } from "../../../model/nn/crf_parameters.ts";
import { labelEncoderShapes } from "../../../model/systems/laner/label_encoder.ts";
import { SYSTEMS } from "../../../model/systems/systems.ts";
import {
  assignParameters,
  copyParameters,
  countParameters,
  initialParameters,
} from "../../../model/weights/parameters.ts";
import type { BertSystemName } from "../families.ts";

Deno.test("initialParameters() starts layers as PyTorch does: bounds by inputs, by D in the LSTM, N(0, 1) for tags", () => {
  const D = 25;
  const shapes = { ...labelEncoderShapes(D, 500), "out.weight": [300, 16], "out.bias": [300] };
  const parameters = initialParameters(shapes, createRandom(1));
  assertEquals(Object.fromEntries(Object.entries(parameters).map(([k, { shape }]) => [k, shape])), shapes);
  for (const [name, { data }] of Object.entries(parameters)) {
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
    if (name === "label_embedding.weight") {
      assert(Math.abs(mean) < 0.05 && Math.abs(deviation - 1) < 0.05, name);
      continue;
    }
    const bound = name.startsWith("lstm.") ? 1 / Math.sqrt(D) : 1 / Math.sqrt(16);
    const greatest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assert(greatest <= bound && greatest > 0.9 * bound, `${name}: ${greatest} of ${bound}`);
    assert(Math.abs(mean) < 0.15 * bound, `${name}: mean ${mean}`);
  }
});

Deno.test("initialParameters() starts a CRF uniformly within 0.1", () => {
  const crf = initialParameters(crfShapes(40), createRandom(1));
  assertEquals(Object.keys(crf), ["crf.transitions", "crf.start", "crf.end"]);
  for (const [name, { data }] of Object.entries(crf)) {
    const ends = [data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))];
    assert(ends[0]! >= -0.1 && ends[0]! < -0.08 && ends[1]! <= 0.1 && ends[1]! > 0.08, `${name}: ${ends}`);
  }
});

Deno.test("initialParameters() draws each parameter from a stream of its own", () => {
  const [H, D, K] = [8, 3, 5];
  const of = (name: BertSystemName, seed = 1) =>
    initialParameters(SYSTEMS[name].headShapes(H, D, K), createRandom(seed));
  const full = of("laner");
  const without = of("laner-without-label-context");
  for (const [name, array] of Object.entries(without)) {
    if (!name.startsWith("out.")) assertEquals(array, full[name], name);
  }
  assertEquals(of("laner"), full);
  const reversed = Object.fromEntries(Object.entries(SYSTEMS.laner.headShapes(H, D, K)).reverse());
  for (const [name, array] of Object.entries(initialParameters(reversed, createRandom(1)))) {
    assertEquals(array, full[name], `${name}, in another order`);
  }
  const other = of("laner", 2);
  for (const name of Object.keys(full)) assert(other[name]!.data.join() !== full[name]!.data.join(), name);
  const drawn = Object.values(full).map(({ data }) => data[0]! / Math.abs(data[0]! + data[1]!));
  assertEquals(new Set(drawn).size, drawn.length, "no two alike");
});

Deno.test("copyParameters() and assignParameters() copy values, and share none", () => {
  const source = {
    a: { shape: [2], data: Float32Array.of(1, 2) },
    b: { shape: [], data: Float32Array.of(3) },
  };
  const copy = copyParameters(source);
  assertEquals(copy, source);
  copy.a!.data[0] = 9;
  copy.a!.shape[0] = 9;
  assertEquals([source.a.data[0], source.a.shape[0]], [1, 2]);
  const { data } = source.a;
  assignParameters(source, { a: copy.a! });
  assert(source.a.data === data);
  assertEquals([...data], [9, 2]);
  assertEquals(source.b.data[0], 3);
  assertEquals(countParameters(source), 3);
});

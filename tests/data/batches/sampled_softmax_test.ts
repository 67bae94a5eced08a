import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  expectedCount,
  logUniformProbability,
  sampleLogUniform,
  sampleSoftmax,
} from "../../../data/batches/sampled_softmax.ts";
import { createRandom } from "../../../data/random.ts";
import { assertClose } from "../../close.ts";

Deno.test("logUniformProbability() is TensorFlow's formula, and sums to 1", () => {
  for (const n of [1, 2, 10, 5000]) {
    const probabilities = Array.from({ length: n }, (_, id) => logUniformProbability(id, n));
    assertClose(
      probabilities,
      probabilities.map((_, k) => (Math.log(k + 2) - Math.log(k + 1)) / Math.log(n + 1)),
      1e-12,
      "probability",
    );
    assertClose([probabilities.reduce((sum, p) => sum + p, 0)], [1], 1e-12, "sum");
  }
});

Deno.test("sampleLogUniform() draws with repetition as often as the formula says", () => {
  const n = 20;
  const draws = 200_000;
  const counts = new Int32Array(n);
  const drawn = sampleLogUniform(n, draws, createRandom(1), { unique: false });
  for (const id of drawn.ids) counts[id]!++;
  assertEquals(drawn.nTries, draws);
  counts.forEach((count, id) => {
    const expected = draws * logUniformProbability(id, n);
    assertClose(
      [expectedCount(logUniformProbability(id, n), drawn)],
      [expected],
      1e-9,
      "expected count",
    );
    // Five standard deviations.
    assert(
      Math.abs(count - expected) < 5 * Math.sqrt(expected),
      `class ${id}: ${count}, expected ${expected}`,
    );
  });
});

Deno.test("sampleLogUniform() draws without repetition as often as the expected counts say", () => {
  const n = 30;
  const nSampled = 8;
  const rounds = 20_000;
  const random = createRandom(2);
  const counts = new Int32Array(n);
  const expected = new Float64Array(n);
  for (let round = 0; round < rounds; round++) {
    const drawn = sampleLogUniform(n, nSampled, random);
    assertEquals(new Set(drawn.ids).size, nSampled);
    assert(drawn.nTries >= nSampled);
    for (const id of drawn.ids) counts[id]!++;
    for (let id = 0; id < n; id++) {
      expected[id]! += expectedCount(logUniformProbability(id, n), drawn);
    }
  }
  // The formula is an approximation, as the number of tries depends on what was drawn: good to some percent.
  counts.forEach((count, id) => {
    assert(Math.abs(count / expected[id]! - 1) < 0.06, `class ${id}: ${count}, expected ${expected[id]}`);
  });
  assertEquals([...sampleLogUniform(5, 5, random).ids].sort(), [0, 1, 2, 3, 4]);
});

Deno.test("expectedCount() is p times the draws where classes may repeat, else 1 - (1 - p)^tries", () => {
  const unique = { unique: true, nTries: 8 };
  assertClose(
    [expectedCount(0.1, { unique: false, nTries: 50 }), expectedCount(0.1, unique)],
    [5, 1 - 0.9 ** 8],
    1e-12,
    "count",
  );
  // Rare classes must not vanish in the rounding of 1 - p.
  assertClose([expectedCount(1e-18, unique) * 1e18], [8], 1e-9, "count");
});

Deno.test("sampleSoftmax() corrects logits by the expected counts and hides hits of the target", () => {
  const targets = [0, 3, 9, 0];
  const options = { nClasses: 10, nSampled: 6, random: createRandom(5) };
  const { sampledIds, targetBias, sampledBias } = sampleSoftmax(targets, options);
  const { ids, nTries } = sampleLogUniform(10, 6, createRandom(5));
  assertEquals(sampledIds, ids);
  assert(nTries > 6);
  const bias = (k: number) => -Math.log(1 - (1 - Math.log((k + 2) / (k + 1)) / Math.log(11)) ** nTries);
  assertClose(targetBias, targets.map(bias), 1e-6, "target");
  let nHits = 0;
  targets.forEach((target, t) =>
    ids.forEach((id, s) => {
      const actual = sampledBias[t * 6 + s]!;
      if (id === target) {
        nHits++;
        assertEquals(actual, -1e9);
      } else assertClose([actual], [bias(id)], 1e-6, `sampled ${id} for ${target}`);
    })
  );
  assert(nHits >= 2);
});

Deno.test("sampleSoftmax() comes near the full softmax loss when almost all classes are drawn", () => {
  // With every class drawn the hit is hidden and the target is there once: the sum is over all classes again.
  const n = 12;
  const logits = Array.from({ length: n }, (_, k) => Math.sin(7 * k));
  const random = createRandom(1);
  const { sampledIds, targetBias, sampledBias } = sampleSoftmax([4], { nClasses: n, nSampled: n, random });
  const logSumExp = (values: number[]) => Math.log(values.reduce((sum, x) => sum + Math.exp(x), 0));
  const target = logits[4]! + targetBias[0]!;
  const sampled = [...sampledIds].map((id, s) => logits[id]! + sampledBias[s]!);
  // Every expected count is nearly 1 where it takes many tries to find the rarest class.
  assertClose([logSumExp([target, ...sampled]) - target], [logSumExp(logits) - logits[4]!], 0.1, "loss");
});

Deno.test("sampleLogUniform() and sampleSoftmax() refuse what cannot be drawn", () => {
  const random = createRandom(1);
  assertThrows(
    () => sampleLogUniform(5, 6, random),
    Error,
    'sample "6" classes: there must be as many or more',
  );
  assertThrows(() => sampleLogUniform(0, 0, random), Error, "current value is 0");
  assertEquals(sampleLogUniform(5, 6, random, { unique: false }).ids.length, 6);
  const sample = (target: number) => () => sampleSoftmax([1, target], { nClasses: 5, nSampled: 2, random });
  assertThrows(sample(5), Error, "a target must be below 5, current value is 5");
  assertThrows(sample(-1), Error, "current value is -1");
});

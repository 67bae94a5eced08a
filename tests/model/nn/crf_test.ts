import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom, type Random } from "../../../data/random.ts";
import { legalTags } from "../../../data/tags/legal_tags.ts";
import { type Scheme, SCHEME_PREFIXES } from "../../../data/tags/tag.ts";
import { createTagSet } from "../../../data/tags/tag_set.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { crfLoss } from "../../../model/nn/crf.ts";
import { type CrfParameters, crfParameters, crfShapes } from "../../../model/nn/crf_parameters.ts";
import { viterbi } from "../../../model/nn/viterbi.ts";
import { sizeOf } from "../../../model/weights/parameters.ts";
import { assertClose } from "../../close.ts";
import { only } from "../../only.ts";

function normal(random: Random, shape: number[], deviation = 1): NdArray {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal()) };
}

/** A random CRF of K tags with emissions and gold tags of sentences of the given lengths. */
function randomCase(random: Random, K: number, nWords: readonly number[], deviation = 1) {
  const shapes = Object.entries(crfShapes(K)).map(([name, shape]) =>
    [name, normal(random, shape, deviation)] as const
  );
  const parameters = crfParameters(Object.fromEntries(shapes));
  const W = nWords.reduce((sum, n) => sum + n, 0);
  const tagIds = nWords.map((n) => Array.from({ length: n }, () => random.integer(K)));
  return { K, nWords, parameters, emissions: normal(random, [W, K], deviation), tagIds };
}
type Case = ReturnType<typeof randomCase>;

/** The sentence of a case as a case of its own. */
function sentenceOf({ nWords, emissions, tagIds, ...rest }: Case, b: number): Case {
  const first = nWords.slice(0, b).reduce((sum, n) => sum + n, 0);
  const n = nWords[b]!;
  const data = emissions.data.slice(first * rest.K, (first + n) * rest.K);
  return { ...rest, nWords: [n], tagIds: [tagIds[b]!], emissions: { shape: [n, rest.K], data } };
}

/** All paths of n words, in the order of their last tags first, as ties are broken from the end. */
function pathsOf(K: number, n: number): number[][] {
  if (n === 0) return [[]];
  return Array.from({ length: K }, (_, last) => pathsOf(K, n - 1).map((path) => [...path, last])).flat();
}

/** The score of a path through a case's only sentence, as the definition has it. */
function scoreOf({ K, emissions, parameters: { transitions, start, end } }: Case, path: number[]): number {
  return path.reduce(
    (score, tag, i) =>
      score + emissions.data[i * K + tag]! + (i > 0 ? transitions.data[path[i - 1]! * K + tag]! : 0),
    path.length > 0 ? start.data[path[0]!]! + end.data[path.at(-1)!]! : 0,
  );
}

/** Loss, gradients and best path of a case's only sentence, from all of its paths. */
function bruteForce(one: Case) {
  const { K } = one;
  const n = only(one.nWords);
  const gold = only(one.tagIds);
  const paths = pathsOf(K, n);
  const scores = paths.map((path) => scoreOf(one, path));
  const max = Math.max(...scores);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - max), 0);
  const gradients = {
    emissions: Array<number>(n * K).fill(0),
    transitions: Array<number>(K * K).fill(0),
    start: Array<number>(K).fill(0),
    end: Array<number>(K).fill(0),
  };
  const count = (path: number[], weight: number) => {
    if (n === 0) return;
    path.forEach((tag, i) => {
      gradients.emissions[i * K + tag]! += weight;
      if (i > 0) gradients.transitions[path[i - 1]! * K + tag]! += weight;
    });
    gradients.start[path[0]!]! += weight;
    gradients.end[path[n - 1]!]! += weight;
  };
  paths.forEach((path, i) => count(path, Math.exp(scores[i]! - max) / total));
  count(gold, -1);
  const loss = max + Math.log(total) - scoreOf(one, gold);
  return { loss, gradients, best: paths[scores.indexOf(max)] };
}

const GRADIENTS = ["emissions", "transitions", "start", "end"] as const;

/** Asserts that loss, gradients and paths are those of all paths, counted one by one. */
function assertBruteForce(batch: Case, tolerance: number, what: string): void {
  const { emissions, tagIds, parameters, nWords } = batch;
  const B = nWords.length;
  const expected = nWords.map((_, b) => bruteForce(sentenceOf(batch, b)));
  const loss = crfLoss(emissions, tagIds, parameters);
  assertClose(
    loss.perSentence,
    expected.map(({ loss }) => loss),
    tolerance,
    `${what}: loss of each sentence`,
  );
  assertClose(
    [loss.loss],
    [expected.reduce((sum, { loss }) => sum + loss, 0) / B],
    tolerance,
    `${what}: loss`,
  );
  for (const name of GRADIENTS) {
    const each = expected.map(({ gradients }) => gradients[name]);
    const values = name === "emissions"
      ? each.flat().map((x) => x / B)
      : each[0]!.map((_, i) => each.reduce((sum, values) => sum + values[i]!, 0) / B);
    assertClose(loss[name].data, values, 1e-6, `${what}: gradient of ${name}`);
  }
  const paths = viterbi(emissions, nWords, parameters).map((path) => [...path]);
  assertEquals(paths, expected.map(({ best }) => best), what);
}

Deno.test("crfLoss() and viterbi() equal the sums over all paths on 200 random batches", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = createRandom(seed);
    const K = 1 + random.integer(4);
    const nWords = Array.from({ length: 1 + random.integer(3) }, () => random.integer(6));
    assertBruteForce(randomCase(random, K, nWords, seed % 2 ? 1 : 4), 1e-9, `seed ${seed}`);
  }
});

Deno.test("crfLoss() and viterbi() stay exact with scores of ±1e4, in any of the inputs", () => {
  for (let seed = 1; seed <= 120; seed++) {
    const random = createRandom(seed);
    const one = randomCase(random, 3, [1 + random.integer(4), 5, 1]);
    const { emissions, parameters: { transitions, start, end } } = one;
    // Bit by bit: which inputs are extreme. Elements stay tied to within a random number of the order of 1.
    [emissions, transitions, start, end].forEach(({ data }, i) => {
      if (((1 + seed % 15) >> i & 1) === 0) return;
      for (let at = 0; at < data.length; at++) data[at]! += [-1e4, 0, 1e4][random.integer(3)]!;
    });
    assertBruteForce(one, 1e-8, `seed ${seed}`);
  }
});

Deno.test("crfLoss() keeps apart what the scale of the greatest scores would make 0", () => {
  // Tag 0 is e^-900 as likely as tag 1, but all that can go on; between 1e-200 and 1e-308 the fast way would be inexact.
  for (const gap of [300, 465, 700, 728, 735, 740, 900, 9e3]) {
    const transitions = { shape: [2, 2], data: Float32Array.of(0, 1, -2 * gap, -3 * gap) };
    const start = { shape: [2], data: Float32Array.of(-gap, 0) };
    const end = { shape: [2], data: Float32Array.of(0.25, -0.5) };
    const parameters = { transitions, start, end };
    const emissions = { shape: [4, 2], data: Float32Array.of(0, 0, 0.5, -0.5, 0.1, 0.2, 1, 2) };
    const tagIds = [[0, 1, 1, 0]];
    assertBruteForce({ K: 2, nWords: [4], parameters, emissions, tagIds }, 1e-9, `gap ${gap}`);
  }
});

Deno.test("crfLoss() gives the slopes of the loss, of every input", () => {
  const one = randomCase(createRandom(5), 5, [7, 1, 3]);
  const { emissions, tagIds, parameters } = one;
  const lossNow = () => crfLoss(emissions, tagIds, parameters).loss;
  const step = 2 ** -7;
  const gradients = crfLoss(emissions, tagIds, parameters);
  const inputs = { emissions, ...parameters };
  for (const name of GRADIENTS) {
    const { data } = inputs[name];
    const slopes = Array.from(data, (value, i) => {
      const at = (x: number) => {
        data[i] = x;
        return lossNow();
      };
      // The step is taken as float32 rounds it.
      const [up, down] = [Math.fround(value + step), Math.fround(value - step)];
      const slope = (at(up) - at(down)) / (up - down);
      data[i] = value;
      return slope;
    });
    assertClose(gradients[name].data, slopes, 1e-5, name);
    assert(Math.max(...slopes.map(Math.abs)) > 0.05, `${name}: the slopes are too small to tell`);
  }
});

Deno.test("crfLoss() and viterbi() give a sentence the same alone as in any batch, to the bit", () => {
  const nWords = [1, 30, 0, 7, 200, 1];
  const batch = randomCase(createRandom(6), 9, nWords);
  const together = crfLoss(batch.emissions, batch.tagIds, batch.parameters);
  const paths = viterbi(batch.emissions, nWords, batch.parameters);
  const alone = nWords.map((_, b) => {
    const { emissions, tagIds, parameters } = sentenceOf(batch, b);
    assertEquals(viterbi(emissions, [nWords[b]!], parameters)[0], paths[b]);
    return crfLoss(emissions, tagIds, parameters);
  });
  assertEquals([...together.perSentence], alone.map(({ loss }) => loss));
  assertEquals(together.perSentence[2], 0, "a sentence without words has one path");
  const rows = alone.flatMap(({ emissions }) => [...emissions.data].map((x) => x / nWords.length));
  assertClose(together.emissions.data, rows, 1e-7, "gradient of the emissions");
});

Deno.test("crfLoss() of a long sentence of many tags is finite, and its gradients are probabilities", () => {
  const one = randomCase(createRandom(7), 35, [3000], 6);
  const { emissions, tagIds, parameters, K } = one;
  const { loss, emissions: d, transitions, start, end } = crfLoss(emissions, tagIds, parameters);
  assert(Number.isFinite(loss) && loss > 0, String(loss));
  for (let i = 0; i < 3000; i++) {
    const row = d.data.subarray(i * K, (i + 1) * K);
    assertClose(
      [row.reduce((sum, x) => sum + x, 0)],
      [0],
      1e-5,
      `word ${i}: probabilities less one gold tag`,
    );
    assert(row.every((x, j) => (j === tagIds[0]![i] ? x <= 0 && x >= -1 : x >= 0 && x <= 1)), `word ${i}`);
  }
  for (const [name, { data }] of Object.entries({ transitions, start, end })) {
    assertClose([data.reduce((sum, x) => sum + x, 0)], [0], 2e-4, name);
  }
});

Deno.test("crfLoss() is NaN when a score is NaN, so that training notices", () => {
  for (const name of ["emissions", "transitions", "start", "end"] as const) {
    const { emissions, tagIds, parameters } = randomCase(createRandom(8), 3, [4, 2]);
    const { data } = { emissions, ...parameters }[name];
    data[data.length - 1] = NaN;
    assert(Number.isNaN(crfLoss(emissions, tagIds, parameters).loss), name);
  }
});

Deno.test("viterbi() takes the lowest tag of those that are as good, from the last word on", () => {
  const zeros = (...shape: number[]): NdArray => ({ shape, data: new Float32Array(sizeOf(shape)) });
  const parameters = { transitions: zeros(3, 3), start: zeros(3), end: zeros(3) };
  assertEquals([...viterbi(zeros(4, 3), [4], parameters)[0]!], [0, 0, 0, 0]);
  // Paths 1 0 and 0 1 are as good: the one that ends in the lower tag is taken.
  const tied: CrfParameters = {
    ...parameters,
    transitions: { shape: [3, 3], data: Float32Array.of(-1, 0, -1, 0, -1, -1, -1, -1, -1) },
  };
  assertEquals([...viterbi(zeros(2, 3), [2], tied)[0]!], [1, 0]);
});

Deno.test("viterbi() takes the best of the legal paths, of every scheme", () => {
  let nChanged = 0;
  for (const scheme of Object.keys(SCHEME_PREFIXES) as Scheme[]) {
    const tags = createTagSet(["a"], { scheme });
    const legal = legalTags(tags);
    const K = tags.nTags;
    for (let seed = 1; seed <= 30; seed++) {
      const random = createRandom(seed);
      const n = 1 + random.integer(4);
      const one = randomCase(random, K, [n]);
      const paths = pathsOf(K, n).filter((path) =>
        [...path, K].every((tag, i) => legal.mayFollow(i === 0 ? K : path[i - 1]!, tag))
      );
      const scores = paths.map((path) => scoreOf(one, path));
      const best = paths[scores.indexOf(Math.max(...scores))];
      const { emissions, nWords, parameters } = one;
      assertEquals([...viterbi(emissions, nWords, parameters, legal)[0]!], best, `${scheme}, seed ${seed}`);
      nChanged += Number(viterbi(emissions, nWords, parameters)[0]!.join() !== best!.join());
    }
  }
  assert(nChanged > 60, `${nChanged} paths were not legal`);
});

Deno.test("crfLoss() and viterbi() refuse what does not fit", () => {
  const { emissions, tagIds, parameters, nWords } = randomCase(createRandom(9), 3, [4, 2]);
  const wide = { ...parameters, transitions: { shape: [3, 4], data: new Float32Array(12) } };
  const cases: [() => unknown, string][] = [
    [() => viterbi(emissions, [4, 3], parameters), "must be [7,3], current value is [6,3]"],
    [() => viterbi(emissions, nWords, wide), 'Cannot use CRF "transitions": it must be [3,3]'],
    [() => crfLoss(emissions, [tagIds[0]!], parameters), 'Cannot use CRF "emissions" of 4 words'],
    [
      () => crfLoss(emissions, tagIds, { ...parameters, end: { shape: [2], data: new Float32Array(2) } }),
      'Cannot use CRF "end": it must be [3], current value is [2]',
    ],
    [() => crfLoss(emissions, [tagIds[0]!, [0, 3]], parameters), "word 1 in sentence 1"],
    [() => crfLoss(emissions, [tagIds[0]!, [-1, 0]], parameters), "current value is -1"],
  ];
  for (const [act, message] of cases) assertThrows(act, Error, message);
});

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createRandom } from "../../../../data/random.ts";
import { scoreSpanSets } from "../../../../data/scores/scores.ts";
import { lengthRatioOf, sequenceToSpans, spansToSequence } from "../../../../data/tags/span_sequences.ts";
import type { Span } from "../../../../data/tags/tag_scheme.ts";
import { initialBart } from "../../../../model/bart/bart_init.ts";
import { bartShapes } from "../../../../model/bart/bart_shapes.ts";
import { createEngine } from "../../../../model/engine/create_engine.ts";
import type { EngineName } from "../../../../model/engine/engine.ts";
import { type Tensors, tf } from "../../../../model/engine/tf.ts";
import { type Bartner, createBartner } from "../../../../model/systems/bartner/bartner.ts";
import type { PointerSentence } from "../../../../model/systems/bartner/bartner_batch.ts";
import {
  bartnerShapes,
  type CandidateLayout,
  candidateVectors,
  headDropoutSites,
  scoreCandidates,
  type TargetLayout,
} from "../../../../model/systems/bartner/bartner_head.ts";
import { initialTypes } from "../../../../model/systems/bartner/bartner_init.ts";
import { createAdam } from "../../../../model/training/adam.ts";
import { initialParameters } from "../../../../model/weights/parameters.ts";
import { assertClose } from "../../../close.ts";
import { TINY_BART, tinyBart, tinySources } from "../../bart/tiny_bart.ts";
import { assertMeans, assertSlopes, type Weighted } from "../../gradient_checks.ts";

const N_TYPES = 2;

/** BARTNER with random parameters. */
async function tinyBartner(seed: number, engine: EngineName = "onnx", config = TINY_BART, nTypes = N_TYPES) {
  const random = createRandom(seed);
  const head = initialParameters(bartnerShapes(config.hiddenWidth, nTypes), random);
  for (const { data } of Object.values(head)) data.forEach((value, i) => data[i] = 2 * value);
  const parameters = { ...tinyBart(random, config), ...head };
  return createBartner({ engine: await createEngine(engine), config, parameters });
}

/** Random sentences with sequences of up to 5 random numbers and the end. */
function tinyPointers(seed: number, n: number, maxWords?: number): PointerSentence[] {
  const random = createRandom(seed);
  return tinySources(random, n, maxWords).map((source) => {
    const numbers = Array.from(
      { length: random.integer(6) },
      () => 2 + random.integer(N_TYPES + source.firstPieces.length),
    );
    return { ...source, sequence: [...numbers, 1] };
  });
}

Deno.test("lossAndGradients() of BARTNER gives means over numbers, and the slopes of the loss", async () => {
  const bartner = await tinyBartner(1);
  const sentences = tinyPointers(2, 4);
  // Smaller, for the sake of finite differences.
  for (const { data } of Object.values(bartner.parameters)) data.forEach((value, i) => data[i] = value / 2);
  const weighted = async (some: PointerSentence[]): Promise<Weighted> => ({
    nRows: some.reduce((sum, { sequence }) => sum + sequence.length, 0),
    ...structuredClone(await bartner.lossAndGradients(some)),
  });
  const batch = await weighted(sentences);
  const alone: Weighted[] = [];
  for (const sentence of sentences) alone.push(await weighted([sentence]));
  assertMeans(batch, alone);
  assertEquals(Object.keys(batch.gradients).sort(), Object.keys(bartner.parameters).sort());
  // With dropout too: the same seed draws the same masks.
  const dropped = async () => structuredClone(await bartner.lossAndGradients(sentences, createRandom(3)));
  const { loss, gradients } = await dropped();
  assert(Math.abs(loss - batch.loss) > 1e-3, "dropout changes the loss");
  await assertSlopes(bartner.parameters, gradients, async () => (await dropped()).loss);
  bartner.dispose();
});

/** log p of a sequence by the loss, which knows nothing of searching. */
async function logProbability(
  bartner: Bartner,
  sentence: PointerSentence,
  sequence: number[],
): Promise<number> {
  const { loss } = await bartner.lossAndGradients([{ ...sentence, sequence }]);
  return -loss * sequence.length;
}

Deno.test("decode() writes the best of all sequences: greedily place by place, by beams as a whole", async () => {
  // So few positions that all sequences can be listed: of two words and one type, at most four numbers long.
  const config = { ...TINY_BART, maxPositions: 4 };
  const sentence = { ids: [0, 7, 9, 2], firstPieces: [1, 2], sequence: [] };
  const written = { greedy: new Set<string>(), beams: new Set<string>() };
  for (let seed = 0; seed < 5; seed++) {
    const bartner = await tinyBartner(seed, "onnx", config, 1);
    const logs = new Map<string, number>();
    const finished: { tokens: number[]; log: number }[] = [];
    const visit = async (tokens: number[]) => {
      for (const number of [1, 2, 3, 4]) {
        const next = [...tokens, number];
        const log = await logProbability(bartner, sentence, next);
        logs.set(`${next}`, log);
        if (number === 1 || next.length === 4) finished.push({ tokens: next, log });
        else await visit(next);
      }
    };
    await visit([]);
    const total = finished.reduce((sum, { log }) => sum + Math.exp(log), 0);
    assertClose([total], [1], 1e-4, "probability of all sequences together");

    const greedy: number[] = [];
    while (greedy.at(-1) !== 1 && greedy.length < 4) {
      const best = [1, 2, 3, 4].map((number) => logs.get(`${[...greedy, number]}`)!);
      greedy.push(1 + best.indexOf(Math.max(...best)));
    }
    assertEquals(await bartner.decode([sentence], { lengthRatio: 0 }), [greedy]);
    written.greedy.add(`${greedy}`);
    for (const lengthPenalty of [0, 1, 3]) {
      const scored = finished.map(({ tokens, log }) => ({
        tokens,
        score: log / tokens.length ** lengthPenalty,
      }));
      const best = scored.reduce((a, b) => (b.score > a.score ? b : a)).tokens;
      const options = { lengthRatio: 0, beamSize: finished.length, lengthPenalty };
      assertEquals(await bartner.decode([sentence], options), [best], `length penalty ${lengthPenalty}`);
      written.beams.add(`${best}`);
    }
    bartner.dispose();
  }
  assert(
    written.greedy.size > 2 && written.beams.size > 4,
    `too little is written to tell: ${Object.values(written)}`,
  );
});

Deno.test("decode() writes the same for a sentence alone, in any batch and order, on onnx and cpu", async () => {
  const sentences = tinyPointers(20, 40, 8);
  const bartner = await tinyBartner(21);
  const cpu = await tinyBartner(21, "cpu");
  // Twelve beams are more than the shortest sentences have to go on with.
  for (const beamSize of [1, 3, 12]) {
    const options = { lengthRatio: 0.4, beamSize };
    const all = await bartner.decode(sentences, options);
    assert(new Set(all.map(String)).size > 10, "all sentences are written alike");
    assert(new Set(all.map(({ length }) => length)).size > 3, "all sequences are as long");
    const alone: number[][] = [];
    for (const sentence of sentences) alone.push(...await bartner.decode([sentence], options));
    assertEquals(alone, all);
    const order = createRandom(22).shuffle(sentences.map((_, i) => i));
    assertEquals(await bartner.decode(order.map((i) => sentences[i]!), options), order.map((i) => all[i]));
    assertEquals(await cpu.decode(sentences.slice(0, 8), options), all.slice(0, 8));
  }
  const progress: number[] = [];
  await bartner.decode(sentences, { lengthRatio: 0 }, (done) => progress.push(done));
  assertEquals(progress, [32, 40]);
  // Nothing to point at: the end, and no trouble for others.
  const empty = { ids: [0, 2], firstPieces: [] };
  const [first] = await bartner.decode([sentences[0]!], { lengthRatio: 0.4 });
  assertEquals(await bartner.decode([empty, sentences[0]!], { lengthRatio: 0.4 }), [[1], first]);
  assertEquals(await bartner.decode([], { lengthRatio: 0.4 }), []);
  for (const one of [bartner, cpu]) one.dispose();
});

Deno.test("createBartner() gives the same losses on onnx and cpu over training steps, and leaves no tensor", async () => {
  const sentences = tinyPointers(30, 4);
  const run = async (engine: EngineName, steps: number) => {
    const bartner = await tinyBartner(31, engine);
    const adam = createAdam({ learningRate: 1e-3 });
    const random = createRandom(32);
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const { loss, gradients } = await bartner.lossAndGradients(sentences, random);
      losses.push(loss);
      adam.step(bartner.parameters, gradients);
    }
    const written = await bartner.decode(sentences, { lengthRatio: 0.2, beamSize: 2 });
    bartner.dispose();
    return { losses, written };
  };
  const onnx = await run("onnx", 10);
  assertEquals(await run("onnx", 10), onnx, "to the bit with the same seed");
  await run("cpu", 1);
  const nTensors = tf.memory().numTensors;
  const cpu = await run("cpu", 10);
  assertEquals(tf.memory().numTensors, nTensors);
  assertClose(cpu.losses, onnx.losses, 1e-4, "losses");
  assertEquals(cpu.written, onnx.written);
});

/** Made-up sentences of names, titles and other words; what a name is may depend on the words before it. */
function madeUpSentences(n: number): { words: string[]; spans: Span[] }[] {
  const random = createRandom(40);
  const pick = (list: string[]) => list[random.integer(list.length)]!;
  const names = ["ann", "bo", "cy", "dee"];
  const places = ["york", "rome", "oslo"];
  const others = ["saw", "and", "of", "the", "met"];
  return Array.from({ length: n }, () => {
    const words: string[] = [];
    const spans: Span[] = [];
    const add = (entityType: string, ...entity: string[]) => {
      spans.push({ start: words.length, end: words.length + entity.length, entityType });
      words.push(...entity);
    };
    for (let parts = 1 + random.integer(5); parts > 0; parts--) {
      const kind = random.integer(5);
      if (kind === 0) add("person", pick(names), pick(names));
      else if (kind === 1) add("place", pick(places));
      else if (kind === 2) add("work", "in", pick(places), pick(names));
      else words.push(pick(others));
    }
    return { words, spans };
  });
}

Deno.test("createBartner() learns 20 made-up sentences, with dropout, to F1 100, greedily and by beams", async () => {
  const config = {
    ...TINY_BART,
    maxPositions: 32,
    hiddenWidth: 32,
    encoderFeedForwardWidth: 64,
    decoderFeedForwardWidth: 64,
    nHeads: 4,
  };
  const types = ["person", "place", "work"];
  const random = createRandom(41);
  const pieceOf = new Map<string, number>();
  const data = madeUpSentences(20);
  const sentences = data.map(({ words, spans }): PointerSentence => {
    const ids = [0];
    const firstPieces: number[] = [];
    for (const word of words) {
      if (!pieceOf.has(word)) pieceOf.set(word, 5 + pieceOf.size);
      firstPieces.push(ids.length);
      // Long words have a second piece.
      ids.push(pieceOf.get(word)!, ...(word.length > 3 ? [4] : []));
    }
    return { ids: [...ids, 2], firstPieces, sequence: spansToSequence(spans, words.length, types) };
  });
  const bart = initialBart(bartShapes(config), random);
  const parameters = {
    ...bart,
    ...initialParameters(bartnerShapes(config.hiddenWidth, 3), random),
    "types.weight": initialTypes(bart, [[5], [6, 7], [8]]),
  };
  const bartner = createBartner({ engine: await createEngine("onnx"), config, parameters, headDropout: 0.1 });
  const lengthRatio = lengthRatioOf(
    sentences.map(({ firstPieces, sequence }) => ({ nWords: firstPieces.length, length: sequence.length })),
  );
  const f1 = async (beamSize: number) => {
    const written = await bartner.decode(sentences, { lengthRatio, beamSize });
    const found = written.map((sequence, i) => sequenceToSpans(sequence, data[i]!.words.length, types));
    return scoreSpanSets(data.map(({ spans }) => spans), found).f1;
  };
  assert(data.reduce((sum, { spans }) => sum + spans.length, 0) > 20);
  assert(await f1(1) < 0.3, "a new network finds hardly anything");
  const adam = createAdam({ learningRate: 3e-3 });
  let steps = 0;
  for (; steps < 1000 && (steps % 50 !== 0 || await f1(1) < 1); steps++) {
    adam.step(parameters, (await bartner.lossAndGradients(sentences, random)).gradients);
  }
  assertEquals([await f1(1), await f1(4)], [1, 1], `after ${steps} steps`);
  bartner.dispose();
});

Deno.test("candidateVectors() and scoreCandidates() use every mask of headDropoutSites()", async () => {
  const random = createRandom(50);
  const H = 4;
  const W = 3;
  const V = 5;
  const U = 2;
  const floats = (make: () => number, ...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, make),
  });
  const ints = (shape: number[], ...values: number[]) => ({ shape, data: Int32Array.from(values) });
  const normal = () => random.normal();
  const one = () => 1;
  const zero = () => 0;
  const compiled = (await createEngine("cpu")).compile<Tensors & CandidateLayout & TargetLayout>(
    "head",
    (x) => {
      const candidates = candidateVectors(x, x.words!, x.embedded!, x, x);
      return { scores: scoreCandidates(x.decoded!, candidates, x, x) };
    },
  );
  const inputs = {
    ...initialParameters(bartnerShapes(H, 1), random),
    words: floats(normal, W, H),
    embedded: floats(normal, V, H),
    decoded: floats(normal, U, H),
    candidateWords: ints([V], 0, 0, 0, 1, 2),
    wordCandidates: ints([W], 2, 3, 4),
    encoderShare: { shape: [V, 1], data: Float32Array.of(0, 0, 0.5, 0.5, 0.5) },
    paddedFromCandidates: ints([1, V], 0, 1, 2, 3, 4),
    candidatesFromPadded: ints([V], 0, 1, 2, 3, 4),
    candidateBias: floats(zero, 1, 1, V),
    paddedFromPlaces: ints([1, U], 0, 1),
    placesFromPadded: ints([U], 0, 1),
    placeMask: floats(one, 1, U, 1),
  };
  const sizes: Record<string, number> = { W, V, U };
  const masks = Object.fromEntries(
    Object.entries(headDropoutSites(H, 0.3)).map((
      [name, { axes }],
    ) => [name, floats(one, sizes[axes[0]!]!, H)]),
  );
  const { scores } = await compiled.run({ ...inputs, ...masks });
  assertEquals(Object.keys(masks).length, 3);
  for (const [name, mask] of Object.entries(masks)) {
    mask.data.fill(0);
    const dropped = (await compiled.run({ ...inputs, ...masks })).scores!;
    assert(dropped.data.some((value, i) => Math.abs(value - scores!.data[i]!) > 1e-3), `${name} is not used`);
    mask.data.fill(1);
  }
  compiled.dispose();
});

Deno.test("initialTypes() is the mean of a name's pieces, and leaves the pieces as they are", () => {
  const parameters = tinyBart(createRandom(60));
  const shared = parameters["shared.weight"]!.data.slice();
  const { shape, data } = initialTypes(parameters, [[3], [4, 5, 4, 9]]);
  const row = (id: number) => shared.subarray(id * 8, (id + 1) * 8);
  assertEquals(shape, [2, 8]);
  assertEquals(data.subarray(0, 8), row(3));
  assertClose(data.subarray(8), row(4).map((x, j) => (2 * x + row(5)[j]! + row(9)[j]!) / 4), 1e-6, "mean");
  assertEquals(parameters["shared.weight"]!.data, shared);
  assertThrows(() => initialTypes(parameters, [[3], []]), Error, "entity type 2: its name has a piece");
  assertThrows(() => initialTypes(parameters, [[30]]), Error, "an id is below 30, current value is 30");
});

Deno.test("lossAndGradients() of BARTNER refuses numbers that a sentence has not", async () => {
  const bartner = await tinyBartner(70);
  const sentenceOf = (n: number) => ({
    ids: [0, ...new Array<number>(n).fill(7), 2],
    firstPieces: Array.from({ length: n }, (_, i) => i + 1),
    sequence: [2, 1],
  });
  const short = sentenceOf(2);
  const long = sentenceOf(3);
  for (const number of [0, 6, NaN]) {
    await assertRejects(
      () => bartner.lossAndGradients([long, { ...short, sequence: [2, number, 1] }]),
      Error,
      `Cannot train on sentence 2 of a batch: the numbers of its sequence are from 1 to 5, current value is ${number}`,
    );
  }
  assert(Number.isFinite((await bartner.lossAndGradients([long, { ...short, sequence: [2, 5, 1] }])).loss));
  bartner.dispose();
});

import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createSampleCorpora } from "../../../data/sample/corpora.ts";
import { tagsToSpans } from "../../../data/tags/tag_scheme.ts";
import type { ProgressEvent } from "../../../model/training/progress.ts";
import { trainSkipGram } from "../../../model/words/skip_gram.ts";
import { skipGramStep } from "../../../model/words/skip_gram_step.ts";
import { assertClose } from "../../close.ts";
import { only } from "../../only.ts";
import { readOwnOracle } from "../../oracle_dir.ts";

interface Step {
  width: number;
  row: number;
  targets: number[];
  input: number[];
  output: number[];
  loss: number;
  inputGradient: number[];
  outputGradient: number[];
}

const { source, sourceText } = createSampleCorpora(1, { target: { train: 0, dev: 0, test: 0, text: 0 } });
const SENTENCES = [...source.train.map(({ words }) => words), ...sourceText.map((text) => text.split(" "))];

Deno.test("skipGramStep() steps by PyTorch's gradients and returns its loss", () => {
  const { steps } = readOwnOracle<{ steps: Step[] }>("word_level/skip_gram.json");
  assertEquals(steps.length, 4);
  const rate = 0.25;
  for (const { width, row, targets, input, output, loss, inputGradient, outputGradient } of steps) {
    const tables = {
      input: Float32Array.from(input),
      output: Float32Array.from(output),
      width,
      gradient: new Float64Array(width).fill(NaN),
    };
    const actual = skipGramStep(tables, row, [...targets, row], targets.length, rate);
    assertClose([actual], [loss], 1e-12, "loss");
    // Float32 tables hold what is exact but for the rounding of the sum.
    assertClose(tables.input, input.map((x, i) => x - rate * inputGradient[i]!), 6e-8, "input");
    assertClose(tables.output, output.map((x, i) => x - rate * outputGradient[i]!), 6e-8, "output");
  }
});

/** Words that are of one entity type wherever they are in an entity or not, with the type. */
function entityWords(): Map<string, string> {
  const types = new Map<string, Set<string>>();
  const add = (word: string, type: string) => types.set(word, (types.get(word) ?? new Set()).add(type));
  for (const { words, tags } of [...source.train, ...source.dev, ...source.test]) {
    const typeOf = words.map(() => "none");
    for (const { start, end, entityType } of tagsToSpans(tags)) typeOf.fill(entityType, start, end);
    words.forEach((word, i) => add(word, typeOf[i]!));
  }
  const single = [...types].filter(([, types]) => types.size === 1 && !types.has("none"));
  return new Map(single.map(([word, types]) => [word, only([...types])]));
}

Deno.test("trainSkipGram() puts words of one entity type nearer to each other than to others", async () => {
  const options = { width: 50, minCount: 5, random: createRandom(1) };
  const { vectors, losses, counts } = await trainSkipGram(SENTENCES, options);
  const typeOf = entityWords();
  const { words, width, data } = vectors;
  const known = words.flatMap((word, row) => {
    const vector = data.subarray(row * width, (row + 1) * width);
    const type = typeOf.get(word);
    return type ? [{ type, unit: vector.map((x) => x / Math.hypot(...vector)) }] : [];
  });
  assert(known.length > 150, `${known.length} words`);
  const means = { same: [0, 0], other: [0, 0] };
  let nNearest = 0;
  let chance = 0;
  for (const one of known) {
    let nearest = -Infinity;
    let nearestType = "";
    for (const two of known) {
      if (one === two) continue;
      const cosine = one.unit.reduce((sum, x, d) => sum + x * two.unit[d]!, 0);
      const mean = means[one.type === two.type ? "same" : "other"];
      mean[0]! += cosine;
      mean[1]!++;
      if (one.type === two.type) chance += 1 / (known.length - 1) / known.length;
      if (cosine > nearest) [nearest, nearestType] = [cosine, two.type];
    }
    if (nearestType === one.type) nNearest++;
  }
  const [same, other] = [means.same, means.other].map(([sum, n]) => sum! / n!);
  const share = nNearest / known.length;
  assert(same! > other! + 0.08, `cosine ${same} within a type, ${other} between types`);
  assert(
    share > 0.8 && chance < 0.5,
    `the nearest word is of the same type for ${share}, by chance ${chance}`,
  );
  assertEquals(losses.length, 5);
  losses.reduce((before, loss) => (assert(loss < before, `${losses}`), loss), Math.LN2 * 6);
  assertEquals(counts.every((count, i) => count >= 5 && (i === 0 || count <= counts[i - 1]!)), true);
});

/** Skip-gram by the formulas of the paper and of word2vec, word by word, with the same streams of random numbers. */
function trainNaively(sentences: string[][], epochs: number, sample: number, minCount: number, seed: number) {
  const width = 4;
  const window = 3;
  const negatives = 2;
  const learningRate = 0.25;
  const counts = new Map<string, number>();
  for (const word of sentences.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts.keys()].filter((word) => counts.get(word)! >= minCount)
    .sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
  const total = words.reduce((sum, word) => sum + counts.get(word)!, 0);
  const weightSum = words.reduce((sum, word) => sum + counts.get(word)! ** 0.75, 0);
  const random = createRandom(seed);
  const [start, thin, near, draw] = ["start", "sample", "window", "negatives"].map((name) =>
    random.fork(name)
  );
  const zeros = () => Array<number>(width).fill(0);
  const input = new Map(words.map((word) => [word, zeros().map(() => (start!.uniform() - 0.5) / width)]));
  const output = new Map(words.map((word) => [word, zeros()]));
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const dot = (a: number[], b: number[]) => a.reduce((sum, x, d) => sum + x * b[d]!, 0);
  const drawNegative = () => {
    let place = draw!.uniform() * weightSum;
    return words.find((word) => (place -= counts.get(word)! ** 0.75) < 0)!;
  };
  let done = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const sentence of sentences) {
      const rate = learningRate * Math.max(1e-4, 1 - done / (epochs * total));
      const frequent = sentence.filter((word) => input.has(word));
      const left = frequent.filter((word) => {
        const ratio = (sample * total) / counts.get(word)!;
        return Math.sqrt(ratio) + ratio >= 1 || thin!.uniform() < Math.sqrt(ratio) + ratio;
      });
      left.forEach((word, i) => {
        const reach = 1 + near!.integer(window);
        left.forEach((other, j) => {
          if (j === i || Math.abs(j - i) > reach) return;
          const v = input.get(other)!;
          const change = zeros();
          for (let n = 0; n <= negatives; n++) {
            const target = n === 0 ? word : drawNegative();
            if (n > 0 && target === word) continue;
            const u = output.get(target)!;
            const error = (n === 0 ? 1 : 0) - sigmoid(dot(u, v));
            const before = [...u];
            u.forEach((x, d) => u[d] = x + rate * error * v[d]!);
            change.forEach((x, d) => change[d] = x + rate * error * before[d]!);
          }
          v.forEach((x, d) => v[d] = x + change[d]!);
        });
      });
      done += frequent.length;
    }
  }
  return { words, data: words.flatMap((word) => input.get(word)!) };
}

Deno.test("trainSkipGram() equals a version that goes word by word through the paper's formulas", async () => {
  const sentences = SENTENCES.slice(0, 200);
  for (
    const { epochs, sample, minCount } of [
      { epochs: 2, sample: 1e-2, minCount: 3 },
      { epochs: 1, sample: 1, minCount: 1 },
    ]
  ) {
    const options = {
      epochs,
      sample,
      minCount,
      width: 4,
      window: 3,
      negatives: 2,
      learningRate: 0.25,
      random: createRandom(3),
    };
    const { vectors } = await trainSkipGram(sentences, options);
    const naive = trainNaively(sentences, epochs, sample, minCount, 3);
    assertEquals(vectors.words, naive.words);
    assertClose(vectors.data, naive.data, 1e-6, "vectors");
    const most = vectors.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    assert(most > 0.5, `${most}: the vectors have hardly moved from where they began`);
  }
});

Deno.test("trainSkipGram() repeats itself to the bit with the seed, and differs with another", async () => {
  const train = (seed: number) =>
    trainSkipGram(SENTENCES.slice(0, 300), { width: 10, epochs: 2, minCount: 2, random: createRandom(seed) });
  const [one, same, other] = [await train(1), await train(1), await train(2)];
  assertEquals(one, same);
  assertEquals(one.vectors.words, other.vectors.words);
  assert(one.vectors.data.some((x, i) => x !== other.vectors.data[i]));
});

Deno.test("trainSkipGram() tells its progress and stops on a signal with its reason", async () => {
  const events: ProgressEvent[] = [];
  const controller = new AbortController();
  const options = {
    width: 4,
    epochs: 2,
    minCount: 5,
    random: createRandom(1),
    signal: controller.signal,
    stage: "vectors",
  };
  await trainSkipGram(SENTENCES, { ...options, onProgress: (event) => events.push(event) });
  const { total } = events[0]!;
  assertEquals(events.at(-1)!.done, total);
  assertEquals(events.every(({ done }, i) => i === 0 || done >= events[i - 1]!.done), true);
  assertEquals(events.map(({ epoch }) => epoch).filter((epoch, i, all) => epoch !== all[i - 1]), [1, 2]);
  assertEquals([events[0]!.stage, events[0]!.epochs], ["vectors", 2]);
  let nAfter = 0;
  const onProgress = () => {
    if (controller.signal.aborted) nAfter++;
    controller.abort("enough");
  };
  const error = await trainSkipGram(SENTENCES, { ...options, onProgress }).then(() => null, (error) => error);
  assertEquals([error, nAfter], ["enough", 0]);
  // A signal that comes from outside, as Ctrl-C does, is only heard by a training that lets others have their turn.
  const late = new AbortController();
  setTimeout(() => late.abort("late"));
  const stopped = trainSkipGram(SENTENCES, { ...options, signal: late.signal });
  assertEquals(await stopped.then(() => null, (error) => error), "late");
});

Deno.test("trainSkipGram() refuses texts that have no pair to learn from", async () => {
  const train = (sentences: string[][], options = {}) => () =>
    trainSkipGram(sentences, { minCount: 1, width: 2, random: createRandom(1), ...options });
  await assertRejects(train([["a", "a"]]), Error, "at least 2 words must occur 1 times, current value is 1");
  await assertRejects(train([["a", "b"]], { minCount: 2 }), Error, "must occur 2 times, current value is 0");
  await assertRejects(train([["a"], ["b"]]), Error, "a sentence must have two words left");
  await assertRejects(
    train([["a", "b"]], { sample: 0 }),
    Error,
    "sample must be above 0, current value is 0",
  );
});

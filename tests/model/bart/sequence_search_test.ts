/** Greedy and beam search against enumeration of all sequences. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom, type Random } from "../../../data/random.ts";
import { beamSearch } from "../../../model/bart/beam_search.ts";
import { greedySearch } from "../../../model/bart/greedy_search.ts";
import { logProbabilities, type ScoreNext } from "../../../model/bart/sequence_search.ts";
import { OverflowError } from "../../../model/weights/finite.ts";
import { assertClose } from "../../close.ts";

const START = 0;
const END = 1;
/** Tokens by sequence: the start, which never follows, the end, and others. */
type Language = (sequence: number, prefix: readonly number[]) => number[];

/** Logits that depend on the whole prefix; sequences know different numbers of tokens. */
function randomLanguage(random: Random): Language {
  const seed = `${random.uint32()}`;
  return (sequence, prefix) => {
    const draw = random.fork(`${seed} ${sequence} ${prefix}`);
    return Array.from(
      { length: 3 + sequence % 3 },
      (_, token) => (token === START ? -Infinity : 2 * draw.normal()),
    );
  };
}

/** Asks the language for what follows whole prefixes, which are put together as parents and tokens say. */
function scorer(language: Language, width: number): ScoreNext {
  let prefixes: number[][] | null = null;
  return ({ sequences, parents, tokens }) => {
    assertEquals([parents.length, tokens.length], [sequences.length * width, sequences.length * width]);
    const before = prefixes;
    prefixes = Array.from(
      tokens,
      (token, row) => (before === null ? [] : [...before[parents[row]!]!, token]),
    );
    if (before === null) assert(tokens.every((token) => token === START));
    return Promise.resolve(
      prefixes.map((prefix, row) => language(sequences[Math.floor(row / width)]!, prefix)),
    );
  };
}

/** All sequences that end, or have the greatest length, with their log probabilities. */
function enumerate(
  language: Language,
  sequence: number,
  maxLength: number,
): { tokens: number[]; log: number }[] {
  const found: { tokens: number[]; log: number }[] = [];
  const visit = (tokens: number[], log: number) => {
    if (tokens.at(-1) === END || tokens.length === maxLength) return found.push({ tokens, log });
    logProbabilities(language(sequence, tokens)).forEach((more, token) => {
      if (more > -Infinity) visit([...tokens, token], log + more);
    });
  };
  visit([], 0);
  return found;
}

const MAX_LENGTHS = [3, 4, 1, 2, 4];

Deno.test("greedySearch() takes the likeliest token at each place, whatever other sequences do", async () => {
  const random = createRandom(1);
  for (let i = 0; i < 200; i++) {
    const language = randomLanguage(random);
    const expected = MAX_LENGTHS.map((maxLength, sequence) => {
      const tokens: number[] = [];
      while (tokens.at(-1) !== END && tokens.length < maxLength) {
        const scores = language(sequence, tokens);
        tokens.push(scores.indexOf(Math.max(...scores)));
      }
      return tokens;
    });
    const options = { start: START, end: END, maxLengths: MAX_LENGTHS };
    assertEquals(await greedySearch(scorer(language, 1), options), expected);
  }
  assertEquals(await greedySearch(scorer(() => [], 1), { start: START, end: END, maxLengths: [] }), []);
});

Deno.test("beamSearch() finds the best of all sequences when all fit beside each other", async () => {
  const random = createRandom(2);
  const lengths: number[] = [];
  for (let i = 0; i < 60; i++) {
    const language = randomLanguage(random);
    const lengthPenalty = [0, 1, 2, -1][i % 4]!;
    const beamSize = 350;
    const options = { start: START, end: END, maxLengths: MAX_LENGTHS, beamSize, lengthPenalty };
    const found = await beamSearch(scorer(language, beamSize), options);
    MAX_LENGTHS.forEach((maxLength, sequence) => {
      const all = enumerate(language, sequence, maxLength);
      assert(all.length < beamSize);
      const scored = all.map(({ tokens, log }) => ({ tokens, score: log / tokens.length ** lengthPenalty }));
      const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
      assertEquals(found[sequence]!.tokens, best.tokens);
      assertClose([found[sequence]!.score], [best.score], 1e-12, "score");
      lengths.push(best.tokens.length);
    });
  }
  assertEquals([...new Set(lengths)].sort(), [1, 2, 3, 4]);
});

Deno.test("beamSearch() writes the same for a sequence alone and beside others, with any number of beams", async () => {
  const random = createRandom(3);
  let nDiffering = 0;
  for (let i = 0; i < 100; i++) {
    const language = randomLanguage(random);
    const beamSize = 1 + i % 4;
    const options = { start: START, end: END, beamSize };
    const together = await beamSearch(scorer(language, beamSize), { ...options, maxLengths: MAX_LENGTHS });
    for (const [sequence, maxLength] of MAX_LENGTHS.entries()) {
      const alone = scorer((_, prefix) => language(sequence, prefix), beamSize);
      assertEquals(await beamSearch(alone, { ...options, maxLengths: [maxLength] }), [together[sequence]]);
    }
    const greedy = await greedySearch(scorer(language, 1), {
      start: START,
      end: END,
      maxLengths: MAX_LENGTHS,
    });
    nDiffering += greedy.filter((tokens, s) => tokens.join() !== together[s]!.tokens.join()).length;
  }
  assert(nDiffering > 20, `${nDiffering} sequences are not the greedy ones`);
});

Deno.test("beamSearch() finishes only what is among the K best continuations, and goes on with the K best others", async () => {
  // After the start, the end is second; what follows token 2 is less likely than the end would have been.
  const probabilities: Record<string, number[]> = {
    "": [0, 0.4, 0.6],
    "2": [0, 0.5, 0.5],
    "2,2": [0, 0.9, 0.1],
  };
  const language: Language = (_, prefix) => (probabilities[`${prefix}`] ?? [0, 1, 0]).map(Math.log);
  const tokensOf = async (beamSize: number) => {
    const options = { start: START, end: END, maxLengths: [9], beamSize, lengthPenalty: 0 };
    return (await beamSearch(scorer(language, beamSize), options))[0]!.tokens;
  };
  assertEquals([await tokensOf(1), await tokensOf(2)], [[2, END], [END]]);
});

Deno.test("greedySearch() and beamSearch() refuse lengths and numbers of beams below 1", async () => {
  const options = { start: START, end: END, maxLengths: [2, 0], beamSize: 2 };
  const next = scorer(() => [0, 0], 1);
  const rule =
    "Cannot search for sequence 2: its greatest length is a whole number from 1, current value is 0";
  await assertRejects(() => greedySearch(next, options), Error, rule);
  await assertRejects(() => beamSearch(next, options), Error, rule);
  for (const beamSize of [0, 1.5, NaN]) {
    const wrong = { ...options, maxLengths: [2], beamSize };
    await assertRejects(
      () => beamSearch(next, wrong),
      Error,
      `a whole number from 1, current value is ${beamSize}`,
    );
  }
});

Deno.test("greedySearch() and beamSearch() take no token by a score that is no number", async () => {
  const search = { start: START, end: 1, maxLengths: [3] };
  for (const scores of [[-Infinity, NaN, 1], [-Infinity, 1, NaN]]) {
    const scoreNext: ScoreNext = ({ tokens }) => Promise.resolve(Array.from(tokens, () => scores));
    await assertRejects(() => greedySearch(scoreNext, search), OverflowError);
    await assertRejects(() => beamSearch(scoreNext, { ...search, beamSize: 2 }), OverflowError);
  }
});

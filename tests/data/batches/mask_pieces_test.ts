import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { blocksOf, joinLonePositions, maskPieces } from "../../../data/batches/mask_pieces.ts";
import { createRandom } from "../../../data/random.ts";

const SPECIAL = [0, 2, 3, 4];
const CLS = 2;
const SEP = 3;
const MASK = 4;
const SIZE = 1000;

function content(length: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, () => 5 + random.integer(SIZE - 5));
}

function runLengths(positions: ArrayLike<number>): number[] {
  const runs: number[] = [];
  for (let i = 0; i < positions.length; i++) {
    if (i > 0 && positions[i] === positions[i - 1]! + 1) runs[runs.length - 1]!++;
    else runs.push(1);
  }
  return runs;
}

function share(runs: number[], length: number): number {
  return runs.filter((run) => run === length).length / runs.length;
}

Deno.test("joinLonePositions() moves lone positions next to the following one", () => {
  const cases: [number[], number[]][] = [
    [[5, 8, 12, 14, 15], [7, 8, 13, 14, 15]],
    [[], []],
    [[3], [3]],
    [[0], [0]],
    [[0, 9], [8, 9]],
    [[1, 2], [1, 2]],
    [[1, 2, 3], [1, 2, 3]],
    [[1, 2, 4], [1, 2, 4]], // 4 is pending at the end
    [[1, 2, 3, 6, 8], [1, 2, 3, 7, 8]],
    [[1, 3, 5, 7], [2, 3, 6, 7]],
    [[1, 3, 4, 6], [2, 3, 4, 6]], // 4 is 3's neighbour by then
  ];
  for (const [positions, expected] of cases) {
    const before = [...positions];
    assertEquals(joinLonePositions(positions), expected);
    assertEquals(positions, before);
  }
});

Deno.test("joinLonePositions() keeps the count, rises, and leaves at most one lone position", () => {
  const random = createRandom(3);
  for (let trial = 0; trial < 300; trial++) {
    const positions = Array.from({ length: 60 }, (_, i) => i).filter(() => random.uniform() < 0.25);
    const joined = joinLonePositions(positions);
    assertEquals(joined.length, positions.length);
    for (let i = 1; i < joined.length; i++) assertEquals(joined[i]! > joined[i - 1]!, true);
    assertEquals(runLengths(joined).filter((run) => run === 1).length <= 1, true);
  }
});

Deno.test("joinLonePositions() refuses positions that do not rise", () => {
  assertThrows(() => joinLonePositions([4, 2]), Error, "2 after 4");
  assertThrows(() => joinLonePositions([4, 4]), Error, "4 after 4");
});

Deno.test("maskPieces() makes spans whose lengths are distributed as CrossNER's at probability 0.2", () => {
  const random = createRandom(11);
  const runs: number[] = [];
  let nChosen = 0;
  for (let b = 0; b < 400; b++) {
    const block = blocksOf(content(510, b), 512, { cls: CLS, sep: SEP })[0]!;
    const { positions } = maskPieces(block, {
      random,
      maskId: MASK,
      vocabularySize: SIZE,
      specialIds: SPECIAL,
    });
    nChosen += positions.length;
    runs.push(...runLengths(positions));
  }
  assertAlmostEquals(nChosen / (400 * 510), 0.2, 0.005);
  assertAlmostEquals(share(runs, 1), 0.01, 0.005);
  assertAlmostEquals(share(runs, 2), 0.79, 0.015);
  assertAlmostEquals(share(runs, 3), 0.16, 0.015);
  assertAlmostEquals(share(runs, 4), 0.03, 0.01);
  assertAlmostEquals(nChosen / runs.length, 2.24, 0.02);
});

Deno.test("maskPieces() leaves lone positions alone when spans is false", () => {
  const random = createRandom(12);
  const { positions } = maskPieces(content(100_000, 1), {
    random,
    maskId: MASK,
    vocabularySize: SIZE,
    specialIds: SPECIAL,
    spans: false,
  });
  assertAlmostEquals(positions.length / 100_000, 0.2, 0.005);
  assertAlmostEquals(positions.length / runLengths(positions).length, 1.25, 0.01);
});

Deno.test("maskPieces() gives 80 % [MASK], 10 % random pieces and 10 % the same, and touches nothing else", () => {
  for (const spans of [true, false]) {
    const ids = content(200_000, 2);
    const before = [...ids];
    const options = {
      random: createRandom(13),
      maskId: MASK,
      vocabularySize: SIZE,
      specialIds: SPECIAL,
      spans,
    };
    const { inputIds, positions, targets } = maskPieces(ids, options);
    assertEquals(ids, before);
    const chosen = new Set(positions);
    for (let i = 0; i < ids.length; i++) if (!chosen.has(i)) assertEquals(inputIds[i], ids[i]);
    let nMask = 0;
    let nSame = 0;
    let sum = 0;
    positions.forEach((position, i) => {
      assertEquals(targets[i], ids[position]);
      if (inputIds[position] === MASK) nMask++;
      else if (inputIds[position] === ids[position]) nSame++;
      else sum += inputIds[position]!;
    });
    const nRandom = positions.length - nMask - nSame;
    assertAlmostEquals(nMask / positions.length, 0.8, 0.01);
    assertAlmostEquals(nSame / positions.length, 0.1, 0.005);
    assertAlmostEquals(nRandom / positions.length, 0.1, 0.005);
    assertAlmostEquals(sum / nRandom / SIZE, 0.5, 0.02);
  }
});

Deno.test("maskPieces() draws the replacement for each piece of a span on its own", () => {
  const { inputIds, positions } = maskPieces(content(200_000, 5), {
    random: createRandom(14),
    maskId: MASK,
    vocabularySize: SIZE,
    specialIds: SPECIAL,
  });
  let nPairs = 0;
  let nBoth = 0;
  for (let i = 1; i < positions.length; i++) {
    if (positions[i] !== positions[i - 1]! + 1) continue;
    nPairs++;
    if (inputIds[positions[i]!] === MASK && inputIds[positions[i - 1]!] === MASK) nBoth++;
  }
  assertAlmostEquals(nBoth / nPairs, 0.64, 0.015);
});

Deno.test("maskPieces() never chooses a special piece when sequences are packed into one row", () => {
  const random = createRandom(15);
  const ids = Array.from({ length: 5000 }, (_, i) => i % 5 === 0 ? CLS : i % 5 === 4 ? SEP : 7 + (i % 90));
  const { inputIds, positions } = maskPieces(ids, {
    random,
    maskId: MASK,
    vocabularySize: SIZE,
    specialIds: SPECIAL,
    probability: 0.5,
  });
  assertEquals(positions.length > 1000, true);
  for (const position of positions) assertEquals(SPECIAL.includes(ids[position]!), false);
  ids.forEach((id, i) => SPECIAL.includes(id) && assertEquals(inputIds[i], id));
});

Deno.test("maskPieces() repeats itself when the seed does, and refuses an impossible probability", () => {
  const options = { maskId: MASK, vocabularySize: SIZE, specialIds: SPECIAL };
  const ids = content(512, 9);
  const mask = (seed: number) => maskPieces(ids, { ...options, random: createRandom(seed) });
  assertEquals(mask(1), mask(1));
  assertEquals(mask(1).inputIds.join() === mask(2).inputIds.join(), false);
  assertThrows(
    () => maskPieces(ids, { ...options, random: createRandom(1), probability: 15 }),
    Error,
    "current value is 15",
  );
});

Deno.test("blocksOf() cuts the stream into full blocks and drops the tail", () => {
  const blocks = blocksOf([10, 11, 12, 13, 14, 15, 16], 5, { cls: CLS, sep: SEP });
  assertEquals(blocks.map((block) => [...block]), [[CLS, 10, 11, 12, SEP], [CLS, 13, 14, 15, SEP]]);
  assertEquals(blocksOf([10, 11], 5, { cls: CLS, sep: SEP }), []);
  assertEquals(blocksOf([10, 11, 12], 5, { cls: CLS, sep: SEP }).length, 1);
  assertThrows(() => blocksOf([10], 2, { cls: CLS, sep: SEP }), Error, "current value is 2");
});

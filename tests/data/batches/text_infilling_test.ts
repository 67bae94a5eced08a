import { assert, assertEquals, assertThrows } from "@std/assert";
import { infillText } from "../../../data/batches/text_infilling.ts";
import { createRandom } from "../../../data/random.ts";
import { assertClose } from "../../close.ts";

const MASK = 4;
/** <s>, n different pieces, </s>. */
const sequence = (n: number) => [0, ...Array.from({ length: n }, (_, i) => 100 + i), 2];

/** Lengths of the spans behind the masks, as far as the pieces around them tell: of masks side by side the sum. */
function gapsOf(inputIds: Int32Array, n: number): { masks: number; hidden: number }[] {
  const gaps: { masks: number; hidden: number }[] = [];
  let last = 99;
  let masks = 0;
  for (const id of [...inputIds.subarray(1, -1), 100 + n]) {
    if (id === MASK) {
      masks++;
      continue;
    }
    if (masks > 0) gaps.push({ masks, hidden: id - last - 1 });
    else assertEquals(id, last + 1, "a piece is missing without a mask");
    [last, masks] = [id, 0];
  }
  return gaps;
}

Deno.test("infillText() hides 30 % of the pieces, in order, between <s> and </s>, and repeats with the seed", () => {
  const random = createRandom(1);
  for (let n = 0; n < 300; n++) {
    const ids = sequence(n);
    const { inputIds, targetIds } = infillText(ids, { random, maskId: MASK });
    assertEquals([...targetIds], ids);
    assertEquals([inputIds[0], inputIds.at(-1)], [0, 2]);
    const hidden = gapsOf(inputIds, n).reduce((sum, gap) => sum + gap.hidden, 0);
    assertEquals(hidden, Math.ceil(0.3 * n));
  }
  const once = () => infillText(sequence(50), { random: createRandom(7), maskId: MASK }).inputIds;
  assertEquals(once(), once());
});

Deno.test("infillText() draws span lengths from a Poisson distribution of mean 3, insertions among them", () => {
  const random = createRandom(2);
  const counts = new Array(12).fill(0);
  let total = 0;
  for (let i = 0; i < 400; i++) {
    // So little is hidden that masks hardly ever stand side by side, and so much that few spans are cut.
    const n = 2000;
    const { inputIds } = infillText(sequence(n), { random, maskId: MASK, share: 0.05 });
    for (const { masks, hidden } of gapsOf(inputIds, n)) {
      if (masks > 1) continue;
      counts[Math.min(hidden, 11)]++;
      total++;
    }
  }
  assert(total > 10000, `${total}`);
  let expected = Math.exp(-3);
  for (let length = 0; length < 9; length++) {
    assertClose([counts[length] / total], [expected], 0.012, `share of spans of ${length} pieces`);
    expected *= 3 / (length + 1);
  }
});

Deno.test("infillText() lays every span at each place alike", () => {
  const random = createRandom(3);
  const n = 10;
  const tries = 20000;
  const starts: number[] = new Array(n - 2).fill(0);
  for (let i = 0; i < tries; i++) {
    const left = new Set(infillText(sequence(n), { random, maskId: MASK }).inputIds);
    const hidden = sequence(n).slice(1, -1).filter((id) => !left.has(id)).map((id) => id - 100);
    if (hidden[2]! - hidden[0]! === 2) starts[hidden[0]!]!++;
  }
  // Of three pieces hidden side by side, the first is any of eight.
  const total = starts.reduce((a, b) => a + b);
  assert(total > tries / 3, `${total}`);
  for (const [place, count] of starts.entries()) {
    assertClose([count / total], [1 / 8], 0.02, `share of spans from piece ${place}`);
  }
});

Deno.test("infillText() hides nothing or everything if told so, and refuses what is no share or mean", () => {
  const options = { random: createRandom(4), maskId: MASK };
  assertEquals([...infillText(sequence(5), { ...options, share: 0 }).inputIds], sequence(5));
  const { inputIds } = infillText(sequence(5), { ...options, share: 1 });
  assert(inputIds.length > 2 && inputIds.subarray(1, -1).every((id) => id === MASK), `${inputIds}`);
  assertThrows(
    () => infillText([0, 2], { ...options, share: 1.1 }),
    Error,
    "between 0 and 1, current value is 1.1",
  );
  for (const meanLength of [0, NaN, 101]) {
    assertThrows(
      () => infillText([0, 2], { ...options, meanLength }),
      Error,
      `at most 100, current value is ${meanLength}`,
    );
  }
});

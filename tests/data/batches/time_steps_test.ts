import { assertEquals } from "@std/assert";
import { lastRows, rowBefore, timeSteps } from "../../../data/batches/time_steps.ts";
import { createRandom } from "../../../data/random.ts";

Deno.test("timeSteps() reads each sequence element by element, from either end, and nothing else", () => {
  const random = createRandom(1);
  for (let n = 0; n < 50; n++) {
    const lengths = Array.from({ length: random.integer(6) }, () => random.integer(5));
    const firsts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, length) => sum + length, 0));
    for (const reversed of [false, true]) {
      const layout = timeSteps(lengths, reversed);
      const { order, steps, elements } = layout;
      const read: number[][] = lengths.map(() => []);
      const last: number[] = order.map((_, rank) => rank);
      steps.forEach(({ start, size }, step) => {
        for (let rank = 0; rank < size; rank++) {
          // The state before is this sequence's own: of the step before, or where it began.
          assertEquals(rowBefore(layout, step) + rank, last[rank]);
          last[rank] = lengths.length + start + rank;
          read[order[rank]!]!.push(elements[start + rank]!);
        }
      });
      const expected = lengths.map((length, i) => Array.from({ length }, (_, k) => firsts[i]! + k));
      assertEquals(read, reversed ? expected.map((places) => places.reverse()) : expected);
      assertEquals(lastRows(layout), last);
    }
  }
});

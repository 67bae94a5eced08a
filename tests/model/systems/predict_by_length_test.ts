import { assertEquals } from "@std/assert";
import { predictByLength, predictionRanges } from "../../../model/systems/predict_by_length.ts";
import type { UntaggedSentence } from "../../../model/training/system.ts";

/** Sentences of given lengths; each is tagged with its length. */
const sentencesOf = (lengths: number[]): UntaggedSentence[] =>
  lengths.map((n) => ({ ids: new Int32Array(n), firstPieces: new Int32Array(n) }));

async function batchesOf(lengths: number[], batches?: Parameters<typeof predictByLength>[3]) {
  const seen: number[][] = [];
  const progress: number[] = [];
  const predicted = await predictByLength(
    sentencesOf(lengths),
    {
      pack: (batch) => batch.map(({ ids }) => ids.length),
      run(lengths) {
        seen.push(lengths);
        return Promise.resolve(lengths.map((n) => Int32Array.of(n)));
      },
    },
    (done) => progress.push(done),
    batches,
  );
  assertEquals(predicted, lengths.map((n) => Int32Array.of(n)));
  return { seen, progress };
}

Deno.test("predictByLength() predicts 32 at a time, the longest first, and gives predictions in the order asked for", async () => {
  const lengths = Array.from({ length: 70 }, (_, i) => (i * 37) % 70);
  const { seen, progress } = await batchesOf(lengths);
  assertEquals(seen.flat(), lengths.toSorted((a, b) => b - a));
  assertEquals([seen.map(({ length }) => length), progress], [[32, 32, 6], [32, 64, 70]]);
  assertEquals(await batchesOf([]), { seen: [], progress: [] });
});

Deno.test("predictByLength() fills batches by what sentences add to them, one that is too large being alone", async () => {
  const size = ({ ids }: UntaggedSentence) => ids.length;
  const { seen, progress } = await batchesOf([3, 12, 1, 5, 4, 2, 11], { size, limit: 10 });
  assertEquals(seen, [[12], [11], [5, 4], [3, 2, 1]]);
  assertEquals(progress, [1, 2, 4, 7]);
});

Deno.test("predictionRanges() covers all, in order, 32 at a time", () => {
  assertEquals(predictionRanges(70), [[0, 32], [32, 64], [64, 70]]);
  assertEquals(predictionRanges(32), [[0, 32]]);
  assertEquals(predictionRanges(0), []);
});

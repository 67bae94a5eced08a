import { assertEquals, assertRejects } from "@std/assert";
import { oneAtATime } from "../../../model/nn/one_at_a_time.ts";

/** Something that sums what it is given in an array that it uses again, a step at a time. */
function createSums() {
  const sum = new Float32Array(1);
  const log: string[] = [];
  const owner = {
    name: "sums",
    async sumOf(...values: number[]) {
      sum[0] = 0;
      for (const value of values) {
        await Promise.resolve();
        if (Number.isNaN(value)) throw new Error("not a number");
        sum[0] += value;
      }
      log.push(values.join("+"));
      return { parts: [{ sum }], at: new URL("file:///sum") };
    },
    reset: undefined as (() => Promise<void>) | undefined,
    dispose: () => void log.push("dispose"),
  };
  return { sums: oneAtATime(owner, ["sumOf", "reset"]), owner, sum, log };
}

Deno.test("oneAtATime() runs overlapping calls in their order, each with arrays of its own", async () => {
  const { sums, sum, log } = createSums();
  const results = await Promise.all([sums.sumOf(1, 2, 3), sums.sumOf(4), sums.sumOf(5, 6)]);
  assertEquals(results.map(({ parts: [part] }) => part!.sum[0]!), [6, 4, 11]);
  assertEquals(log, ["1+2+3", "4", "5+6"]);
  assertEquals(results.map(({ at }) => at instanceof URL), [true, true, true]);
  // Nobody waited for the last: its array is the owner's, as is that of a call alone.
  assertEquals(results.map(({ parts: [part] }) => part!.sum === sum), [false, false, true]);
  assertEquals((await sums.sumOf(7)).parts[0]!.sum, sum);
  assertEquals([sums.name, sums.reset], ["sums", undefined]);
});

Deno.test("oneAtATime() lets a caller go on with its result before the next call begins", async () => {
  const { sums, log } = createSums();
  const caller = async (...values: number[]) => {
    await sums.sumOf(...values);
    await null;
    log.push(`after ${values.join("+")}`);
  };
  await Promise.all([caller(1, 2), caller(3), caller(4)]);
  assertEquals(log, ["1+2", "after 1+2", "3", "after 3", "4", "after 4"]);
});

Deno.test("oneAtATime() passes an error to its caller alone", async () => {
  const { sums } = createSums();
  const failed = assertRejects(() => sums.sumOf(1, NaN), Error, "not a number");
  assertEquals((await sums.sumOf(2)).parts[0]!.sum[0], 2);
  await failed;
});

Deno.test("oneAtATime() disposes once, after the calls that were made before, and refuses later ones", async () => {
  const { sums, log } = createSums();
  const pending = [sums.sumOf(1), sums.sumOf(2)];
  sums.dispose();
  sums.dispose();
  await assertRejects(() => sums.sumOf(3), Error, "Cannot call sumOf(): it has been disposed");
  await Promise.all(pending);
  assertEquals(log, ["1", "2", "dispose"]);
});

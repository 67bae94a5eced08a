import { assertEquals, assertRejects } from "@std/assert";
import { inOneStep, runPackedAhead } from "../../../model/systems/packed_ahead.ts";

/** Runs batches and lists what happens; a run ends when the next batch is packed, or after the last. */
async function eventsOf(batches: number[], fail: (event: string) => boolean = () => false) {
  const events: string[] = [];
  const packed = new Map(batches.map((batch) => [batch, Promise.withResolvers<void>()]));
  const tell = (event: string) => {
    events.push(event);
    if (fail(event)) throw new Error(`failed: ${event}`);
  };
  const ended = runPackedAhead(batches, {
    pack(batch: number) {
      packed.get(batch)!.resolve();
      tell(`pack ${batch}`);
      return `p${batch}`;
    },
    async run(given: string) {
      tell(`run ${given}`);
      // The engine is reached after some turns.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      events.push(`computes ${given}`);
      await packed.get(batches[batches.indexOf(Number(given.slice(1))) + 1]!)?.promise;
      tell(`end ${given}`);
      return given;
    },
  }, (result, batch) => tell(`result ${result} of ${batch}`));
  const error = await ended.then(() => null, (error) => error.message);
  return { events, error };
}

Deno.test("runPackedAhead() packs the next batch while one computes, and tells results in order", async () => {
  assertEquals(await eventsOf([1, 2, 3]), {
    events: [
      "pack 1",
      ...["run p1", "computes p1", "pack 2", "end p1", "result p1 of 1"],
      ...["run p2", "computes p2", "pack 3", "end p2", "result p2 of 2"],
      ...["run p3", "computes p3", "end p3", "result p3 of 3"],
    ],
    error: null,
  });
  assertEquals(await eventsOf([]), { events: [], error: null });
});

Deno.test("runPackedAhead() ends at what fails first, when nothing is left in progress", async () => {
  for (
    const [event, last] of [
      ["pack 1", "pack 1"],
      ["run p1", "pack 2"],
      ["end p1", "end p1"],
      // The batch before is whole, and told.
      ["pack 2", "result p1 of 1"],
      ["result p1 of 1", "result p1 of 1"],
      ["end p2", "end p2"],
    ] as const
  ) {
    const { events, error } = await eventsOf([1, 2], (one) => one === event);
    assertEquals([error, events.at(-1)], [`failed: ${event}`, last]);
  }
});

Deno.test("inOneStep() packs nothing", async () => {
  const results: number[] = [];
  await runPackedAhead(
    [1, 2],
    inOneStep((n: number) => Promise.resolve(10 * n)),
    (result) => results.push(result),
  );
  assertEquals(results, [10, 20]);
  await assertRejects(() => runPackedAhead([1], inOneStep(() => Promise.reject(new Error("no"))), () => {}));
});

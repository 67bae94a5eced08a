import { assert, assertEquals } from "@std/assert";
import { batchesOf, type Domain } from "../../../data/batches/domain_batches.ts";
import { createRandom } from "../../../data/random.ts";

const sentences = (n: number, domain: Domain) => Array.from({ length: n }, (_, id) => ({ id, domain }));
const all = [...sentences(11, "source"), ...sentences(4, "target")];
const asGiven = <T>(x: T[]) => x;

Deno.test("batchesOf() mixes both domains in one order, as a plain shuffle would", () => {
  const batches = batchesOf(all, "mixed", 4, createRandom(1).shuffle);
  assertEquals(batches.map(({ length }) => length), [4, 4, 4, 3]);
  assertEquals(batches.flat(), createRandom(1).shuffle([...all]));
});

Deno.test("batchesOf() alternates batches of one domain each until the target is through", () => {
  const batches = batchesOf(all, "alternating", 3, asGiven);
  assertEquals(batches.map((batch) => [batch[0]!.domain, batch.length]), [
    ["target", 3],
    ["source", 3],
    ["target", 1],
    ["source", 3],
  ]);
  assert(batches.every((batch) => batch.every(({ domain }) => domain === batch[0]!.domain)));
  const drawn = [1, 2].map((seed) => batchesOf(all, "alternating", 3, createRandom(seed).shuffle)[1]);
  assert(
    JSON.stringify(drawn[0]) !== JSON.stringify(drawn[1]),
    "other sentences of the source in another epoch",
  );
});

Deno.test("batchesOf() pairs domains and reads the smaller one again until the larger is through", () => {
  const batches = batchesOf(all, "paired", 3, asGiven);
  assertEquals(batches.map((batch) => batch.map(({ id, domain }) => `${domain[0]}${id}`).join(" ")), [
    "s0 s1 s2 t0 t1 t2",
    "s3 s4 s5 t3 t0 t1",
    "s6 s7 s8 t2 t3 t0",
    "s9 s10 t1 t2",
  ]);
});

Deno.test("batchesOf() mixes what is of one domain, whatever is asked for", () => {
  const target: { id: number; domain?: Domain }[] = sentences(5, "target").map(({ id }) => ({ id }));
  for (const batching of ["alternating", "paired"] as const) {
    assertEquals(batchesOf(target, batching, 2, asGiven).map(({ length }) => length), [2, 2, 1]);
    assertEquals(batchesOf(sentences(5, "source"), batching, 2, asGiven).length, 3);
  }
});

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TORTURES } from "./all.ts";
import { runTorture, type Torture } from "./torture.ts";

const SEED = 1;

for (const torture of TORTURES) {
  Deno.test(`${torture.tries.test} ${torture.what} break no promise`, async () => {
    const outcomes = await runTorture(torture, { seed: SEED, tries: torture.tries.test });
    assert(Object.values(outcomes).reduce((a, b) => a + b) >= torture.tries.test);
  });
}

Deno.test("runTorture() says how to repeat the try that broke the promise, and that try alone breaks it again", async () => {
  const unlucky: Torture = {
    name: "unlucky",
    what: "unlucky numbers",
    tries: { test: 1, torture: 1 },
    begin: () => (random) => {
      if (random.integer(20) === 13) throw new Error("it was 13");
      return "lucky";
    },
  };
  const error = await assertRejects(() => runTorture(unlucky, { seed: 5, tries: 1000 }), Error);
  const [, from] = /--only unlucky --seed 5 --from (\d+) --tries 1\): it was 13$/.exec(error.message)!;
  assertEquals(await runTorture(unlucky, { seed: 5, tries: Number(from) }), { lucky: Number(from) });
  const again = await assertRejects(
    () => runTorture(unlucky, { seed: 5, from: Number(from), tries: 1 }),
    Error,
  );
  assertStringIncludes(again.message, error.message);
});

Deno.test("every torture has a name of its own", () => {
  const names = TORTURES.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  assert(names.every((name) => /^[a-z][a-z-]*$/.test(name)));
});

import { assertEquals } from "@std/assert";
import { scheduleFactor } from "../../../model/training/schedule.ts";
import SCHEDULES from "../../oracle/optimisers/schedules.json" with { type: "json" };
import { assertClose } from "../../close.ts";

Deno.test("scheduleFactor() equals the schedules of transformers at every step", () => {
  for (const { schedule: name, warmup, factors } of SCHEDULES) {
    const schedule = name === "linear" || name === "cosine" ? name : null;
    const found = factors.map((_, step) => scheduleFactor({ schedule, warmup }, step, factors.length));
    assertClose(found, factors, 1e-15, `${name}, warmup ${warmup}`);
  }
});

Deno.test("scheduleFactor() is 1 at every step when neither schedule nor warm-up is set", () => {
  const factors = [0, 1, 2].map((step) => scheduleFactor({ schedule: null, warmup: null }, step, 3));
  assertEquals(factors, [1, 1, 1]);
});

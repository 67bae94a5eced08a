import { assertEquals } from "@std/assert";
import { configDifferences } from "../../../../tasks/report/sections/config_differences.ts";

Deno.test("configDifferences() keeps the keys whose values are others", () => {
  const profile = {
    name: "a",
    seeds: [1, 2],
    train: { epochs: 5, patience: 2 },
    model: { labelWidth: 10 },
    corpus: null,
  };
  const own = {
    name: "a",
    seeds: [2, 1],
    train: { epochs: 5, patience: 3 },
    model: { labelWidth: 10 },
    corpus: "x",
  };
  assertEquals(configDifferences(own, profile), { seeds: [2, 1], train: { patience: 3 }, corpus: "x" });
});

Deno.test("configDifferences() is undefined when there is none", () => {
  const config = { train: { epochs: 5 }, seeds: [1], encoder: { nLayers: 2 } };
  assertEquals(configDifferences(structuredClone(config), config), undefined);
});

Deno.test("configDifferences() takes a mapping whole that stands where another kind of value did", () => {
  assertEquals(configDifferences({ encoder: { nLayers: 2 } }, { encoder: "bert" }), {
    encoder: { nLayers: 2 },
  });
  assertEquals(configDifferences({ encoder: "bert" }, { encoder: { nLayers: 2 } }), { encoder: "bert" });
});

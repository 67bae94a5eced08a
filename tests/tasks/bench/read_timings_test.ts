import { assertEquals, assertThrows } from "@std/assert";
import { readBenchResult, readTorchTimings } from "../../../tasks/bench/read_timings.ts";

Deno.test("readTorchTimings() reads the lines of known systems among others", () => {
  const text =
    'loading\n{"system": "laner", "epoch_s_median": 2, "predict_words_per_s": 9}\n{"system": "crf"}\n';
  assertEquals(readTorchTimings(text), [{ system: "laner", epochSeconds: 2, wordsPerSecond: 9 }]);
});

Deno.test("readBenchResult() names the number that is missing", () => {
  const stepMilliseconds = { graph: 1, labelEncoder: 2, optimiser: 3, host: 4 };
  const result = {
    epochSeconds: 1,
    wordsPerSecond: 2,
    stepMilliseconds,
    stepOperations: 5,
    peakOperations: 6,
  };
  assertEquals(readBenchResult(JSON.stringify(result)), result);
  assertThrows(() => readBenchResult('{"epochSeconds": 1}'), Error, '"wordsPerSecond": must be a number');
});

import { assertEquals, assertThrows } from "@std/assert";
import { readTorchTimings } from "../../../tasks/bench/torch_timings.ts";

Deno.test("readTorchTimings() reads the lines of known systems among others", () => {
  const text =
    'loading\n{"system": "laner", "torch": "2.13.0", "epoch_s_median": 2, "predict_words_per_s": 9}\n' +
    '{"system": "crf"}\n{"system": "tagger", "epoch_s_median": 1, "predict_words_per_s": 8}\n';
  assertEquals(readTorchTimings(text), [
    { system: "laner", epochSeconds: 2, wordsPerSecond: 9, torch: "2.13.0" },
    { system: "tagger", epochSeconds: 1, wordsPerSecond: 8, torch: null },
  ]);
});

Deno.test("readTorchTimings() names the number that is missing", () => {
  assertThrows(
    () => readTorchTimings('{"system": "laner", "epoch_s_median": 1}'),
    Error,
    '"predict_words_per_s": must be a number',
  );
});

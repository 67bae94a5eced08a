/** A measurement without results, for tests of tables. */
import type { Measurement } from "../../../tasks/bench/measurement.ts";

/** All of a measurement but its results. */
export const MEASURED: Omit<Measurement<unknown>, "results"> = {
  command: "deno task some",
  taken: "2027-01-31",
  machine: {
    processor: "Some CPU",
    cores: 2,
    instructionSets: "avx2",
    memoryGigabytes: 8,
    system: "linux 6",
    deno: "2.9.6",
  },
  gpus: [],
  commit: "abc1234",
};

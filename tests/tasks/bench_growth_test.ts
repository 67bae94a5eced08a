import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { BENCH_GROWTH, benchGrowth } from "../../tasks/bench_growth.ts";
import { withFolder } from "../temporary_folder.ts";
import { runForTest } from "./run_command.ts";

const SHORT = ["--size", "tiny", "--steps", "1", "--rounds", "1"];

Deno.test("benchGrowth() times one part alone, and writes its figures", () =>
  withFolder(async (folder) => {
    const flags = ["--only", "labelWidth", ...SHORT, "--out", folder];
    const { code, printed, errors } = await runForTest(BENCH_GROWTH, benchGrowth, flags);
    assertEquals(code, 0, errors);
    const rows = printed.trim().split("\n").slice(2);
    assertEquals(rows.map((row) => row.split("|")[1]!.trim()), ["25", "50", "100", "200", "400"]);
    const { command, results } = JSON.parse(await Deno.readTextFile(join(folder, "growth_label_width.json")));
    assertEquals(
      command,
      "deno task bench:growth --only labelWidth --size tiny --steps 1 --rounds 1 --out DIR",
    );
    for (const { rounds: [{ steps, peakMegabytes }] } of results.rows) {
      assert(steps.length === 1 && steps[0] > 0 && peakMegabytes > 50, JSON.stringify(results));
    }
  }));

Deno.test("benchGrowth() refuses a part that there is not", async () => {
  const { code, errors } = await runForTest(BENCH_GROWTH, benchGrowth, ["--only", "words,lenght"]);
  assertEquals(code, 2);
  assert(errors.includes('"--only"') && errors.includes("length"), errors);
});

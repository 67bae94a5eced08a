import { assert, assertEquals } from "@std/assert";
import { BENCH } from "../../../tasks/bench.ts";
import { commandLine, measurementOf, provenance } from "../../../tasks/bench/measurement.ts";
import { parseCommand } from "../../../tasks/terminal/command.ts";

const FLAGS = ["--encoder", "/some/folder", "--rounds", "1", "--epochs", "5", "--json", "--target=movie"];
const { flags } = parseCommand(BENCH, FLAGS);

Deno.test("commandLine() hides paths of this machine and leaves out what is the default", () => {
  assertEquals(
    commandLine(BENCH, flags),
    "deno task bench --encoder DIR --target movie --rounds 1 --json",
  );
});

Deno.test("measurementOf() says when, where and how results came about", async () => {
  const measurement = await measurementOf(BENCH, flags, { some: 1 });
  assertEquals(measurement.results, { some: 1 });
  assert(/^\d{4}-\d\d-\d\d$/.test(measurement.taken), measurement.taken);
  assertEquals(measurement.machine.deno, Deno.version.deno);
  const line = provenance({ ...measurement, commit: "abc, with changes", gpus: ["Some GPU, 1, 2"] });
  assert(line.includes("Some GPU") && line.includes("commit abc, with changes"), line);
  assert(line.endsWith("by `deno task bench --encoder DIR --target movie --rounds 1 --json`."), line);
});

/**
 * Tries to break what docs/promises.md promises, many times over; `deno task test` makes a few tries of each kind.
 */
import { UsageError } from "../../tasks/errors.ts";
import { runCommand } from "../../tasks/terminal/command.ts";
import { type CommandMain, defineCommand } from "../../tasks/terminal/command_spec.ts";
import { createReporter } from "../../tasks/terminal/progress.ts";
import { TORTURES } from "./all.ts";
import { runTorture } from "./torture.ts";

const TORTURE = defineCommand({
  name: "torture",
  summary: "Tries to break what docs/promises.md promises, many times over, and counts what came out.",
  flags: {
    only: {
      type: "text",
      valueName: "NAME",
      choices: TORTURES.map(({ name }) => name),
      doc: "This kind of hostility alone",
    },
    seed: { type: "integer", default: 1, doc: "Other seeds make other tries" },
    tries: { type: "integer", doc: "How many of each kind; by default as many as that page states" },
    from: { type: "integer", default: 0, doc: "The number of the first try, to repeat one" },
  },
  examples: ["deno task torture", "deno task torture --only safetensors --seed 2"],
});

const torture: CommandMain<typeof TORTURE.flags> = async (
  { only, seed, tries, from },
  _operands,
  { print },
) => {
  if (seed >= 2 ** 32) throw new UsageError(`Cannot use --seed ${seed}: it must be below 2^32`);
  const reporter = createReporter();
  try {
    for (const one of TORTURES.filter(({ name }) => only === undefined || name === only)) {
      const count = tries ?? one.tries.torture;
      const outcomes = await runTorture(one, { seed, tries: count, from, onProgress: reporter.report });
      const counts = Object.entries(outcomes).sort().map(([outcome, n]) => `${n} ${outcome}`).join(", ");
      print(`${one.name}: ${count} ${one.what}: ${counts}`);
    }
  } finally {
    reporter.close();
  }
};

if (import.meta.main) await runCommand(TORTURE, torture);

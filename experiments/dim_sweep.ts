/**
 * Test F1 of LANER against the width of its label embeddings (Figure 3 of the paper), with the parameters that each
 * width adds to the BERT tagger's.
 *
 * deno run --allow-read --allow-write --allow-env --allow-ffi --allow-sys --allow-net experiments/dim_sweep.ts
 */
import { resolve } from "node:path";
import { runCommand } from "../tasks/command.ts";
import { defineCommand } from "../tasks/command_spec.ts";
import { UsageError } from "../tasks/errors.ts";
import { openExperiment } from "../tasks/experiment.ts";
import { EXPERIMENT_FLAGS, readExperiment } from "../tasks/experiment_flags.ts";
import { interruptSignal } from "../tasks/interrupt.ts";
import { createReporter } from "../tasks/progress.ts";
import { meanAndStd } from "../tasks/results.ts";

const { systems: _, ...flags } = EXPERIMENT_FLAGS;

const DIM_SWEEP = defineCommand({
  name: "dim_sweep",
  summary:
    "Trains LANER with label embeddings of several widths and prints test F1 and added parameters of each.",
  flags: {
    ...flags,
    widths: { type: "text", valueName: "N,M", default: "10,25,50,100,150,200", doc: "The widths to compare" },
  },
});

if (import.meta.main) {
  await runCommand(DIM_SWEEP, async (flags, _operands, { print }) => {
    const widths = flags.widths.split(",").map(Number);
    if (!widths.every((width) => Number.isInteger(width) && width > 0)) {
      throw new UsageError(
        `Cannot use --widths ${flags.widths}: whole numbers from 1 are expected, as in 50,100,150`,
      );
    }
    const reporter = createReporter();
    using interrupt = interruptSignal();
    const options = {
      store: resolve(flags.results, "stages"),
      report: reporter.report,
      signal: interrupt.signal,
    };
    const rows: string[] = [];
    try {
      for (const width of widths) {
        const config = await readExperiment({ ...flags, systems: "laner" }, [
          { key: "model.labelWidth", value: width, flag: "--widths" },
          { key: "adapt", value: [false], flag: "--widths" },
        ]);
        const experiment = await openExperiment(config, options);
        const runs = [];
        for (const run of experiment.runs) runs.push((await experiment.finetuned(run)).scores);
        const { mean, std } = meanAndStd(runs.map(({ test }) => 100 * test.f1));
        const { encoder, head } = runs[0].nParameters;
        const f1 = `${mean.toFixed(2)}${std === null ? "" : ` ± ${std.toFixed(2)}`}`;
        // Counted against the encoder: all that LANER has beyond it.
        rows.push(`| ${width} | ${f1} | ${head} | ${(100 * head / encoder).toFixed(2)} % |`);
      }
    } finally {
      reporter.close();
    }
    print("| label width | test F1 | parameters beyond the encoder | of the encoder's |");
    print("|---|---|---|---|");
    print(rows.join("\n"));
  });
}

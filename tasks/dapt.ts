/** Adapts an encoder to a text by masked language modelling, before it learns to tag. */
import { describeConfig } from "./config/config.ts";
import type { PlannedRun } from "./plan/plan.ts";
import type { AdaptationResult } from "./stages/mlm_course.ts";
import type { Stage } from "./stages/stage.ts";
import { readStored } from "./stages/stage_results.ts";
import { MLM_COURSE } from "./stages/mlm_course.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { runOneStage, STAGE_FLAGS } from "./train_command.ts";

/** `deno task dapt`. */
export const DAPT = defineCommand({
  name: "dapt",
  summary: "Trains the encoder further on the target's unlabelled text by masked language modelling (DAPT).",
  flags: STAGE_FLAGS,
  examples: [
    "deno task dapt --profile laptop --data DIR --encoder DIR --target ai --set dapt.corpus=ai.txt",
  ],
  keys: describeConfig,
});

/** Runs the DAPT stage of one run and prints where the encoder is stored. */
export const dapt: CommandMain<typeof DAPT.flags> = async (flags, _operands, { print }) => {
  const request = { adapt: true, print, stageOf: ({ encoder }: PlannedRun) => encoder as Stage };
  const { run, stored } = await runOneStage(flags, request);
  const { perplexity } = await readStored<Pick<AdaptationResult, "perplexity">>(
    stored,
    "mlm.json",
    MLM_COURSE,
  );
  print(`Encoder adapted to ${run.target}: ${stored.dir}`);
  if (perplexity.before !== null && perplexity.after !== null) {
    print(
      `Perplexity on held-out text: ${perplexity.before.toFixed(1)} before, ${
        perplexity.after.toFixed(1)
      } after`,
    );
  }
};

if (import.meta.main) await runCommand(DAPT, dapt);

/**
 * Trains one model for a target.
 */
import { formatScores } from "../data/scores/score_report.ts";
import { describeConfig } from "./config/config.ts";
import type { PlannedRun } from "./plan/plan.ts";
import { readScores } from "./stages/training_stages.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { runOneStage, STAGE_FLAGS } from "./train_command.ts";

/** `deno task finetune`. */
export const FINETUNE = defineCommand({
  name: "finetune",
  summary: "Trains a system for a target, after the source stage (which is run or reused), and scores it.",
  flags: STAGE_FLAGS,
  examples: [
    "deno task finetune --profile laptop --data DIR --encoder DIR --target ai --system laner --seed 555",
  ],
  keys: describeConfig,
});

/** Runs one run and prints its scores and where the model is stored. */
export const finetune: CommandMain<typeof FINETUNE.flags> = async (flags, _operands, { print }) => {
  const request = { adapt: flags.dapt, print, stageOf: ({ finetuned }: PlannedRun) => finetuned };
  const { stored } = await runOneStage(flags, request);
  const { dir, record } = stored;
  const { dev, test, training } = await readScores(stored);
  const percent = (f1: number) => (100 * f1).toFixed(2);
  print(formatScores(test).trimEnd());
  print(
    `\nBest epoch ${training.bestEpoch} of ${training.epochs.length}: dev F1 ${percent(dev.f1)}, test F1 ${
      percent(test.f1)
    }`,
  );
  print(`Model: ${dir} (${record.wallSeconds} s)`);
  print(`Use it: deno task predict --model ${dir} FILE`);
};

if (import.meta.main) await runCommand(FINETUNE, finetune);

/**
 * Trains one model on the source data set.
 */
import { describeConfig } from "./config/config.ts";
import type { PlannedRun } from "./plan/plan.ts";
import type { Stage } from "./stages/stage.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { runOneStage, STAGE_FLAGS } from "./train_command.ts";

/** `deno task pretrain`. */
export const PRETRAIN = defineCommand({
  name: "pretrain",
  summary:
    "Trains a system on the source data set, with the source's own tags. A stored model of the same settings is reused.",
  flags: STAGE_FLAGS,
  examples: [
    "deno task pretrain --profile laptop --data DIR --encoder DIR --system laner --seed 555",
  ],
  keys: describeConfig,
});

/** Runs the source stage of one run and prints where the model is stored. */
export const pretrain: CommandMain<typeof PRETRAIN.flags> = async (flags, _operands, { print }) => {
  const { run: { config }, stored } = await runOneStage(flags, { adapt: flags.dapt, stageOf, print });
  print(`Model of ${config.data.source}: ${stored.dir} (${stored.record.wallSeconds} s)`);
};

function stageOf({ pretrained, config }: PlannedRun): Stage {
  if (pretrained) return pretrained;
  throw new Error(`Cannot pretrain: strategy is "${config.strategy}", which has no source stage`);
}

if (import.meta.main) await runCommand(PRETRAIN, pretrain);

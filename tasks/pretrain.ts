/**
 * Trains one model on the source data set.
 */
import { describeConfig } from "./config/config.ts";
import { ensureStage } from "./stages/stage.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { STAGE_FLAGS, withRun } from "./train_command.ts";

/** `deno task pretrain`. */
export const PRETRAIN = defineCommand({
  name: "pretrain",
  summary:
    "Trains a system on the source data set, with the source's own tags. A stored model of the same settings is reused.",
  flags: STAGE_FLAGS,
  examples: [
    "deno task pretrain --profile laptop --data DIR --encoder DIR --system laner --seed 555",
  ],
  details: () => `Keys of an experiment:\n${describeConfig()}`,
});

/** Runs the source stage of one run and prints where the model lies. */
export const pretrain: CommandMain<typeof PRETRAIN.flags> = (flags, _operands, { print }) =>
  withRun(flags, flags.dapt, print, async ({ pretrained, config }, context) => {
    if (!pretrained) {
      throw new Error(`Cannot pretrain: strategy is "${config.strategy}", which has no source stage`);
    }
    const { dir, record } = await ensureStage(context, pretrained);
    print(`Model of ${config.data.source}: ${dir} (${record.wallSeconds} s)`);
  });

if (import.meta.main) await runCommand(PRETRAIN, pretrain);

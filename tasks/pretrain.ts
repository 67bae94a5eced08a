/**
 * Trains one model on the source data set.
 *
 * Needs --allow-read, --allow-write, --allow-env, --allow-ffi, --allow-sys, and --allow-net for downloads.
 */
import { runCommand } from "./command.ts";
import { type CommandMain, defineCommand } from "./command_spec.ts";
import { describeConfig } from "./config.ts";
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
  withRun(flags, flags.dapt, async (experiment, run) => {
    const model = await experiment.pretrained(run);
    if (!model) {
      throw new Error("Cannot pretrain: pretrain.epochs is 0, so the experiment has no source stage");
    }
    print(`Model of ${experiment.data.source.name}: ${model.dir} (${model.wallSeconds} s)`);
  });

if (import.meta.main) await runCommand(PRETRAIN, pretrain);

/** The configuration of a single run, made once from that of an experiment, which may have many. */
import type { TrainingSettings } from "../../model/settings/settings.ts";
import { systemOf } from "../../model/systems/systems.ts";
import type { Config } from "./config.ts";

/** What makes a run: one model, trained and scored. */
export interface Run {
  target: string;
  system: string;
  /** Whether the encoder is adapted to the target's text first. */
  adapt: boolean;
  seed: number;
}

/** Where data comes from. */
export type DataConfig = Omit<Config["data"], "targets">;

/** Every setting as it is for one system and one target. */
export interface RunSettings extends TrainingSettings, Pick<Config, "encoder" | "bart" | "dapt"> {
  data: DataConfig;
}

/** One run, with every setting as it is for it. */
export interface RunConfig extends Run, RunSettings {}

/** Lists the runs of an experiment, in the order in which they run. */
export function runConfigs(config: Config): RunConfig[] {
  return config.data.targets.flatMap((target) =>
    config.seeds.flatMap((seed) =>
      adaptationsFor(config, target).flatMap((adapt) =>
        config.systems.map((system) => ({
          target,
          system,
          adapt,
          seed,
          ...runSettings(config, target, system),
        }))
          // There is nothing to adapt in a system without an encoder.
          .filter((run) => !run.adapt || systemOf(run.system).needs(run).includes("encoder"))
      )
    )
  );
}

/** Tells for a target whether encoders are adapted to its text, once for each kind of run. */
export function adaptationsFor({ adapt, perTarget }: Config, target: string): readonly boolean[] {
  return own(perTarget, target).adapt ?? adapt;
}

/**
 * Puts together the settings for a target and a system: `perTarget` goes over the experiment's own keys, `perSystem`
 * over both, and {target} in file names is filled in.
 */
export function runSettings(config: Config, target: string, system: string): RunSettings {
  const { encoder, bart, model } = config;
  const { targets: _, ...data } = config.data;
  const ofTarget = own(config.perTarget, target);
  const ofSystem = own(config.perSystem, system);
  const dapt = { ...config.dapt, ...ofTarget.dapt };
  return {
    encoder,
    bart,
    model,
    data,
    strategy: ofSystem.strategy ?? config.strategy,
    words: { ...config.words, ...ofSystem.words },
    pretrain: { ...config.pretrain, ...ofSystem.pretrain },
    train: { ...config.train, ...ofTarget.train, ...ofSystem.train },
    joint: { ...config.joint, ...ofSystem.joint },
    dapt: { ...dapt, corpus: dapt.corpus?.replaceAll("{target}", target) ?? null },
  };
}

/** Gives what a file says of one name, which may be any text. */
function own<T extends object>(byName: Readonly<Record<string, T>>, name: string): T | Record<string, never> {
  return Object.hasOwn(byName, name) ? byName[name]! : {};
}

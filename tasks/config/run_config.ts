/** The configuration of a single run, derived from that of an experiment with many runs. */
import type { TrainingSettings } from "../../model/settings/settings.ts";
import { systemOf } from "../../model/systems/systems.ts";
import type { Config } from "./config.ts";

/** A run: one model that is trained and scored. */
export interface Run {
  target: string;
  system: string;
  /** True if the encoder is adapted to the target's text first. */
  adapt: boolean;
  seed: number;
}

/** The sources of data. */
export type DataConfig = Omit<Config["data"], "targets">;

/** All settings for one system and one target. */
export interface RunSettings extends TrainingSettings, Pick<Config, "encoder" | "bart" | "dapt"> {
  data: DataConfig;
}

/** One run with all its settings. */
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
          // A system without an encoder has nothing to adapt.
          .filter((run) => !run.adapt || systemOf(run.system).needs(run).includes("encoder"))
      )
    )
  );
}

/** Returns the values of `adapt` that are run for a target. */
export function adaptationsFor({ adapt, perTarget }: Config, target: string): readonly boolean[] {
  return own(perTarget, target).adapt ?? adapt;
}

/**
 * Returns the settings for a target and a system: `perTarget` overrides the experiment's own keys, `perSystem`
 * overrides both, and {target} in file names is filled in.
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
    model: { ...model, ...ofSystem.model },
    data,
    strategy: ofSystem.strategy ?? config.strategy,
    words: { ...config.words, ...ofSystem.words },
    pretrain: { ...config.pretrain, ...ofSystem.pretrain },
    train: { ...config.train, ...ofTarget.train, ...ofSystem.train },
    joint: { ...config.joint, ...ofSystem.joint },
    dapt: { ...dapt, corpus: dapt.corpus?.replaceAll("{target}", target) ?? null },
  };
}

/** Returns the entry of a name, which may be any text. */
function own<T extends object>(byName: Readonly<Record<string, T>>, name: string): T | Record<string, never> {
  return Object.hasOwn(byName, name) ? byName[name]! : {};
}

/** Rules of the keys `pretrain.precision` and `train.precision`, which system and engine have to fit. */
import type { Engine } from "../../model/engine/engine.ts";
import { type Precision, precisionRule } from "../../model/engine/precision.ts";
import { systemPrecisionRule } from "../../model/systems/check_precision.ts";
import { errorMessage } from "../errors.ts";
import type { Config } from "./config.ts";
import { hasRuns, type Profile } from "./read_profile.ts";
import { runSettings } from "./run_config.ts";

/** A precision that a system is to train in, and the path of the key that says so. */
interface AskedPrecision {
  system: string;
  precision: Precision;
  path: string;
}

/**
 * Checks that the systems of all experiments train in the precisions that are asked for, and that the engine has them,
 * before any of them begins.
 *
 * @throws Error naming the experiment and the key.
 */
export function checkPrecisions({ experiments }: Pick<Profile, "experiments">, engine: Engine): void {
  for (const { name, variants } of experiments.filter(hasRuns)) {
    for (const { system, precision, path } of variants.flatMap(({ config }) => askedPrecisions(config))) {
      const rule = systemPrecisionRule(system, precision) ?? precisionRule(engine, precision);
      if (rule === undefined) continue;
      throw new Error(errorMessage({ act: "use", subject: path, place: name, rule, value: precision }));
    }
  }
}

/** Lists the precisions that the runs of a configuration train in, other than float32. */
function askedPrecisions(config: Config): AskedPrecision[] {
  const { systems, data, perSystem, perTarget } = config;
  return systems.flatMap((system) =>
    data.targets.flatMap((target) => {
      const settings = runSettings(config, target, system);
      return (["pretrain", "train"] as const).flatMap((step) => {
        const { precision } = settings[step];
        if (precision === null) return [];
        const path = isIn(perSystem, system, step)
          ? `perSystem.${system}.${step}.precision`
          : step === "train" && isIn(perTarget, target, step)
          ? `perTarget.${target}.${step}.precision`
          : `${step}.precision`;
        return [{ system, precision, path }];
      });
    })
  );
}

/** Tells whether the keys of a name have a precision of their own. */
function isIn<Step extends string>(
  byName: Readonly<Record<string, { readonly [S in Step]?: { readonly precision?: unknown } }>>,
  name: string,
  step: Step,
): boolean {
  return Object.hasOwn(byName, name) && byName[name]![step]?.precision !== undefined;
}

/** What a system stands on that was made in the run, in place of what the published one has. */
import type { WordSystemDefinition } from "../../model/systems/system.ts";
import {
  isBertSystem,
  isSystemName,
  isWordSystem,
  type SystemName,
  SYSTEMS,
} from "../../model/systems/systems.ts";
import type { Config } from "../config/config.ts";

/** A stand-in and what it stands for, in words. */
function standInsOf({ encoder, words, bart }: Config, system: SystemName): string[] {
  const ownEncoder = typeof encoder === "string"
    ? []
    : ["a small BERT that was made in the run, in place of a pretrained one"];
  if (isBertSystem(system)) return ownEncoder;
  if (!isWordSystem(system)) {
    return typeof bart === "string" ? [] : ["a small BART that was made in the run, in place of BART-base"];
  }
  const { needsCharLm }: WordSystemDefinition = SYSTEMS[system];
  return [
    ...(words.readsEncoder ? ownEncoder : []),
    ...(words.vectors === null ? ["word vectors trained in the run by skip-gram, in place of GloVe"] : []),
    ...(words.ngramWidth === null
      ? []
      : ["random vectors of character n-grams, in place of the published CharNGram"]),
    ...(needsCharLm ? ["small character models trained in the run, in place of Flair's"] : []),
  ];
}

/**
 * One sentence for each kind of stand-in, with the systems that stand on it.
 *
 * @param configOf Gives the configuration as it is for a system.
 */
export function standInNotes(
  systems: readonly string[],
  configOf: (system: SystemName) => Config,
): string[] {
  const bySystem = systems.filter(isSystemName).flatMap((system) =>
    standInsOf(configOf(system), system).map((standIn) => ({ system, standIn }))
  );
  return [...Map.groupBy(bySystem, ({ standIn }) => standIn)].map(([standIn, members]) =>
    `Stand-in: ${members.map(({ system }) => system).join(", ")} on ${standIn}.`
  );
}

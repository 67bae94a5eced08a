/** Stand-ins: materials made in the run in place of those that a published system has. */
import type { Material } from "../../model/systems/definition.ts";
import { isSystemName, systemOf } from "../../model/systems/systems.ts";
import type { RunSettings } from "../config/run_config.ts";

/** Describes each material that was made in the run; null where it was given. */
function standInsOf({ encoder, words, bart }: RunSettings): Record<Material, string | null> {
  return {
    encoder: typeof encoder === "string"
      ? null
      : "a small BERT that was made in the run, in place of a pretrained one",
    vectors: words.vectors === null
      ? "word vectors trained in the run by skip-gram, in place of GloVe"
      : null,
    charLms: "small character models trained in the run, in place of Flair's",
    bart: typeof bart === "string" ? null : "a small BART that was made in the run, in place of BART-base",
  };
}

const NGRAMS = "random vectors of character n-grams, in place of the published CharNGram";

/** Lists the stand-ins that a system uses. */
function standInsUnder(settings: RunSettings, system: string): string[] {
  const standIns = standInsOf(settings);
  const needs = systemOf(system).needs(settings);
  return needs.flatMap((material) => {
    const made = standIns[material] === null ? [] : [standIns[material]];
    return material === "vectors" && settings.words.ngramWidth !== null ? [...made, NGRAMS] : made;
  });
}

/**
 * Returns a sentence for each kind of stand-in, with the systems that use it.
 *
 * @param settingsOf Returns the settings of a system.
 */
export function standInNotes(
  systems: readonly string[],
  settingsOf: (system: string) => RunSettings,
): string[] {
  const bySystem = systems.filter(isSystemName).flatMap((system) =>
    standInsUnder(settingsOf(system), system).map((standIn) => ({ system, standIn }))
  );
  return [...Map.groupBy(bySystem, ({ standIn }) => standIn)].map(([standIn, members]) =>
    `Stand-in: ${members.map(({ system }) => system).join(", ")} on ${standIn}.`
  );
}

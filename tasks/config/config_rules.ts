/** Rules between the keys of an experiment, which no single shape can check. */
import { isSystemName, systemNames, systemOf } from "../../model/systems/systems.ts";
import { nearestName } from "../errors.ts";
import type { Config } from "./config.ts";
import { fail, type Place } from "./place.ts";
import { adaptationsFor, runSettings } from "./run_config.ts";
import { SAMPLE_SCHEME, SAMPLE_SOURCE, SAMPLE_TARGET } from "./sample_names.ts";

/**
 * Checks the rules between keys.
 *
 * @param top The top of the document.
 * @throws Error naming the first key that breaks one.
 */
export function checkRules(config: Config, top: Place): void {
  const refuse: Refuse = (path, rule, value, suggestion) => fail({ ...top, path }, rule, value, suggestion);
  for (const check of [checkExperiment, checkSizes, checkData, checkSystems, checkCorpora]) {
    check(config, refuse);
  }
}

/** Function that throws the error of the value at a path. */
type Refuse = (path: string, rule: string, value: unknown, suggestion?: string) => never;

function checkExperiment({ show, vary, experiments }: Config, refuse: Refuse): void {
  if (vary !== null && Object.keys(vary).length !== 1) {
    refuse("vary", "must have one key, and the list of its values", vary);
  }
  // The settings of a profile serve experiments that each vary a key of their own.
  if (show === "lines" && vary === null && experiments === null) {
    const rule = "must be table or types where vary names no key, as there is nothing to draw lines against";
    refuse("show", rule, show);
  }
  const odd = Object.keys(experiments ?? {}).find((name) => !/^\w[\w-]*$/.test(name));
  if (odd !== undefined) refuse("experiments", "must be names of YAML files beside this one", odd);
}

function checkSizes({ encoder, bart }: Config, refuse: Refuse): void {
  for (const [name, sizes] of [["encoder", encoder], ["bart", bart]] as const) {
    if (typeof sizes === "string" || sizes.hiddenWidth % sizes.nHeads === 0) continue;
    refuse(`${name}.nHeads`, `must divide ${name}.hiddenWidth (${sizes.hiddenWidth})`, sizes.nHeads);
  }
}

function checkData({ data }: Config, refuse: Refuse): void {
  const { sample, scheme, source, targets, read, perSet } = data;
  if (sample !== null) {
    for (const [name, keys] of Object.entries({ read, perSet })) {
      if (Object.keys(keys).length > 0) refuse(`data.${name}`, "must be empty with data.sample", keys);
    }
    if (scheme !== SAMPLE_SCHEME) refuse("data.scheme", `must be ${SAMPLE_SCHEME} with data.sample`, scheme);
    if (source !== SAMPLE_SOURCE) refuse("data.source", `must be ${SAMPLE_SOURCE} with data.sample`, source);
    if (targets.some((target) => target !== SAMPLE_TARGET)) {
      refuse("data.targets", `must be [${SAMPLE_TARGET}] with data.sample`, targets);
    }
  }
  const place = targets.indexOf(source);
  if (place >= 0) refuse(`data.targets[${place}]`, "must not be the source", source);
}

function checkSystems(config: Config, refuse: Refuse): void {
  const { perSystem, systems, data } = config;
  for (const [system, value] of Object.entries(perSystem)) {
    if (isSystemName(system)) continue;
    const rule = `must be one of ${systemNames().join(", ")}`;
    refuse(`perSystem.${system}`, rule, value, nearestName(system, systemNames()));
  }
  for (const system of systems) {
    const { can, needs } = systemOf(system);
    const settings = runSettings(config, data.targets[0]!, system);
    if (settings.train.rDrop !== null && !can.comparePasses) {
      const own = perSystem[system]?.train?.rDrop;
      const path = own === undefined ? "train.rDrop" : `perSystem.${system}.train.rDrop`;
      refuse(path, `must be null for ${system}, whose loss is not over words`, settings.train.rDrop);
    }
    if (can.readEncoderStates || !settings.words.readsEncoder || !needs(settings).includes("vectors")) {
      continue;
    }
    const own = perSystem[system]?.words?.readsEncoder;
    const path = own === undefined ? "words.readsEncoder" : `perSystem.${system}.words.readsEncoder`;
    refuse(path, `must be false for ${system}, which cannot read an encoder`, true);
  }
}

function checkCorpora(config: Config, refuse: Refuse): void {
  const { data, dapt, perTarget } = config;
  for (const target of data.sample ? [] : data.targets) {
    const own = Object.hasOwn(perTarget, target) ? perTarget[target]!.dapt?.corpus : undefined;
    const corpus = own === undefined ? dapt.corpus : own;
    if (!adaptationsFor(config, target).includes(true) || corpus !== null) continue;
    const path = own === undefined ? "dapt.corpus" : `perTarget.${target}.dapt.corpus`;
    refuse(path, `must name a text file for "${target}", as adapt has true`, null);
  }
}

/**
 * Checks that perTarget and data.perSet name data sets of the run or of the file.
 *
 * @param fileTargets The targets that the file names, whatever `--targets` put in their place.
 * @throws Error naming the first name that is none.
 */
export function checkTargetNames(config: Config, fileTargets: readonly unknown[], top: Place): void {
  const targets = [...new Set([...config.data.targets, ...fileTargets.map(String)])];
  const names = [config.data.source, ...targets];
  for (const [name, value] of Object.entries(config.data.perSet)) {
    if (names.includes(name)) continue;
    const rule = `must be data.source or one of data.targets (${names.join(", ")})`;
    fail({ ...top, path: `data.perSet.${name}` }, rule, value, nearestName(name, names));
  }
  for (const [target, value] of Object.entries(config.perTarget)) {
    if (targets.includes(target)) continue;
    const rule = `must be one of data.targets (${targets.join(", ")})`;
    fail({ ...top, path: `perTarget.${target}` }, rule, value, nearestName(target, targets));
  }
}

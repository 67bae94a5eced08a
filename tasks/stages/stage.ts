/** Stages of experiments: their inputs and their work, which runs once however many runs need it. */
import { dirname } from "node:path";
import type { EngineName } from "../../model/engine/engine.ts";
import type { Code } from "../code/module_code.ts";
import { isMapping } from "../config/is_mapping.ts";
import type { GivenFolder } from "../files/given_folder.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { type CheckpointOwner, otherCheckpoints } from "./checkpoint_manifest.ts";
import type { RunContext, StageContext } from "./stage_context.ts";
import { removeLeftovers, runStage } from "./stage_runner.ts";
import type { StageSpec } from "./stage_record.ts";
import { checkStored, findStage, stageKey, type StoredStage } from "./stage_results.ts";
import { versionsOf } from "./versions.ts";

/** A step of an experiment that makes a folder of files from other folders. */
export interface Stage {
  /** The hash that its result is stored under. */
  key: string;
  spec: StageSpec;
  /** Its name for people: "conll2003: laner, seed 555". */
  label: string;
  /** The stages and folders that it reads, by name. */
  needs: Readonly<Record<string, Stage | GivenFolder>>;
  /** Writes the stage's files into `dir`, from the folders of `needs`. */
  work(dir: string, folders: Readonly<Record<string, string>>, context: StageContext): Promise<void>;
}

/** Stages and folders that stages read, by name. */
type StageNeeds = Readonly<Record<string, Stage | GivenFolder | undefined>>;

/** Options of `createStage`; the keys of `needs` become inputs. */
export interface StageOptions<N extends StageNeeds> extends Pick<Stage, "label"> {
  stage: string;
  needs: N;
  /** Writes the stage's files into `dir`, from the folders of `needs`. */
  work(dir: string, folders: { readonly [K in keyof N]: string }, context: StageContext): Promise<void>;
  /** Hashes of further inputs besides the folders of `needs`, such as data and text. */
  inputs?: Readonly<Record<string, string>>;
  config: object;
  engine: EngineName;
  /** The code of the stage, see `codeOfStage`. */
  code: Code | Promise<Code>;
}

/** Describes a stage; nothing is run. */
export async function createStage<const N extends StageNeeds>(options: StageOptions<N>): Promise<Stage> {
  const { stage, inputs, config, engine, code, label, work } = options;
  const needs: Record<string, Stage | GivenFolder> = {};
  for (const [name, need] of Object.entries(options.needs)) if (need) needs[name] = need;
  const keys = Object.fromEntries(Object.entries(needs).map(([name, { key }]) => [name, key]));
  const spec: StageSpec = {
    stage,
    inputs: { ...keys, ...inputs },
    config: withoutNulls({ ...config, engine }),
    code: await code,
  };
  return {
    key: await stageKey(spec),
    spec,
    label,
    needs,
    work: (dir, folders, context) => work(dir, folders as { readonly [K in keyof N]: string }, context),
  };
}

/** Returns a value without keys that are null, so that a new key changes no hash where it is not used. */
function withoutNulls(value: unknown): unknown {
  if (!isMapping(value)) return value;
  const used = Object.entries(value).filter(([, one]) => one !== null);
  return Object.fromEntries(used.map(([key, one]) => [key, withoutNulls(one)]));
}

/** Tells whether a source is a stage rather than a given folder. */
export function isStage(source: Stage | GivenFolder): source is Stage {
  return "work" in source;
}

/** Lists all stages that a stage needs, itself included, each before those that need it. */
export function stagesOf(stage: Stage): Stage[] {
  return [...Object.values(stage.needs).filter(isStage).flatMap(stagesOf), stage];
}

/** Stored results to replace: their stages run again. */
export interface Rerun {
  /** When the command began, ISO 8601; only earlier results are replaced, so that no job runs a stage twice. */
  since: string;
  /** True to replace the results that a stage needs, too. */
  needs: boolean;
}

/** A stage whose result is needed, with the stored result if there is one. */
export interface NeededStage {
  stage: Stage;
  isStored: boolean;
}

/**
 * Lists the stages whose results a stage needs, itself included, in the order in which they run. The inputs of stored
 * stages are not needed.
 *
 * @param store The store's folder.
 * @param rerun Stored results to replace.
 */
export async function neededStages(store: string, stage: Stage, rerun?: Rerun): Promise<NeededStage[]> {
  if (await findStage(store, stage.spec, rerun?.since)) return [{ stage, isStored: true }];
  const before: NeededStage[] = [];
  for (const need of Object.values(stage.needs).filter(isStage)) {
    before.push(...await neededStages(store, need, ofNeeds(rerun)));
  }
  return [...before, { stage, isStored: false }];
}

function ofNeeds(rerun?: Rerun): Rerun | undefined {
  return rerun?.needs ? rerun : undefined;
}

/** Options of `ensureStage`. */
export interface EnsureStageOptions {
  /** Returns the name of a stage in progress messages. Default: its label. */
  labelOf?: (stage: Stage) => string;
  /** True to wait for another process that runs a needed stage. Default: true. */
  wait?: boolean;
  /** Stored results to replace. Default: none. */
  rerun?: Rerun | undefined;
}

/**
 * Returns a stage's result: the stored one, or a new one, for which the stages that it needs are run as well.
 *
 * @throws The signal's reason when it stops the stage; `StageBusy` instead of waiting; Error if a stored file has changed;
 * as the stage's work does.
 */
export async function ensureStage(
  context: RunContext,
  stage: Stage,
  options: EnsureStageOptions = {},
): Promise<StoredStage> {
  const { labelOf = ({ label }) => label, wait = true, rerun } = options;
  const found = await findStage(context.store, stage.spec, rerun?.since);
  if (found) {
    await checkStored(found);
    await removeLeftovers(found);
    return found;
  }
  const folders: Record<string, string> = {};
  const forNeeds = { ...options, rerun: ofNeeds(rerun) };
  for (const [name, need] of Object.entries(stage.needs)) {
    folders[name] = isStage(need) ? (await ensureStage(context, need, forNeeds)).dir : need.dir;
  }
  context.signal.throwIfAborted();
  const label = labelOf(stage);
  const onWait = (message: string) => context.report({ stage: label, done: 0, total: 1, message });
  const versions = versionsOf(context.engine);
  const work = async (dir: string, keep: string) => {
    const owner = { label: stage.label, spec: stage.spec, versions };
    let secondsBefore = 0;
    const openCheckpoint = async () => {
      const opened = await openOwnCheckpoint({ ...context, label }, keep, owner);
      secondsBefore = opened.secondsBefore;
      return opened;
    };
    await stage.work(dir, folders, { ...context, label, keep, openCheckpoint });
    return secondsBefore;
  };
  const { store, signal } = context;
  const since = rerun?.since;
  return await runStage(store, stage.spec, work, { onWait, wait, versions, since, signal });
}

/** Opens the checkpoint of a stage, and reports whether the training resumes and why other checkpoints are not used. */
async function openOwnCheckpoint(
  { label, report, force, checkpointSeconds }: RunContext & { label: string },
  folder: string,
  owner: CheckpointOwner,
) {
  const say = (message: string) => report({ stage: label, done: 0, total: 1, message });
  const opened = await openCheckpoint(folder, owner, { force, seconds: checkpointSeconds, onMessage: say });
  if (opened.resume) say(`${label}: goes on from its checkpoint`);
  else {
    for (const { folder: other, differences } of await otherCheckpoints(dirname(folder), owner)) {
      say(`${label}: begins anew, as the checkpoint in ${other} differs: ${differences.join("; ")}`);
    }
  }
  return opened;
}

/**
 * One run of the miniature, whole: an encoder from nothing, DAPT, source, target, with a checkpoint after every step.
 * As a program of its own it can be killed: at a file operation, by number, or from outside.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Progress } from "../../model/training/progress.ts";
import { readProfile } from "../../tasks/config/read_profile.ts";
import { sha256 } from "../../tasks/files/hash.ts";
import { type PlannedRun, planProfile } from "../../tasks/plan/plan.ts";
import { ensureStage, stagesOf } from "../../tasks/stages/stage.ts";
import { checkStored, findStage } from "../../tasks/stages/stage_results.ts";
import { readScores } from "../../tasks/stages/training_stages.ts";
import { createCrashingDisk, type Loss } from "../crashing_disk.ts";
import { type FileOperation, watchFiles } from "../file_operations.ts";
import { only } from "../only.ts";
import { MINIATURE } from "./miniature.ts";

/** Long enough to be stopped in every stage, each of which has few steps. */
const OVERRIDES = [
  "systems=[laner]",
  "encoder.mlm.epochs=2",
  "pretrain.epochs=2",
  "train.epochs=4",
  "data.sample.source.text=60",
  "data.sample.source.train=30",
  "data.sample.target.text=40",
];

/** Where a run reads and writes. */
export interface MiniatureRun {
  /** The YAML file. */
  config: string;
  store: string;
  /** Default onnx. */
  engine?: "onnx" | "cpu" | "onnx-ffi";
  /** Keys that are replaced: "train.epochs=5". */
  overrides?: readonly string[];
}

/** Writes the miniature's YAML into a folder. */
export async function writeMiniature(folder: string, yaml = MINIATURE): Promise<string> {
  const config = join(folder, "miniature.yaml");
  await Deno.writeTextFile(config, yaml);
  return config;
}

/** The run with its stages. */
export async function planMiniature(
  { config, engine = "onnx", overrides = [] }: MiniatureRun,
): Promise<PlannedRun> {
  const profile = await readProfile(config, { overrides: [...OVERRIDES, ...overrides, "adapt=[true]"] });
  return only((await planProfile(profile, engine)).runs);
}

/** Runs it to its end; hashes of the weights and predictions that it makes, and the course of the training. */
export async function runMiniature(
  run: MiniatureRun,
  report: Progress = () => {},
  signal = new AbortController().signal,
): Promise<Record<string, string>> {
  const engine = await createEngine(run.engine ?? "onnx");
  const { finetuned } = await planMiniature(run);
  const { store } = run;
  const stored = await ensureStage(
    { store, engine, report, signal, checkpointSeconds: 0, pause: () => Promise.resolve() },
    finetuned,
  );
  const names = ["model.safetensors", "head.safetensors", "test.conll"];
  const hashes = names.map(async (name) => [name, await sha256(await Deno.readFile(join(stored.dir, name)))]);
  const { training } = await readScores(stored);
  return { ...Object.fromEntries(await Promise.all(hashes)), training: JSON.stringify(training) };
}

/** Checks that every stage is stored as its list of files says, and that nothing else is left but locks. */
export async function checkMiniature(run: MiniatureRun): Promise<void> {
  const { finetuned } = await planMiniature(run);
  const stages = stagesOf(finetuned);
  for (const { spec } of stages) await checkStored((await findStage(run.store, spec))!);
  const left = [...Deno.readDirSync(run.store)].length - 1 - stages.length;
  const unfinished = [...Deno.readDirSync(join(run.store, ".unfinished"))].filter(({ name }) =>
    !name.endsWith(".lock")
  );
  if (left !== 0 || unfinished.length > 0) {
    throw new Error(
      `the store keeps ${left} more folders and ${unfinished.map(({ name }) => name).join(", ")}`,
    );
  }
}

/** How a process of its own ends. */
export interface Kill {
  /** Before the file operation of this number, from 0. */
  operation?: number;
  /** What is lost, if the machine goes down too: of what the disk was not waited for. */
  loss?: Loss | undefined;
}

/** Starts the run in a process of its own; it prints a line for each step of each stage. */
export function spawnMiniature(run: MiniatureRun, kill: Kill = {}): Deno.ChildProcess {
  const permissions = ["read", "write", "env", "ffi", "sys", "run"].map((name) => `--allow-${name}`);
  const script = fileURLToPath(import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...permissions, script, JSON.stringify({ run, kill })],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** All that a process printed, until it says a text, or to its end. */
export async function listenTo(child: Deno.ChildProcess, until?: string): Promise<string> {
  let said = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += chunk;
    if (until !== undefined && said.includes(until)) break;
  }
  return said;
}

/** Kills this process at a file operation. */
function killer({ operation, loss }: Kill): (operation: FileOperation) => void {
  const disk = createCrashingDisk();
  let count = 0;
  return (next) => {
    if (count++ === operation) {
      if (loss) disk.lose(loss);
      Deno.kill(Deno.pid, "SIGKILL");
    }
    disk.watch(next);
  };
}

if (import.meta.main) {
  const { run, kill } = JSON.parse(Deno.args[0]!);
  using _ = watchFiles(killer(kill));
  await runMiniature(run, ({ stage, epoch }) => console.log(`${stage} epoch ${epoch}`));
}

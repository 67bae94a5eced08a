/** What the tasks of deno.json are granted, and what each grant is for: a run that shows it. */
import { join } from "node:path";
import deno from "../deno.json" with { type: "json" };
import { ROOT } from "./source_text.ts";

/** The commands of all tasks by name. */
export const COMMANDS: Record<string, string> = Object.fromEntries(
  Object.entries(deno.tasks).map(([name, { command }]) => [name, command]),
);

/** The flags of a task's first command that are deno's own. */
export function flagsOf(command: string): string[] {
  return command.split(" ").filter((word) => /^--(allow|ignore|v8)/.test(word));
}

/** One entry of one flag: "--allow-env" and "DEBUG"; all of a kind has no entry. */
export interface Grant {
  kind: string;
  entry?: string;
}

/** Every entry of every flag that grants something. */
export function grantsOf(flags: readonly string[]): Grant[] {
  return flags.filter((flag) => flag.startsWith("--allow-")).flatMap((flag) => {
    const [name, entries] = flag.split("=");
    const kind = name!.slice("--allow-".length);
    return entries === undefined ? [{ kind }] : entries.split(",").map((entry) => ({ kind, entry }));
  });
}

/** What there is to grant, in the order of the table in docs/permissions.md. */
export const GRANT_KINDS = ["read", "write", "env", "net", "ffi", "sys", "run"];

/** What flags grant of each kind: "all", names, or "" for nothing. */
export function grantsByKind(flags: readonly string[]): string[] {
  const all = grantsOf(flags);
  return GRANT_KINDS.map((kind) =>
    all.filter((grant) => grant.kind === kind).map(({ entry }) => entry ?? "all").join(", ")
  );
}

/** The flags without one entry. */
export function flagsWithout(flags: readonly string[], { kind, entry }: Grant): string[] {
  return flags.flatMap((flag) => {
    const [name, entries] = flag.split("=");
    if (name !== `--allow-${kind}`) return [flag];
    const left = entries?.split(",").filter((one) => one !== entry) ?? [];
    return left.length === 0 ? [] : [`${name}=${left.join(",")}`];
  });
}

/** A run that shows what a grant is for. */
export interface Exercise {
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Hosts that are allowed besides those of the task. */
  hosts?: readonly string[];
  /** Is said with the grant only: the effect of a variable. Without it the run has to fail for want of the grant. */
  says?: RegExp;
}

/** Where exercises find what they read. */
export interface Surroundings {
  /** A folder of their own. */
  folder: string;
  /** The miniature's YAML file. */
  config: string;
  /** A trained model, and its predictions. */
  model: string;
  predictions: string;
  /** A server of this machine, "127.0.0.1:8000", that answers 418 to a token, or leads from /away to cdn.hf.co. */
  hub: string;
}

/** Benches of a moment. */
export const SHORT_BENCH = ["--target", "research", "--epochs", "2", "--rounds", "1", "--size", "tiny"];
export const SHORT_GROWTH = ["--only", "types", "--size", "tiny", "--steps", "1", "--rounds", "1"];
export const SHORT_GPU = [
  "--only",
  "steps",
  "--engines",
  "onnx",
  "--size",
  "tiny",
  "--steps",
  "1",
  "--rounds",
  "1",
];

const STAGE_TASKS = ["reproduce", "pretrain", "dapt", "finetune"];

/** The run of a task that shows what a grant is for; undefined if nothing does. */
export function exerciseOf(task: string, { kind, entry }: Grant, at: Surroundings): Exercise | undefined {
  const endpoint = `http://${at.hub}`;
  const nowhere = join(at.folder, "nowhere");
  if (kind === "env" && entry === "DEBUG") {
    return { args: ["--no-such-flag"], env: { DEBUG: "1" }, says: /\n +at / };
  }
  if (kind === "env" && entry === "NER_DATA") {
    const args = dataArgs(task, at);
    return args && { args, env: { NER_DATA: nowhere }, says: /nowhere/ };
  }
  if (kind === "env" && entry === "HF_ENDPOINT") {
    const args = hubArgs(task, at);
    return args && { args, env: { HF_ENDPOINT: "ftp://nowhere" }, says: /HF_ENDPOINT/ };
  }
  if (kind === "env" && entry === "HF_TOKEN") {
    const args = hubArgs(task, at);
    const env = { HF_ENDPOINT: endpoint, HF_TOKEN: "of this test" };
    return args && { args, env, hosts: [at.hub], says: /\b418\b/ };
  }
  if (kind === "env" && entry === "ORT_LIBRARY") {
    const args = ownArgs(task, kind, at);
    return args && { args: ["--engine", "cuda", ...args], env: { ORT_LIBRARY: nowhere }, says: /nowhere/ };
  }
  if (kind === "net" && entry === "*.hf.co") {
    const args = hubArgs(task, at);
    return args && { args, env: { HF_ENDPOINT: `${endpoint}/away` }, hosts: [at.hub] };
  }
  if (kind === "net" && entry === "huggingface.co") {
    const args = hubArgs(task, at);
    return args && { args };
  }
  if (task === "test:oracle" && kind === "env") {
    const tests: Record<string, [file: string, value: string]> = {
      ORACLE_DIR: ["oracle_scores_test.ts", nowhere],
      TEST_ENGINES: ["oracle_attention_weights_test.ts", "nowhere"],
    };
    if (entry === undefined || !Object.hasOwn(tests, entry)) return undefined;
    const [file, value] = tests[entry]!;
    // Runs only the tests that the variable brings about.
    return { args: [`tests/${file}`, "--filter=nowhere"], env: { [entry]: value }, says: /nowhere/ };
  }
  // It tells of an engine that lacks a grant, and does not fail.
  if (task === "engines" && kind === "ffi") return { args: [], says: /^onnx +yes/m };
  // All of a kind, or a name for which nothing else is known: what the task is there for.
  const args = ownArgs(task, kind, at);
  return args && { args };
}

/** Arguments with which a task looks for data sets. */
function dataArgs(task: string, { model, config }: Surroundings): string[] | undefined {
  if (task === "prepare") return [];
  if (task === "bench") return ["--encoder", model, "--rounds", "1"];
  // dapt looks for its text first: any file will do.
  const text = task === "dapt" ? ["--set", `dapt.corpus=${config}`] : [];
  return [...STAGE_TASKS, "report"].includes(task)
    ? ["--profile", "laptop", "--encoder", model, ...text]
    : undefined;
}

/** Arguments with which a task asks the hub for a model. */
function hubArgs(task: string, { config, folder, predictions }: Surroundings): string[] | undefined {
  if (task === "predict") return ["--model", "org/tiny", "--input", "conll", predictions];
  if (task === "evaluate") return ["--model", "org/tiny", predictions];
  const args = ["--config", config, "--results", join(folder, "of the hub"), "--encoder", "org/tiny"];
  return [...STAGE_TASKS, "report"].includes(task) ? args : undefined;
}

/** Arguments with which a task does its work, all of it. */
function ownArgs(task: string, kind: string, at: Surroundings): string[] | undefined {
  const { folder, config, model, predictions } = at;
  const fresh = join(folder, `${task} without ${kind}`);
  const tests: Record<string, string> = {
    env: "tests/tasks/data_sets/data_sets_test.ts",
    ffi: "tests/model/engine/onnx_engine_test.ts",
    sys: "tests/tasks/stages/instruction_sets_test.ts",
    run: "tests/tasks/terminal/interrupt_test.ts",
  };
  const tries: Record<string, string> = {
    read: "yaml-configs",
    ffi: "resumes",
    sys: "configurations",
    run: "kills",
    env: "scores",
  };
  switch (task) {
    case "reproduce":
    case "report":
      return ["--config", config, "--results", fresh, "--systems", "bert-tagger", "--set", "adapt=[false]"];
    case "pretrain":
    case "dapt":
    case "finetune":
      return ["--config", config, "--results", fresh, "--system", "bert-tagger"];
    case "prepare":
      return ["--config", config, "--out", fresh];
    case "convert":
      return [predictions, fresh, "--from", "columns", "--to", "hf", "--tag-column", "-2"];
    case "download":
      return ["--data", fresh, "--sets", "ai"];
    case "predict":
      return ["--model", model, "--input", "conll", predictions];
    case "evaluate":
      return ["--model", model, predictions];
    case "bench":
      return ["--encoder", model, "--data", join(folder, "data"), ...SHORT_BENCH, "--out", `${fresh}.json`];
    case "bench:growth":
      return [...SHORT_GROWTH, "--out", folder];
    case "bench:gpu":
      return [...SHORT_GPU, "--out", `${fresh}.json`];
    case "engines":
    case "docs":
      return [];
    case "soak":
      return ["--minutes", "0", "--results", fresh];
    case "test:oracle":
      return ["tests/oracle_attention_weights_test.ts", "--filter=onnx"];
    case "test":
      return [tests[kind] ?? "tests/data/open_folder_test.ts"];
    case "torture":
      return ["--only", tries[kind] ?? "column-files", "--tries", "1"];
  }
}

/** Runs a task's program with flags and arguments of its own choice; all that it printed, and its exit code. */
export async function runTask(
  task: string,
  flags: readonly string[],
  { args, env = {}, hosts = [] }: Exercise,
): Promise<{ code: number; said: string }> {
  const command = COMMANDS[task]!;
  const isTest = command.startsWith("deno test");
  // The types are checked elsewhere, once.
  const start = isTest ? ["test", "--no-check"] : ["run"];
  const script = isTest ? [] : [join(ROOT, command.match(/(?<= )[^- ]\S*\.ts/)![0])];
  const granted = flags.some((flag) => flag.startsWith("--allow-net"));
  const all = granted
    ? flags.map((flag) => flag.startsWith("--allow-net=") ? [flag, ...hosts].join(",") : flag)
    : [...flags, ...(hosts.length > 0 ? [`--allow-net=${hosts.join(",")}`] : [])];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...start, "--quiet", "--no-prompt", ...all, ...script, ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", DEBUG: "", NER_DATA: "", HF_ENDPOINT: "", HF_TOKEN: "", ORT_LIBRARY: "", ...env },
  }).output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

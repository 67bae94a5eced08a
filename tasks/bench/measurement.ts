/** Measurements as files: results with the machine, the versions and the command that made them. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { CommandSpec } from "../terminal/command_spec.ts";
import { runChild } from "./child.ts";
import { MACHINE, type Machine } from "./describe_machine.ts";

/** A measurement, as its JSON file holds it. */
export interface Measurement<R> {
  /** The command that made it; folders and files by the names of their flags' values. */
  command: string;
  /** The day: "2027-01-31". */
  taken: string;
  machine: Machine;
  /** GPUs as their driver lists them: name, driver, memory. */
  gpus: string[];
  /** The commit of this toolkit, with a remark if files differ from it; null where git is not at hand. */
  commit: string | null;
  results: R;
}

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Adds to results what they depend on.
 *
 * @param spec The declaration of the command.
 * @param flags The values of its flags.
 */
export async function measurementOf<R>(
  spec: CommandSpec,
  flags: Readonly<Record<string, unknown>>,
  results: R,
): Promise<Measurement<R>> {
  const { result: machine } = await runChild("describe_machine.ts", null, MACHINE);
  const commit = await linesOf("git", ["-C", REPOSITORY, "rev-parse", "--short", "HEAD"]);
  const changes = await linesOf("git", ["-C", REPOSITORY, "status", "--porcelain", "--untracked-files=no"]);
  return {
    command: commandLine(spec, flags),
    taken: new Date().toISOString().slice(0, 10),
    machine,
    gpus: await findGpus() ?? [],
    commit: commit && commit[0]! + (changes?.length ? ", with changes" : ""),
    results,
  };
}

/** Lists the NVIDIA GPUs, each with its driver and memory; null where there is no driver. */
export function findGpus(): Promise<string[] | null> {
  return linesOf("nvidia-smi", ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]);
}

/** Writes a command as somebody else would give it: what lies in folders of this machine is named by its flag. */
export function commandLine({ name, flags }: CommandSpec, values: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(flags).flatMap(([key, flag]) => {
    const value = values[key];
    if (value === undefined || value === false || value === flag.default) return [];
    if (value === true) return [`--${key}`];
    const isPath = flag.valueName === "DIR" || flag.valueName === "FILE";
    return [`--${key}`, isPath ? flag.valueName! : String(value)];
  });
  return ["deno task", name, ...given].join(" ");
}

/** Writes a measurement to a file, in a folder that may have to be made. */
export async function writeMeasurement(path: string, measurement: Measurement<unknown>): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, JSON.stringify(measurement, null, 1) + "\n");
}

/** Says in one line when, where and how a measurement was taken. */
export function provenance({ command, taken, machine, gpus, commit }: Measurement<unknown>): string {
  const { processor, cores, instructionSets, memoryGigabytes, deno } = machine;
  const on = [
    `${cores} cores of ${processor} (${instructionSets})`,
    `${memoryGigabytes} GB`,
    ...gpus,
    `Deno ${deno}`,
    ...(commit === null ? [] : [`commit ${commit}`]),
  ];
  return `Taken on ${taken} on ${on.join(", ")}, by \`${command}\`.`;
}

async function linesOf(command: string, args: string[]): Promise<string[] | null> {
  try {
    const { success, stdout } = await new Deno.Command(command, { args, stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim().split("\n").filter((line) => line !== "") : null;
  } catch {
    // It is not installed: a measurement does not fail because something is not known of the machine.
    return null;
  }
}

/** Commands: parsing, `--help`, usage errors and exit codes, all from a command's declaration. */
import { parseArgs } from "@std/cli/parse-args";
import { printable } from "../../data/text/printable.ts";
import { errorMessage, nearestName, UsageError } from "../errors.ts";
import { formatHelp } from "./command_help.ts";
import {
  allFlags,
  type CommandMain,
  type CommandOutput,
  type CommandSink,
  type CommandSpec,
  type Flag,
  type FlagValues,
} from "./command_spec.ts";
import { Interrupted } from "./interrupt.ts";

/**
 * Reads a command's arguments.
 *
 * @param spec The declaration.
 * @param args The arguments, such as `Deno.args`.
 * @returns The value of every flag, and the operands in order.
 * @throws UsageError for an unknown flag (with the nearest known one), a missing, repeated or badly typed value,
 * or too many operands.
 */
export function parseCommand<F extends Record<string, Flag>>(
  spec: CommandSpec<F>,
  args: readonly string[],
): { flags: FlagValues<F>; operands: string[] } {
  const all = allFlags(spec);
  const names = Object.keys(all);
  const operands: string[] = [];
  const unknown: string[] = [];
  const given: Record<string, unknown> = parseArgs(writtenOut(args, all), {
    "--": true,
    // For the parser all flags are text and may be repeated; the checks below find what is wrong with them.
    string: names,
    collect: names,
    unknown: (arg: string, key?: string) => {
      (key === undefined ? operands : unknown).push(arg);
      return false;
    },
  });
  // A value that begins with a dash is read as a flag, so the flag before it lacks its value.
  for (const name of names) {
    const texts = given[name] as string[];
    // The parser reads "--name=" as a flag of that name.
    if (texts.includes("") || unknown.includes(`--${name}=`)) readFlag(spec, name, all[name]!, [""]);
  }
  for (const arg of unknown) {
    const nearest = nearestName(arg.replace(/^--?/, "").replace(/=[^]*/, ""), names);
    throw usageError(spec, arg, "unknown flag", nearest && `--${nearest}`);
  }
  operands.push(...given["--"] as string[]);
  const flags = names.map((name) =>
    [name, readFlag(spec, name, all[name]!, given[name] as string[])] as const
  );
  const most = spec.operands?.most ?? 0;
  if (operands.length > most) {
    const rule = most === 0
      ? "this command takes flags only"
      : `at most ${most} ${spec.operands!.name} allowed`;
    throw usageError(spec, operands[most]!, rule);
  }
  const own = flags.filter(([name]) => Object.hasOwn(spec.flags, name));
  return { flags: Object.fromEntries(own) as FlagValues<F>, operands };
}

/**
 * Writes out the value of every switch, because the parser would take the next argument for it, or any value for true;
 * and hides flags that begin with "no-", which the parser reads as the flag without it.
 */
function writtenOut(args: readonly string[], all: Record<string, Flag>): string[] {
  const joined = withNumbers(args, all);
  const end = joined.indexOf("--");
  return joined.map((arg, i) => {
    if (end >= 0 && i >= end) return arg;
    if (arg === "-h") return "--help=true";
    if (arg.startsWith("--no-")) return arg.split("=")[0]!;
    const flag = arg.startsWith("--") && Object.hasOwn(all, arg.slice(2)) ? all[arg.slice(2)]! : undefined;
    return flag?.type === "boolean" ? `${arg}=true` : arg;
  });
}

/** Joins a negative number to the flag before it, because the parser would take it for a flag. */
function withNumbers(args: readonly string[], all: Record<string, Flag>): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1) ?? "";
    const flag = before.startsWith("--") && Object.hasOwn(all, before.slice(2))
      ? all[before.slice(2)]!
      : undefined;
    if (/^-\d+$/.test(arg) && flag?.isSigned) joined[joined.length - 1] = `${before}=${arg}`;
    else joined.push(arg);
  }
  return joined;
}

function readSwitch(spec: CommandSpec, name: string, text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw usageError(spec, `--${name}`, "takes no value but true or false", undefined, text);
}

function readFlag(spec: CommandSpec, name: string, flag: Flag, texts: readonly string[]): unknown {
  if (flag.type === "boolean") return texts.map((text) => readSwitch(spec, name, text)).at(-1) ?? false;
  const values = texts.map((text) => readValue(spec, name, flag, text));
  if (flag.repeatable) return values;
  if (values.length > 1) throw usageError(spec, `--${name}`, "allowed once", undefined, texts);
  if (values.length === 0 && flag.required) throw usageError(spec, `--${name}`, "required, but not given");
  return values[0] ?? flag.default;
}

function readValue(spec: CommandSpec, name: string, flag: Flag, text: string): string | number {
  const subject = `--${name}`;
  if (text === "") {
    throw usageError(spec, subject, "needs a value; one that starts with - is given as --flag=-…");
  }
  if (flag.choices && !flag.choices.includes(text)) {
    const rule = `expected one of ${flag.choices.join(", ")}`;
    throw usageError(spec, subject, rule, nearestName(text, flag.choices), text);
  }
  if (flag.type !== "integer") return text;
  if (!/^\d{1,15}$/.test(text)) throw usageError(spec, subject, "expected a whole number", undefined, text);
  return Number(text);
}

function usageError(spec: CommandSpec, subject: string, rule: string, suggestion?: string, value?: unknown) {
  const message = errorMessage({ act: "use", subject, rule, value, suggestion });
  return new UsageError(`${message}. See deno task ${spec.name} --help`);
}

/** The process's own standard output and standard error. */
const TERMINAL: CommandSink = {
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  get isTerminal() {
    return Deno.stdout.isTerminal();
  },
};

/** Wraps a command's output so that everything printed goes through `printable` before it reaches a terminal. */
function outputTo({ print, printError, isTerminal = false }: CommandSink): CommandOutput {
  const printSafely = (text: string) => print(printable(text));
  return {
    print: printSafely,
    printError: (text) => printError(printable(text)),
    printExactly: isTerminal ? printSafely : print,
  };
}

/**
 * Runs a command: `--help`, `--help-keys`, or `main`; an error becomes one message on standard error.
 *
 * @param spec The declaration.
 * @param main The command's function; it receives flags, operands and output.
 * @param args The arguments, such as `Deno.args`.
 * @param sink The destination of the output.
 * @returns The exit code: 0, 1 after an error, 2 after a usage error, 130 or 143 if it was stopped.
 */
export async function executeCommand<F extends Record<string, Flag>>(
  spec: CommandSpec<F>,
  main: CommandMain<F>,
  args: readonly string[],
  sink: CommandSink = TERMINAL,
): Promise<number> {
  const output = outputTo(sink);
  try {
    // Before parsing, so that --help works whatever else is wrong.
    if (args.some((arg) => arg === "--help" || arg === "-h")) output.print(formatHelp(spec));
    else if (spec.keys && args.includes("--help-keys")) output.print(spec.keys());
    else {
      const { flags, operands } = parseCommand(spec, args);
      await main(flags, operands, output);
    }
    return 0;
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const debug = args.includes("--debug") || debugVariable() !== "";
    // Further lines are indented, so that text quoted in a message cannot pass for a message of its own.
    output.printError(`Error: ${known.message || known.name}`.replaceAll("\n", "\n  "));
    if (debug) output.printError(known.stack ?? "");
    if (error instanceof Interrupted) return error.exitCode;
    return error instanceof UsageError ? 2 : 1;
  }
}

function debugVariable(): string {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "DEBUG" });
  return state === "granted" ? Deno.env.get("DEBUG") ?? "" : "";
}

/** Runs a command with the process's own arguments, and sets the process's exit code. */
export async function runCommand<F extends Record<string, Flag>>(
  spec: CommandSpec<F>,
  main: CommandMain<F>,
): Promise<void> {
  Deno.exitCode = await executeCommand(spec, main, Deno.args);
}

/**
 * The part of `jsr:@std/cli/parse-args` that the toolkit uses, for machines that reach npm but not JSR. Same
 * names, arguments and meaning; remove the `links` entry of deno.json to use the original.
 */

/** Options as in `@std/cli`: names of the boolean, text and repeatable flags, other names, and a callback. */
export interface ParseOptions {
  boolean?: readonly string[];
  /** Flags whose value is text; `_` keeps operands that look like numbers as text. */
  string?: readonly string[];
  collect?: readonly string[];
  alias?: Record<string, string | readonly string[]>;
  /** Called for every flag that is not declared (with its name) and for every operand (without). */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Parsed flags by name, and everything that is no flag under `_`. */
// deno-lint-ignore no-explicit-any
export type Args = { _: Array<string | number>; [name: string]: any };

/**
 * Parses command-line arguments: `--name value`, `--name=value`, `--name`, `-n value`, `-n`; everything after
 * `--` is an operand. A text flag without a value is "", a boolean flag that is absent is false, a repeatable
 * flag that is absent is []. A value that starts with a dash has to be written `--name=-value`.
 */
export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  const { boolean = [], string = [], collect = [], alias = {}, unknown } = options;
  const namesOf = (key: string): string[] => {
    for (const [name, others] of Object.entries(alias)) {
      const all = [name, ...(typeof others === "string" ? [others] : others)];
      if (all.includes(key)) return all;
    }
    return [key];
  };
  const has = (list: readonly string[], key: string) => namesOf(key).some((name) => list.includes(name));

  const result: Args = { _: [] };
  const set = (key: string, value: unknown, arg: string) => {
    const declared = has(boolean, key) || has(string, key) || namesOf(key).length > 1;
    if (!declared && unknown?.(arg, key, value) === false) return;
    for (const name of namesOf(key)) {
      if (has(collect, key)) (result[name] ??= []).push(value);
      else result[name] = value;
    }
  };
  const addOperand = (arg: string) => {
    const isNumber = !string.includes("_") && /^[-+]?(0x[0-9a-f]+|\d+(\.\d*)?(e[-+]?\d+)?)$/i.test(arg);
    result._.push(isNumber ? Number(arg) : arg);
  };

  const stop = args.indexOf("--");
  const flags = stop < 0 ? args : args.slice(0, stop);
  for (let i = 0; i < flags.length; i++) {
    const arg = flags[i];
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!match) {
      if (unknown?.(arg) !== false) addOperand(arg);
      continue;
    }
    // -abc is -a -b -c, as everywhere; only the last of them can have a value.
    const keys = arg.startsWith("--") ? [match[1]] : [...match[1]];
    const last = keys.pop()!;
    for (const key of keys) set(key, has(string, key) ? "" : true, arg);
    const next = flags[i + 1];
    if (match[2] !== undefined) {
      set(last, has(boolean, last) ? match[2] !== "false" : match[2], arg);
    } else if (!has(boolean, last) && next !== undefined && !next.startsWith("-")) {
      set(last, next, arg);
      i++;
    } else if (has(boolean, last) && (next === "true" || next === "false")) {
      set(last, next === "true", arg);
      i++;
    } else {
      set(last, has(string, last) ? "" : true, arg);
    }
  }
  if (stop >= 0) args.slice(stop + 1).forEach((arg) => result._.push(arg));

  for (const name of boolean) {
    for (const key of namesOf(name)) result[key] ??= has(collect, name) ? [] : false;
  }
  for (const name of collect) {
    for (const key of namesOf(name)) result[key] ??= [];
  }
  return result;
}

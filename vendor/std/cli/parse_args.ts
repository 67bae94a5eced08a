/**
 * The part of `jsr:@std/cli/parse-args` that the toolkit uses, for machines that reach npm but not JSR. Same
 * names, arguments and meaning; remove the `links` entry of deno.json to use the original.
 */

/** Options as in the original; it has more. */
export interface ParseOptions {
  /** Whether what follows `--` is kept apart. */
  "--": true;
  /** Flags whose value is text. */
  string: readonly string[];
  /** Flags that may be given several times, whose value is a list: here, all of them. */
  collect: readonly string[];
  /** Called for every flag that is not declared (with its name), and for every operand (without). */
  unknown: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Parsed flags by name, and what follows `--`; under `_`, the operands before it that `unknown` did not refuse. */
export type Args = { _: Array<string | number>; "--": string[]; [name: string]: unknown };

/**
 * Parses command-line arguments: `--name value`, `--name=value`, or `--name` with the value "". A value that starts
 * with a dash has to be written `--name=-value`. A flag of one letter and one dash cannot be declared.
 */
export function parseArgs(args: string[], { string, collect, unknown }: ParseOptions): Args {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const result: Args = { _: [], "--": args.slice(end + 1) };
  for (const name of collect) result[name] = [];
  for (let i = 0; i < end; i++) {
    const arg = args[i]!;
    const [, dashes, no = "", name, value] = /^(-(?:-(no-)?)?)(.+?)(?:=(.+))?$/s.exec(arg) ?? [];
    if (dashes === undefined) {
      if (unknown(arg) !== false) result._.push(arg);
    } else if (dashes === "-") {
      unknown(arg, arg[1]!, true);
    } else {
      // With a value, --no-name is --name.
      const key = value === undefined ? no + name : name;
      const isNext = value === undefined && i + 1 < end && args[i + 1] !== "" &&
        !args[i + 1]!.startsWith("-");
      const text = value ?? (isNext ? args[++i]! : "");
      if (string.includes(key!)) (result[key!] as string[]).push(text);
      else unknown(arg, key, text);
    }
  }
  return result;
}

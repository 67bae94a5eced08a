/** How a command is declared: its flags, operands and texts, and the types that follow from them. */

/** One flag of a command. */
export interface Flag {
  /** What its value is; a boolean flag has none. */
  type: "text" | "integer" | "boolean";
  /** One line of documentation. */
  doc: string;
  /** What the value is called in `--help`: "DIR"; by default the type in capitals. */
  valueName?: string;
  /** The allowed values, if they are few. */
  choices?: readonly string[];
  /** The value of an absent flag. */
  default?: string | number;
  required?: boolean;
  /** The flag may be given several times; its value is then a list. */
  repeatable?: boolean;
}

/** What a command is called with and what it does. */
export interface CommandSpec<F extends Record<string, Flag> = Record<string, Flag>> {
  /** The name of its task: `deno task <name>`. */
  name: string;
  /** What it does, in one sentence. */
  summary: string;
  flags: F;
  /** What operands are called and how many there may be; by default none are allowed. */
  operands?: { name: string; doc: string; most: number };
  /** Complete command lines that work. */
  examples?: readonly string[];
  /** Text that ends `--help`. */
  details?: string;
  /** Lists the keys of the files that it reads, for `--help-keys`. */
  keys?: () => string;
}

type ScalarOf<F extends Flag> = F["choices"] extends readonly (infer C)[] ? C
  : F["type"] extends "boolean" ? boolean
  : F["type"] extends "integer" ? number
  : string;
type FlagValue<F extends Flag> = F["repeatable"] extends true ? ScalarOf<F>[]
  : F["type"] extends "boolean" ? boolean
  : F["required"] extends true ? ScalarOf<F>
  : F["default"] extends string | number ? ScalarOf<F>
  : ScalarOf<F> | undefined;

/** The values of a command's flags, typed by their declaration. */
export type FlagValues<F extends Record<string, Flag>> = { [P in keyof F]: FlagValue<F[P]> };

/** Returns the flags of a command, with those that every command has. */
export function allFlags({ flags, keys }: CommandSpec): Record<string, Flag> {
  return {
    ...flags,
    help: { type: "boolean", doc: "Print this text" },
    ...(keys ? { "help-keys": { type: "boolean", doc: "Print the keys of an experiment" } } : {}),
    debug: { type: "boolean", doc: "Print the stack of an error; DEBUG=1 does the same" },
  };
}

/** Declares a command; the flags keep their literal types. */
export function defineCommand<const F extends Record<string, Flag>>(spec: CommandSpec<F>): CommandSpec<F> {
  return spec;
}

/** What a command prints with; all but `printExactly` escape what a terminal would obey, as `printable` does. */
export interface CommandOutput {
  print: (text: string) => void;
  printError: (text: string) => void;
  /** Prints a file's contents: byte for byte where standard output is no terminal, else as `print` does. */
  printExactly: (text: string) => void;
}

/** Where what is printed ends up: standard output and standard error, or lists in tests. */
export interface CommandSink {
  print: (text: string) => void;
  printError: (text: string) => void;
  /** Whether `print` writes to a terminal; default false. */
  isTerminal?: boolean;
}

/** What a command does: it gets flags, operands and where to print. */
export type CommandMain<F extends Record<string, Flag>> = (
  flags: FlagValues<F>,
  operands: string[],
  output: CommandOutput,
) => void | Promise<void>;

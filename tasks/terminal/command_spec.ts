/** The declaration of a command: its flags, operands and texts, and the types that follow from them. */

/** One flag of a command. */
export interface Flag {
  /** The type of the value; a boolean flag has no value. */
  type: "text" | "integer" | "boolean";
  /** One line of documentation. */
  doc: string;
  /** The name of the value in `--help`: "DIR". Default: the type in capitals. */
  valueName?: string;
  /** The allowed values, if they are few. */
  choices?: readonly string[];
  /** The value of an absent flag. */
  default?: string | number;
  required?: boolean;
  /** True if its value may be a negative number, which is otherwise taken for a flag. Default: false. */
  isSigned?: boolean;
  /** True if the flag may be given several times; its value is then a list. */
  repeatable?: boolean;
}

/** A command's flags, operands and texts. */
export interface CommandSpec<F extends Record<string, Flag> = Record<string, Flag>> {
  /** The name of its task: `deno task <name>`. */
  name: string;
  /** The purpose of the command, in one sentence. */
  summary: string;
  flags: F;
  /** The operands' name and greatest number. Default: none are allowed. */
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

/** The output functions of a command; all but `printExactly` escape what a terminal would obey, as `printable` does. */
export interface CommandOutput {
  print: (text: string) => void;
  printError: (text: string) => void;
  /** Prints a file's contents: byte for byte if standard output is not a terminal, else as `print` does. */
  printExactly: (text: string) => void;
}

/** The destination of the output: standard output and standard error, or lists in tests. */
export interface CommandSink {
  print: (text: string) => void;
  printError: (text: string) => void;
  /** True if `print` writes to a terminal. Default: false. */
  isTerminal?: boolean;
}

/** The function of a command; it receives flags, operands and output. */
export type CommandMain<F extends Record<string, Flag>> = (
  flags: FlagValues<F>,
  operands: string[],
  output: CommandOutput,
) => void | Promise<void>;

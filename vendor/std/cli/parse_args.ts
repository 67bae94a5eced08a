/**
 * The part of `jsr:@std/cli/parse-args` that the toolkit uses, over `node:util`'s parseArgs, for machines
 * that reach npm but not JSR. Remove the `links` entry of deno.json to use the original.
 */
import { parseArgs as nodeParseArgs } from "node:util";

/** Options as in `@std/cli`: names of the boolean, text and repeatable flags, one-letter names, and a callback. */
export interface ParseOptions {
  boolean?: readonly string[];
  string?: readonly string[];
  collect?: readonly string[];
  alias?: Record<string, string>;
  /** Called for every argument that is no known flag; return false to leave it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Parsed flags by name, and everything that is no flag under `_`. */
export type Args = { _: string[] } & Record<string, unknown>;

/** Parses command-line arguments. */
export function parseArgs(args: readonly string[], options: ParseOptions = {}): Args {
  const { boolean = [], string = [], collect = [], alias = {}, unknown } = options;
  const known: Record<string, { type: "boolean" | "string"; short?: string }> = {};
  for (const name of boolean) known[name] = { type: "boolean" };
  for (const name of string) known[name] = { type: "string" };
  for (const [short, name] of Object.entries(alias)) {
    if (short.length === 1 && known[name]) known[name].short = short;
  }
  const { tokens } = nodeParseArgs({ args: [...args], options: known, strict: false, tokens: true });
  const result: Args = { _: [] };
  for (const name of boolean) result[name] = false;
  for (const name of collect) result[name] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (!unknown || unknown(token.value) !== false) result._.push(token.value);
    } else if (token.kind === "option") {
      const value = boolean.includes(token.name) ? token.value !== "false" : token.value ?? "";
      if (!(token.name in known)) {
        if (!unknown || unknown(token.rawName, token.name, token.value) !== false) result[token.name] = value;
      } else if (collect.includes(token.name)) (result[token.name] as unknown[]).push(value);
      else result[token.name] = value;
    }
  }
  return result;
}

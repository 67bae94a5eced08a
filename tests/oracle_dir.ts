import { resolve } from "node:path";

/**
 * The folder with other programs' expected outputs: ORACLE_DIR, relative to the current folder, else tests/oracle.
 * Made absolute, as the loaders of the toolkit take a relative path to be relative to their own default.
 */
const ORACLE_DIR = resolve(Deno.env.get("ORACLE_DIR") || `${import.meta.dirname}/oracle`);

/** Path of a file or folder among the expected outputs. */
export function oraclePath(name: string): string {
  return `${ORACLE_DIR}/${name}`;
}

/** Reads and parses one of the expected outputs. */
export function readOracle<T>(name: string): T {
  return JSON.parse(Deno.readTextFileSync(oraclePath(name)));
}

/** Reads expected outputs that ORACLE_DIR need not have: they lie in tests/oracle, with what made them. */
export function readOwnOracle<T>(name: string): T {
  return JSON.parse(Deno.readTextFileSync(`${import.meta.dirname}/oracle/${name}`));
}

/** Error messages of tasks: the act that failed, its subject, the place, the rule, and the current value. */
import { isAbsolute } from "node:path";
import { showValue } from "../data/show_value.ts";
import { printableLine } from "../data/text/printable.ts";

/** An error in the call of a command: the message names the flag, and the exit code is 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The parts of an error message, in reading order. */
export interface ErrorParts {
  /** The act that failed: "read", "use". */
  act: string;
  /** The subject of the act: a key, a file, a word. */
  subject: string;
  /** File and line, YAML path or flag; left out if the subject already says it. */
  place?: string | undefined;
  /** The rule that was broken. */
  rule: string;
  /** The value that broke the rule; left out if there was none. */
  value?: unknown;
  /** The known name that was probably meant. */
  suggestion?: string | undefined;
}

/**
 * Words an error as `Cannot <act> "<subject>" at <place>: <rule>, current value is <value>`.
 *
 * @param parts The parts; `value` is written as JSON and cut after 80 characters, each other part after 800.
 * @returns One line: control characters are written as in "\u0000".
 */
export function errorMessage(parts: ErrorParts): string {
  const { act, subject, place, rule, suggestion } = parts;
  let message = `Cannot ${act} "${cut(subject)}"${place === undefined ? "" : ` at ${cut(place)}`}: ${
    cut(rule)
  }`;
  if (parts.value !== undefined) message += `, current value is ${showValue(parts.value)}`;
  if (suggestion !== undefined) message += ` (did you mean "${suggestion}"?)`;
  // A key, a file name or a parser's message may contain line ends; an error is one line.
  return printableLine(message);
}

/** Cuts a name, place or rule, which may contain a key or a text of any length. */
function cut(text: string): string {
  return text.length > LONGEST_PART ? text.slice(0, LONGEST_PART - 1) + "…" : text;
}
const LONGEST_PART = 800;

/**
 * Finds the known name that a mistyped one most probably means, by edit distance (Levenshtein, ignoring case).
 *
 * @param name The mistyped name.
 * @param known The allowed names.
 * @returns The nearest of `known`, or undefined if more than about a third of the letters differ.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of known) {
    const limit = Math.max(1, Math.ceil(Math.max(name.length, candidate.length) / 3));
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (distance <= limit && distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/**
 * Computes the Levenshtein distance between two words; Infinity as soon as their lengths differ by more than `limit`.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(substitution, row[j]! + 1, next[j - 1]! + 1);
    }
    row = next;
  }
  return row[b.length]!;
}

/** Returns the result of an operation on a file, or `fallback` if there is no such file or folder. */
export async function ifMissing<T, F>(operation: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return fallback;
    throw error;
  }
}

/** Explains why a file could not be opened, and in which folder a relative path was looked for. */
export function reasonOf(error: unknown, path: string): string {
  if (error instanceof Deno.errors.NotFound) {
    const there = isAbsolute(path)
      ? ""
      : ` in ${Deno.cwd()}, where relative paths start; deno task goes to the folder of its deno.json`;
    return `must exist, no such file or folder${there}`;
  }
  if (error instanceof Deno.errors.IsADirectory) return "must be a file, it is a folder";
  if (error instanceof Deno.errors.NotADirectory) return "must lie in a folder, a part of its path is a file";
  if (error instanceof Deno.errors.PermissionDenied) {
    return "must be readable, permission denied by the system";
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `must be allowed by a --allow flag of deno, ${error.message}`;
  }
  return `could not be opened, ${error instanceof Error ? error.message : error}`;
}

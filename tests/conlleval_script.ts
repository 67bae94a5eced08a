/** The original conlleval.pl, where there is a copy: `CONLLEVAL` names it, and perl runs it. */

import { NO_TYPE } from "../data/tags/tag.ts";

/** What conlleval.pl printed: its first two lines, and what it says of each type. */
export interface ConllevalReport {
  counts: string;
  figures: string;
  perType: Record<string, string>;
}

/**
 * Runs conlleval.pl on a text of columns that are separated by single spaces.
 *
 * @throws with what it printed to stderr if it fails
 */
export async function runConlleval(script: string, text: string): Promise<string> {
  const child = new Deno.Command("perl", {
    args: [script, "-d", " "],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  // A script that ends before it has read everything says itself why.
  const written = writer.write(new TextEncoder().encode(text)).then(() => writer.close()).catch(() => {});
  const [{ success, stdout, stderr }] = await Promise.all([child.output(), written]);
  if (!success) throw new Error(`Cannot run "${script}": ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}

/** Reads a report of conlleval.pl, or one in its format; the type of tags without one is "_", as in the toolkit. */
export function parseConlleval(report: string): ConllevalReport {
  const [counts, figures = "", ...types] = report.trimEnd().split("\n");
  const perType = types.map((line) => {
    const [, type, rest] = /^ *(.*): (precision: .*)$/.exec(line)!;
    return [type || NO_TYPE, rest];
  });
  return { counts: counts!, figures, perType: Object.fromEntries(perType) };
}

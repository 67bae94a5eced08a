/** Names of the files of a report. */

/** Turns a name such as "laner + DAPT" into a part of a file's name. */
export function fileNamePart(name: string): string {
  return name.replace(/[^\p{L}\p{N}_-]+/gu, "_");
}

/**
 * Longest name in bytes of UTF-8: file systems allow 255, which includes the ending and a suffix while the file is
 * being written.
 */
const LONGEST = 200;

function cut(name: string): string {
  const bytes = new TextEncoder().encode(name);
  // A character that would be cut in two is left out.
  return bytes.length <= LONGEST
    ? name
    : new TextDecoder().decode(bytes.subarray(0, LONGEST)).replace(/\ufffd$/, "");
}

/**
 * Gives tables or figures distinct names that files can have, whatever characters their own names contain: a name that
 * is taken gets a number. Equal items are kept once.
 *
 * @param items Plain data with a name, in the order in which they get their file names.
 */
export function withFileNames<T extends { name: string }>(items: readonly T[]): T[] {
  const named: T[] = [];
  const taken = new Set<string>();
  const known = new Set<string>();
  for (const item of items) {
    const text = JSON.stringify(item);
    const part = cut(fileNamePart(item.name));
    if (known.has(text)) continue;
    known.add(text);
    let name = part;
    // Some systems take "AI.csv" and "ai.csv" for the same file.
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${part}_${n}`;
    taken.add(name.toLowerCase());
    named.push({ ...item, name });
  }
  return named;
}

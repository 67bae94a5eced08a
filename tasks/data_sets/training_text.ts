/** Text that models are trained on. */
import { sha256 } from "../files/hash.ts";

/** Text to train on, by lines, with its hash. */
export interface Text {
  lines: readonly string[];
  sha256: string;
}

/** Makes a text of lines. */
export async function textOf(lines: readonly string[]): Promise<Text> {
  return { lines, sha256: await sha256(lines.join("\n")) };
}

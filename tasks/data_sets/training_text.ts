/** Unlabelled text that models are trained on. */
import { sha256 } from "../files/hash.ts";

/** The lines of a text to train on, and their hash. */
export interface Text {
  lines: readonly string[];
  sha256: string;
}

/** Makes a text from lines. */
export async function textOf(lines: readonly string[]): Promise<Text> {
  return { lines, sha256: await sha256(lines.join("\n")) };
}

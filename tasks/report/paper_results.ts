/** The numbers that the paper reports, read from experiments/paper_results.yaml. */
import { fileURLToPath } from "node:url";
import { readYaml } from "../config/read_config.ts";
import type { PaperResults } from "./report_data.ts";

/** Reads the paper's numbers from the file that comes with the toolkit; a test checks its shape. */
export async function readPaperResults(): Promise<PaperResults> {
  const path = fileURLToPath(new URL("../../experiments/paper_results.yaml", import.meta.url));
  return await readYaml(path) as PaperResults;
}

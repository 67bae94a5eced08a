/** One row of the paper's Table 3, trained by `deno task reproduce`: LANER on the source and one target, one seed. */
import { fileURLToPath } from "node:url";
import type { TrainedRow } from "./gpu_table.ts";

/** What to train, and where what it needs lies. */
export interface TrainRowOptions {
  engine: string;
  profile: string;
  target: string | undefined;
  seed: string;
  data: string | undefined;
  encoder: string | undefined;
}

/**
 * Trains the row in a folder of its own, and shows its progress on standard error.
 *
 * @throws Error with what it printed last, if it fails.
 */
export async function trainRow(options: TrainRowOptions): Promise<TrainedRow> {
  const { engine, profile, target, seed, data, encoder } = options;
  const results = await Deno.makeTempDir({ prefix: "bench" });
  const given = { profile, engine, targets: target, seeds: seed, data, encoder, results };
  const flags = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value]
  );
  const start = performance.now();
  try {
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "task",
        "--quiet",
        "reproduce",
        "--only",
        "table_3",
        "--systems",
        "laner",
        "--set",
        "adapt=[false]",
        ...flags,
      ],
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      stderr: "inherit",
    }).output();
    const printed = new TextDecoder().decode(stdout).trim();
    if (!success) throw new Error("reproduce failed and has said why");
    const scores = printed.split("\n").filter((line) => line.startsWith("|")).join("\n");
    return { engine, profile, seconds: (performance.now() - start) / 1000, scores };
  } finally {
    await Deno.remove(results, { recursive: true });
  }
}

/** kill -9 at every write: what was running goes on to the same bytes, and nothing half is taken for whole. */
import { join } from "node:path";
import {
  checkMiniature,
  type Kill,
  listenTo,
  type MiniatureRun,
  runMiniature,
  spawnMiniature,
  writeMiniature,
} from "../tasks/miniature_run.ts";
import type { Torture } from "./torture.ts";

/** Kills of a run: at a file operation, sometimes with the machine, or after any time. */
export const KILLS: Torture = {
  name: "kills",
  what: "trainings killed once or twice",
  tries: { test: 2, torture: 200 },
  async begin(folder) {
    const config = await writeMiniature(folder);
    // Once in a process of its own, to count and to time what can be interrupted.
    const started = performance.now(), first = { config, store: join(folder, "first") };
    const operations = Number((await listenTo(spawnMiniature(first))).match(/operations (\d+)/)![1]);
    const milliseconds = performance.now() - started;
    const undisturbed = await runMiniature({ config, store: join(folder, "undisturbed") });

    return async (random) => {
      const run = { config, store: await Deno.makeTempDir({ dir: folder }) };
      const ways: string[] = [];
      for (let kills = 1 + random.integer(2); kills > 0; kills--) {
        const operation = random.integer(operations), way = WAYS[random.integer(WAYS.length)];
        const time = random.uniform() * milliseconds;
        const isKilled = await killOnce(run, WAY_KILLS[way](operation), way === "at a moment" ? time : null);
        ways.push(isKilled ? way : "not at all, as it had ended");
      }
      const said: string[] = [];
      const resumed = await runMiniature(run, ({ message }) => message && said.push(message));
      if (JSON.stringify(resumed) !== JSON.stringify(undisturbed)) {
        throw new Error(
          `killed ${ways.join(" and ")}, the run ended otherwise than undisturbed (${said.join("; ")})`,
        );
      }
      await checkMiniature(run);
      await Deno.remove(run.store, { recursive: true });
      return ways.map((way) => `killed ${way}`);
    };
  },
};

const WAYS = ["at a write", "at a write with the machine", "at a moment"] as const;
const WAY_KILLS: Record<typeof WAYS[number], (operation: number) => Kill> = {
  "at a write": (operation) => ({ operation }),
  "at a write with the machine": (operation) => ({ operation, machine: true }),
  "at a moment": () => ({}),
};

/** Starts the run and kills it; false if it came to its end before. */
async function killOnce(run: MiniatureRun, kill: Kill, milliseconds: number | null): Promise<boolean> {
  const child = spawnMiniature(run, kill), end = listenTo(child);
  const timer = milliseconds === null ? undefined : setTimeout(() => child.kill("SIGKILL"), milliseconds);
  const { signal, code } = await child.status, said = await end;
  clearTimeout(timer);
  if (signal === "SIGKILL") return true;
  if (code === 0) return false;
  throw new Error(`a run that went on ended with code ${code}: ${said}`);
}

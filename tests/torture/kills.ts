/** kill -9 at every write: what was running goes on to the same bytes, and nothing half is taken for whole. */
import { basename, join } from "node:path";
import { LOSSES } from "../crashing_disk.ts";
import { type FileOperation, watchFiles } from "../file_operations.ts";
import {
  checkMiniature,
  type Kill,
  listenTo,
  type MiniatureRun,
  runMiniature,
  spawnMiniature,
  writeMiniature,
} from "../tasks/miniature_run.ts";
import { pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

/** Plain arrays, and arrays that the engine holds; both write files in the same order. */
const ENGINES = ["onnx", "onnx-ffi"] as const;

/** Kills of a run: at a file operation, sometimes with the machine, or after any time. */
export const KILLS: Torture = {
  name: "kills",
  what: "trainings killed once or twice",
  tries: { test: 2, torture: 200 },
  async begin(folder) {
    const config = await writeMiniature(folder);
    const points = new Map<string, number[]>();
    const undisturbed = new Map<string, string>();
    for (const engine of ENGINES) {
      let count = 0;
      points.clear();
      using _ = watchFiles((operation) => {
        const point = pointOf(operation);
        points.set(point, [...points.get(point) ?? [], count++]);
      });
      const result = await runMiniature({ config, store: join(folder, `undisturbed-${engine}`), engine });
      undisturbed.set(engine, JSON.stringify(result));
    }
    const started = performance.now();
    await listenTo(spawnMiniature({ config, store: join(folder, "timed") }));
    const milliseconds = performance.now() - started;

    return async (random) => {
      const engine = pick(random, ENGINES);
      const run = { config, store: await Deno.makeTempDir({ dir: folder }), engine };
      const ways: string[] = [];
      for (let kills = 1 + random.integer(2); kills > 0; kills--) {
        // Every point is as likely, also the few at the end of a stage.
        const point = pick(random, [...points.keys()]);
        const operation = pick(random, points.get(point)!);
        const isAtMoment = random.integer(3) === 0;
        const loss = pick(random, [undefined, ...LOSSES]);
        const isKilled = isAtMoment
          ? await killOnce(run, {}, random.uniform() * milliseconds)
          : await killOnce(run, { operation, loss }, null);
        ways.push(isKilled ? isAtMoment ? "at a moment" : `at ${point}` : "not at all, as it had ended");
      }
      const said: string[] = [];
      const resumed = await runMiniature(run, ({ message }) => message && said.push(message));
      if (JSON.stringify(resumed) !== undisturbed.get(engine)) {
        throw new Error(
          `killed ${ways.join(" and ")}, the run on ${engine} ended otherwise than undisturbed (${
            said.join("; ")
          })`,
        );
      }
      await checkMiniature(run);
      await Deno.remove(run.store, { recursive: true });
      return ways.map((way) => `killed ${way}`);
    };
  },
};

/** A point of the sequence in which files are written, whatever its stage and its process. */
function pointOf({ name, path }: FileOperation): string {
  const file = basename(path).replace(/[0-9a-f]{16}/, "STAGE").replace(/\.\d+\.tmp$/, ".tmp");
  return `${name} ${file.replace(/^\w+-STAGE/, "STAGE")}`;
}

/** Starts the run and kills it; false if it came to its end before. */
async function killOnce(run: MiniatureRun, kill: Kill, milliseconds: number | null): Promise<boolean> {
  const child = spawnMiniature(run, kill);
  const end = listenTo(child);
  const timer = milliseconds === null ? undefined : setTimeout(() => killIfAlive(child), milliseconds);
  const { signal, code } = await child.status;
  const said = await end;
  clearTimeout(timer);
  if (signal === "SIGKILL") return true;
  if (code === 0) return false;
  throw new Error(`a run that went on ended with code ${code}: ${said}`);
}

function killIfAlive(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It ended in this very moment.
    if (!(error instanceof TypeError)) throw error;
  }
}

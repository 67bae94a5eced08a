/** Stopping at any step of any stage, on several engines: what goes on ends with the same bits as what was never stopped. */
import { join } from "node:path";
import { checkMiniature, runMiniature, writeMiniature } from "../tasks/miniature_run.ts";
import type { Torture } from "./torture.ts";

/** Plain arrays that are recorded, and not; and arrays that the engine holds. */
const ENGINES = ["onnx", "cpu", "onnx-ffi"] as const;

/** Stops of a run by its signal, as Ctrl-C and SIGTERM give it. */
export const RESUMES: Torture = {
  name: "resumes",
  what: "trainings stopped at one to three random steps",
  tries: { test: 4, torture: 200 },
  async begin(folder) {
    const config = await writeMiniature(folder);
    const whole = new Map<string, { result: string; nSteps: number }>();
    for (const engine of ENGINES) {
      let nSteps = 0;
      const run = { config, store: join(folder, engine), engine };
      const result = JSON.stringify(await runMiniature(run, () => void nSteps++));
      whole.set(engine, { result, nSteps });
    }

    return async (random) => {
      const engine = ENGINES[random.integer(ENGINES.length)]!;
      const { result, nSteps } = whole.get(engine)!;
      const run = { config, store: await Deno.makeTempDir({ dir: folder }), engine };
      let nStops = 0;
      for (let stops = 1 + random.integer(3); stops > 0; stops--) {
        const controller = new AbortController();
        const reason = new Error("told to stop");
        let left = random.integer(nSteps);
        try {
          await runMiniature(run, () => void (left-- === 0 && controller.abort(reason)), controller.signal);
        } catch (error) {
          if (error !== reason) throw error;
          nStops++;
        }
      }
      if (JSON.stringify(await runMiniature(run)) !== result) {
        throw new Error(`${engine} ended with other bits`);
      }
      await checkMiniature(run);
      await Deno.remove(run.store, { recursive: true });
      return `stopped ${nStops} times on ${engine}`;
    };
  },
};

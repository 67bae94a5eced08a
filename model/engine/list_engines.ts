/** Finds out which engines run on the machine. */
import { createEngine } from "./create_engine.ts";
import { type Engine, ENGINE_NAMES, type EngineName } from "./engine.ts";

/** An engine, and if it runs on the machine. */
export interface EngineReport {
  name: EngineName;
  runs: boolean;
  /** Its version, with its GPU or number of threads; of one that does not run, what is missing. */
  about: string;
}

/** Tries each engine on a small function, one after another. */
export async function listEngines(): Promise<EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const name of ENGINE_NAMES) {
    try {
      const engine = await createEngine(name);
      await tryOut(engine);
      reports.push({ name, runs: true, about: engine.version });
    } catch (error) {
      const about = (error as Error).message.replace(/^Cannot load the \w+ engine:? /, "");
      reports.push({ name, runs: false, about });
    }
  }
  return reports;
}

/** Computes something, as a runtime is only started when it has a graph to load. */
async function tryOut(engine: Engine): Promise<void> {
  const compiled = engine.compile("trial", ({ x }) => ({ y: x!.square() }));
  try {
    await compiled.run({ x: { shape: [1], data: Float32Array.of(1) } });
  } finally {
    compiled.dispose();
  }
}

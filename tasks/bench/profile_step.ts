/** Profiles the training steps of one system in this process, kernel by kernel. Run by `deno task bench`. */
import { join } from "node:path";
import { closedObject, listOf } from "../../data/schema/file_shapes.ts";
import type { Shape } from "../../data/schema/shapes.ts";
import { loadNodeRuntime } from "../../model/engine/node_runtime.ts";
import { createOnnxEngine } from "../../model/engine/onnx_engine.ts";
import type { Runtime } from "../../model/engine/runtime.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { BENCH_REQUEST, type BenchRequest, readRequest } from "./bench_request.ts";
import { answer } from "./child.ts";
import { GRAPH_NODES, type GraphNodes, graphNodes } from "./graph_nodes.ts";
import { type GraphRun, readProfileRuns } from "./kernel_events.ts";
import { prepareBench } from "./prepare_bench.ts";
import { STEP_PROFILE, type StepProfile, summariseProfile } from "./step_profile.ts";
import { meanStep, timedEngine, timeSteps } from "./timed_steps.ts";

/** What a profile tells. */
export interface ProfileResult {
  profile: StepProfile;
  /** The graphs of a step as they were recorded, and as ONNX Runtime runs them after its optimisations. */
  graphs: { recorded: GraphNodes; run: GraphNodes }[];
}

/** The shape of its JSON. */
export const PROFILE_RESULT: Shape<ProfileResult> = closedObject({
  profile: STEP_PROFILE,
  graphs: listOf(closedObject({ recorded: GRAPH_NODES, run: GRAPH_NODES })),
});

/**
 * Profiles all batches of an epoch, after one that is not counted.
 *
 * @param folder Where graphs and profiles are written: LABEL.onnx, LABEL.run.onnx and LABEL.run_DATE.json.
 */
export async function profileStep(request: BenchRequest, folder: string): Promise<ProfileResult> {
  const { model, random, drawEpoch } = await prepareBench(request);
  const labels: string[] = [];
  const timed = timedEngine(createOnnxEngine(await profiledRuntime(folder, labels)));
  const system = createSystem(timed.engine, model);
  const first = drawEpoch().slice(0, 1);
  await timeSteps(system, timed, [first], random);
  const before = timed.nRuns();
  const steps = (await timeSteps(system, timed, [drawEpoch()], random)).flat();
  system.dispose();
  const runs: Record<string, GraphRun[]> = {};
  for (const label of labels) {
    // A graph that was not run in the first step is not one of a step.
    runs[label] = (await runsOf(folder, label)).slice(before[label] ?? 0);
  }
  const graphs = await Promise.all(labels.map(async (label) => ({
    recorded: graphNodes(await Deno.readFile(join(folder, `${fileName(label)}.onnx`))),
    run: { ...graphNodes(await Deno.readFile(join(folder, `${fileName(label)}.run.onnx`))), label },
  })));
  const { config } = model;
  return { profile: summariseProfile({ runs, config, nSteps: steps.length, step: meanStep(steps) }), graphs };
}

/** Loads the runtime of `onnx`, so that it profiles each model and writes it to a folder; `labels` are told of each. */
async function profiledRuntime(folder: string, labels: string[]): Promise<Runtime> {
  return {
    ...await loadNodeRuntime(),
    async load(model, held) {
      const { label } = graphNodes(model);
      labels.push(label);
      await Deno.writeFile(join(folder, `${fileName(label)}.onnx`), model);
      const runtime = await loadNodeRuntime({ profile: join(folder, `${fileName(label)}.run`) });
      return await runtime.load(model, held);
    },
  };
}

/** Reads the newest profile of a graph, which its release has written. */
async function runsOf(folder: string, label: string): Promise<GraphRun[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  // The date at the end of a name sorts by time.
  const [newest] = names.filter((name) => name.startsWith(`${fileName(label)}.run_`)).sort().reverse();
  if (newest === undefined) {
    throw new Error(`Cannot profile "${label}": ONNX Runtime wrote no profile into ${folder}`);
  }
  return readProfileRuns(await Deno.readTextFile(join(folder, newest)), newest);
}

/** Makes the name of a graph's files: "label_encoder_tables". */
function fileName(label: string): string {
  return label.replaceAll(/\W+/g, "_");
}

if (import.meta.main) {
  const request = readRequest(BENCH_REQUEST);
  const folder = request.graphs ?? await Deno.makeTempDir({ prefix: "bench" });
  try {
    answer(await profileStep(request, folder));
  } finally {
    if (request.graphs === undefined) await Deno.remove(folder, { recursive: true });
  }
}

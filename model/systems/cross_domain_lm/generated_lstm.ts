/**
 * A BiLSTM whose weights are generated (Jia et al. 2019): each domain and each task has a vector, and the weights for a
 * job, a task in a domain, are a product of both with one large array, θ = Σ W[i, j] domain[i] task[j].
 */
import type { Domain } from "../../../data/batches/domain_batches.ts";
import { DOMAINS } from "../../../data/tags/domain_tags.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { tf } from "../../engine/tf.ts";
import { createBiLstm } from "../../nn/bilstm.ts";
import { biLstmShapes } from "../../nn/bilstm_shapes.ts";
import { createGraphBlock } from "../../nn/graph_block.ts";
import { type Parameters, sizeOf } from "../../weights/parameters.ts";

/** A task in a domain. */
export interface Job {
  domain: Domain;
  task: "ner" | "lm";
}

/** The tasks, in the order of their vectors; jobs are ordered by domain, then by task. */
export const TASKS = ["ner", "lm"] as const;

/** Width of the vectors of domains, and of those of tasks. */
const VECTOR = 8;

/** Generates weights and reads sentences with them. */
export interface GeneratedLstm {
  /** Generates the weights of all jobs, with which they read from then on. */
  generate(parameters: Parameters): Promise<void>;
  /** Reads sentences for a job; returns the states of their words, float32 [W, 2H] (see `BiLstm`). */
  forward(job: Job, x: NdArray, nWords: readonly number[]): Promise<NdArray>;
  /** Returns the gradient by `x` of the last `forward` from that of its states, and adds up those of the weights. */
  backward(d: NdArray): Promise<NdArray>;
  /** Returns the gradients of the parameters from those of all jobs' weights since `generate`. */
  gradients(): Promise<Parameters>;
  dispose(): void;
}

const lstmOptions = (inputWidth: number, width: number) => ({ name: "lstm", inputWidth, width });

/** Lists names and shapes of the parameters. */
export function generatedLstmShapes(
  inputWidth: number,
  width: number,
  vector = VECTOR,
  taskVector = vector,
): Record<string, number[]> {
  const sizes = Object.values(biLstmShapes(lstmOptions(inputWidth, width))).map(sizeOf);
  return {
    "generator.weight": [vector, taskVector, sizes.reduce((sum, size) => sum + size, 0)],
    "domain_embedding.weight": [DOMAINS.length, vector],
    "task_embedding.weight": [TASKS.length, taskVector],
  };
}

/** Compiles a generated LSTM. */
export function createGeneratedLstm(engine: Engine, inputWidth: number, width: number): GeneratedLstm {
  const lstm = createBiLstm(engine, lstmOptions(inputWidth, width));
  const shapes = Object.entries(biLstmShapes(lstmOptions(inputWidth, width)));
  const size = shapes.reduce((sum, [, shape]) => sum + sizeOf(shape), 0);
  const nJobs = DOMAINS.length * TASKS.length;
  const generator = createGraphBlock(engine, {
    label: "generated weights",
    compute: ({ weight, domains, tasks }) => {
      const [D, E] = weight.shape as [number, number];
      const pairs = tf.mul(
        tf.reshape(domains, [DOMAINS.length, 1, D, 1]),
        tf.reshape(tasks, [1, TASKS.length, 1, E]),
      );
      return { theta: tf.matMul(tf.reshape(pairs, [nJobs, D * E]), tf.reshape(weight, [D * E, size])) };
    },
    axes: {},
    outputs: { theta: [nJobs, size] },
    by: ["weight", "domains", "tasks"],
  });
  let theta: Float32Array = new Float32Array();
  let current = 0;
  const dTheta = new Float32Array(nJobs * size);

  /** Cuts a job's row into the weights of the LSTM. */
  function weightsOf(row: Float32Array): Parameters {
    let start = 0;
    return Object.fromEntries(shapes.map(([name, shape]) => {
      const data = row.subarray(start, start += sizeOf(shape));
      return [name, { shape, data }];
    }));
  }

  return {
    async generate(parameters) {
      const made = await generator.forward({
        weight: parameters["generator.weight"]!,
        domains: parameters["domain_embedding.weight"]!,
        tasks: parameters["task_embedding.weight"]!,
      });
      theta = made.theta.data;
      dTheta.fill(0);
    },
    async forward({ domain, task }, x, nWords) {
      current = DOMAINS.indexOf(domain) * TASKS.length + TASKS.indexOf(task);
      const weights = weightsOf(theta.subarray(current * size, (current + 1) * size));
      return (await lstm.forward(weights, x, nWords)).states;
    },
    async backward(d) {
      const { x, gradients } = await lstm.backward({ states: d });
      const own = weightsOf(dTheta.subarray(current * size, (current + 1) * size));
      for (const [name, { data }] of Object.entries(own)) {
        const more = gradients[name]!.data;
        for (let i = 0; i < data.length; i++) data[i]! += more[i]!;
      }
      return x;
    },
    async gradients() {
      const d = await generator.backward({ theta: { shape: [nJobs, size], data: dTheta } });
      return {
        "generator.weight": d.weight,
        "domain_embedding.weight": d.domains,
        "task_embedding.weight": d.tasks,
      };
    },
    dispose() {
      generator.dispose();
      lstm.dispose();
    },
  };
}

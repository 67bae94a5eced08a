/**
 * Trains and predicts with a LANER on the engine webgpu, with ONNX Runtime's log, which tells where each node runs. The
 * argument is the precision of training: float32 or float16.
 */
import * as ort from "npm:onnxruntime-web@1.30.0/webgpu";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { mixedEngine } from "../../../model/engine/mixed_precision.ts";
import { train } from "../../../model/training/train.ts";
import { tinySentences, tinySystem } from "../tiny.ts";

ort.env.logLevel = "verbose";
const { InferenceSession } = ort;
const create = InferenceSession.create.bind(InferenceSession);
Object.assign(InferenceSession, {
  create: (model: Uint8Array, options: Record<string, unknown>) =>
    create(model, { ...options, logSeverityLevel: 0 }),
});

const random = createRandom(6);
const sentences = tinySentences(random, 2, 6);
const plain = await createEngine("webgpu");
const engine = Deno.args[0] === "float16"
  ? mixedEngine(plain, { precision: "float16", lossScale: { scale: 1024 } })
  : plain;
const system = tinySystem(engine, "laner", 5);
await train(system, sentences, { epochs: 1, clipNorm: 1, average: { decay: 0.9, from: 1 }, random });
await system.predict(sentences);
system.dispose();

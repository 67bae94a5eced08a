/**
 * Engines, which run functions of tensors: ONNX Runtime, TensorFlow and the backends of TensorFlow.js. An engine's
 * runtime is loaded when the engine is created.
 *
 * @module
 */
export { createEngine } from "./create_engine.ts";
export type { Arrays, Compiled, Engine, TensorFunction } from "./engine.ts";
export { valueAndGradients } from "./gradients.ts";
export { mixedEngine, type MixedPrecision } from "./mixed_precision.ts";
export type { NdArray } from "./nd_array.ts";
export type { Precision } from "./precision.ts";

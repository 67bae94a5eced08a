/**
 * TensorFlow.js, for the files of model/ that build networks from its ops. This folder is the only place that
 * names the package; which machine code runs the ops is decided by an engine (engine.ts).
 */
import * as tf from "npm:@tensorflow/tfjs@4.22.0";

export { tf };
/** A tensor of TensorFlow.js. */
export type Tensor = tf.Tensor;
/** Tensors by name. */
export type Tensors = Record<string, tf.Tensor>;

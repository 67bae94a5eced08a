/** Puts arrays into a GPU's memory for the webgpu engine. */
import { plainTensor, type ToTensor } from "./eager_engine.ts";
import { tf } from "./tf.ts";

/** Fewer values are left to TensorFlow.js, which uploads them where they are used or computes with them in place. */
const FEWEST = 1024;

/**
 * Makes a tensor of an array, written through the device's queue. TensorFlow.js maps the GPU's memory and writes there,
 * and to map it Deno reads it first, which is slow: on an NVIDIA H200 it took nine tenths of a training step.
 */
export const webgpuTensor: ToTensor = (array) => {
  const { shape, data } = array;
  if (data instanceof Int32Array || data.length < FEWEST) return plainTensor(array);
  const { device } = tf.backend() as unknown as { device: GPUDevice };
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size: data.byteLength, usage });
  device.queue.writeBuffer(buffer, 0, data as BufferSource);
  // The tensor gets a copy, made on the device and freed with the tensor.
  const tensor = tf.tensor({ buffer }, shape, "float32");
  buffer.destroy();
  return tensor;
};

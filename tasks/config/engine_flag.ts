/** The flag that names an engine, the same for every command. */

/** The flag. */
export const ENGINE_FLAG = {
  type: "text",
  valueName: "NAME",
  choices: ["auto", "onnx", "cuda", "tensorflow", "webgpu", "wasm", "cpu"],
  doc: "What runs the tensor operations",
} as const;

/** An engine for what must not compute. */
import type { Engine } from "../../model/engine/engine.ts";

export const NO_ENGINE: Engine = {
  name: "onnx",
  version: "none",
  compile: () => {
    throw new Error("not asked for");
  },
};

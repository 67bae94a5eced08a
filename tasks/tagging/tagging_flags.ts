/** Flags that say how a trained model tags sentences, the same for every command that has one. */
import type { EngineName } from "../../model/engine/engine.ts";
import { ENGINE_FLAG } from "../config/engine_flag.ts";

/** The flags. */
export const TAGGING_FLAGS = {
  engine: ENGINE_FLAG,
  threads: {
    type: "integer",
    default: 0,
    doc: "Threads of each job on the engines onnx and wasm; 0 for its share of all cores",
  },
  jobs: {
    type: "integer",
    default: 1,
    doc: "Parts of a long text to tag side by side, each with the model in memory of its own",
  },
  int8: {
    type: "boolean",
    doc: "Compute the encoder in 8 bits: faster, and some tags change; on the engines onnx and wasm",
  },
} as const;

/** The values of the flags. */
export interface TaggingFlagValues {
  engine?: EngineName | "auto" | undefined;
  threads: number;
  jobs: number;
  int8: boolean;
}

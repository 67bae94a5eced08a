/** What a process of the bench is asked to time, as its argument says. */
import { closedObject, listOf, maybe, whole } from "../../data/schema/file_shapes.ts";
import { anyText, choice, finite, type Shape } from "../../data/schema/shapes.ts";
import { ENGINE_NAMES, type EngineName } from "../../model/engine/engine.ts";
import { readShape } from "../config/place.ts";
import { ENCODER_SIZE_NAMES, type EncoderSize } from "./encoder_sizes.ts";
import type { PartTimes } from "./timed_steps.ts";

/** The systems that are timed. */
export type BenchedSystem = "bert-tagger" | "laner";

/** An engine that can be asked for. */
export type BenchedEngine = EngineName | "auto";

/** The engines that can be asked for. */
export const BENCHED_ENGINES = ["auto", ...ENGINE_NAMES, "onnx-ffi"] as const;

/** The system to time, its data and its encoder. */
export interface BenchRequest {
  system: BenchedSystem;
  root: string;
  target: string;
  encoder: string;
  /** Random weights of this size in place of the encoder's own; null for those. */
  size: EncoderSize | null;
  engine: BenchedEngine;
  epochs: number;
  /** Folder of a trained model to time prediction with, in place of the model that was just trained. */
  model?: string;
  /** Folder in which recorded graphs, and profiles of them, are written. */
  graphs?: string;
}

/** Sentences that are made up, and the model and engine that are timed on them. */
export interface SyntheticRequest {
  system: BenchedSystem;
  size: EncoderSize;
  engine: BenchedEngine;
  /** Threads of an operator; 0 for all cores. */
  threads: number;
  /** Sentences in a batch, and words in each. */
  sentences: number;
  length: number;
  labelWidth: number;
  /** Entity types. */
  types: number;
  /** Steps that are timed, after one that is not. */
  steps: number;
  /** Sentences that are predicted; 0 for no prediction. */
  predicted: number;
}

const SYSTEM = choice("bert-tagger", "laner");
const SIZE = choice(...(ENCODER_SIZE_NAMES as [EncoderSize, ...EncoderSize[]]));

/** The shape of the JSON that the parent process hands over. */
export const BENCH_REQUEST: Shape<BenchRequest> = closedObject({
  system: SYSTEM,
  root: anyText(),
  target: anyText(),
  encoder: anyText(),
  size: SIZE.nullable(),
  engine: choice(...BENCHED_ENGINES),
  epochs: whole(1),
  model: maybe(anyText()),
  graphs: maybe(anyText()),
});

/** The shape of a request for made-up sentences. */
export const SYNTHETIC_REQUEST: Shape<SyntheticRequest> = closedObject({
  system: SYSTEM,
  size: SIZE,
  engine: choice(...BENCHED_ENGINES),
  threads: whole(0),
  sentences: whole(1),
  length: whole(1),
  labelWidth: whole(1),
  types: whole(1),
  steps: whole(1),
  predicted: whole(0),
});

/** Times by part, as processes print them. */
export const PART_TIMES: Shape<PartTimes> = closedObject({
  graph: finite(),
  labelEncoder: finite(),
  optimiser: finite(),
  host: finite(),
});

/** The times of several steps. */
export const STEPS: Shape<PartTimes[]> = listOf(PART_TIMES);

/** Reads the request of this process, its first argument. */
export function readRequest<T>(shape: Shape<T>): T {
  const place = { path: "", sourceOf: () => "the process's argument" };
  return readShape(shape, JSON.parse(Deno.args[0] ?? "null"), place);
}

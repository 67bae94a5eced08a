/** Kernels that ran, as the profiles of ONNX Runtime list them (JSON in the format of Chrome's trace viewer). */
import { listOf, objectOf } from "../../data/schema/file_shapes.ts";
import { anyText, finite, type Shape } from "../../data/schema/shapes.ts";
import { readShape } from "../config/place.ts";

/** One run of a kernel. */
export interface Kernel {
  /** Its operator: "Gemm". */
  op: string;
  milliseconds: number;
  /** Shapes of inputs, then of outputs. */
  inputs: number[][];
  outputs: number[][];
}

/** A run of a whole graph. */
export interface GraphRun {
  milliseconds: number;
  kernels: Kernel[];
}

interface ProfileEvent {
  cat: string;
  name: string;
  ts: number;
  dur: number;
  args: {
    op_name?: string | undefined;
    input_type_shape?: Record<string, number[]>[] | undefined;
    output_type_shape?: Record<string, number[]>[] | undefined;
  };
}

/** The shape of an event; other programs add keys. */
const EVENTS: Shape<ProfileEvent[]> = listOf(
  objectOf({ cat: anyText(), name: anyText(), ts: finite(), dur: finite(), args: objectOf({}) }),
) as unknown as Shape<ProfileEvent[]>;

/**
 * Reads a profile.
 *
 * @param text The file's text.
 * @param source Names the file in errors.
 * @returns The runs of the graph in their order.
 * @throws Error if the text is no profile.
 */
export function readProfileRuns(text: string, source: string): GraphRun[] {
  const events = readShape(EVENTS, JSON.parse(text), { path: "", sourceOf: () => source });
  const byTime = events.toSorted((a, b) => a.ts - b.ts);
  const kernels = byTime.filter(({ cat, name }) => cat === "Node" && name.endsWith("_kernel_time"));
  let next = 0;
  return byTime.filter(({ cat, name }) => cat === "Session" && name === "model_run").map((run) => {
    const own: Kernel[] = [];
    for (; next < kernels.length && kernels[next]!.ts <= run.ts + run.dur; next++) {
      own.push(kernelOf(kernels[next]!));
    }
    return { milliseconds: run.dur / 1000, kernels: own };
  });
}

function kernelOf({ dur, args }: ProfileEvent): Kernel {
  const shapes = (list: Record<string, number[]>[] = []) => list.map((one) => Object.values(one)[0] ?? []);
  return {
    op: args.op_name ?? "unknown",
    milliseconds: dur / 1000,
    inputs: shapes(args.input_type_shape),
    outputs: shapes(args.output_type_shape),
  };
}

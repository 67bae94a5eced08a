/** A graph being recorded: what the rules use to add nodes, constants and shapes that vary with the batch. */
import type { NdArray } from "./nd_array.ts";
import { createGraph, type DType, type GraphBuilder, type Value } from "./onnx_graph.ts";
import type { Symbols } from "./symbols.ts";

/** The means by which a rule adds nodes. */
export class Recording {
  readonly graph: GraphBuilder;
  readonly symbols: Symbols;
  #axisSources = new Map<string, { input: Value; axis: number }>();
  #shapes = new Map<string, Value>();
  #weights = new Map<string, NdArray>();

  constructor(label: string, symbols: Symbols) {
    this.graph = createGraph(label);
    this.symbols = symbols;
  }

  /** Adds an input of the function. */
  input(name: string, dims: (number | string)[], dtype: DType): Value {
    const shape = dims.map((d) => (typeof d === "string" ? this.symbols.sizeOf(d) : d));
    const value = this.graph.input(name, dims, shape, dtype);
    dims.forEach((d, axis) => {
      if (typeof d === "string" && !this.#axisSources.has(d)) {
        this.#axisSources.set(d, { input: value, axis });
      }
    });
    return value;
  }

  /** Adds an input of the function whose values are the same in every run. */
  weight(name: string, array: NdArray): Value {
    this.#weights.set(name, array);
    return this.graph.weight(name, array.data, array.shape);
  }

  /** Returns the array that a value stands for, if it is the same in every run. */
  weightOf({ name }: Value): NdArray | undefined {
    return this.#weights.get(name);
  }

  /** Joins values along an axis, whose size may vary. */
  concat(parts: Value[], axis: number): Value {
    const [first] = parts as [Value];
    const sizes = parts.map(({ shape }) => shape[axis]!);
    const shape = [...first.shape];
    const varies = parts.length > 1 && sizes.some((size) => this.varies(size));
    shape[axis] = varies ? this.symbols.sum(sizes) : sizes.reduce((sum, size) => sum + size, 0);
    const value = this.graph.node("Concat", parts, { shape, dtype: first.dtype }, { axis });
    const [name] = varies ? this.symbols.read(shape[axis]).axes : [];
    if (name !== undefined && !this.#axisSources.has(name)) {
      this.#axisSources.set(name, { input: value, axis });
    }
    return value;
  }

  /** Adds a constant vector of int64, as shapes and axes are given. */
  int64(values: number[]): Value {
    return this.graph.constant(BigInt64Array.from(values, BigInt), [values.length], "int64");
  }

  /** Adds a constant number. */
  scalar(value: number, dtype: "float32" | "int32" = "float32"): Value {
    return this.graph.constant(
      dtype === "float32" ? Float32Array.of(value) : Int32Array.of(value),
      [],
      dtype,
    );
  }

  /** Tells whether a size depends on the batch. */
  varies(size: number): boolean {
    return this.symbols.read(size).axes.length > 0;
  }

  /** Adds a shape as a graph value; for Reshape one varying size may be left for it to work out (-1). */
  shape(shape: number[], forReshape = false): Value {
    const key = `${shape}|${forReshape}`;
    const known = this.#shapes.get(key);
    if (known) return known;
    const nVarying = shape.filter((size) => this.varies(size)).length;
    // Where nothing else has a size, there is nothing from which it could be worked out.
    const value = nVarying === 0
      ? this.int64(shape)
      : forReshape && nVarying === 1 && !shape.includes(0)
      ? this.int64(shape.map((size) => (this.varies(size) ? -1 : size)))
      : this.#concat(shape.map((size) => this.#size(size)));
    this.#shapes.set(key, value);
    return value;
  }

  #concat(parts: Value[]): Value {
    if (parts.length === 1) return parts[0]!;
    return this.graph.node("Concat", parts, { shape: [parts.length], dtype: "int64" }, { axis: 0 });
  }

  #size(size: number): Value {
    const { factor, axes } = this.symbols.read(size);
    const result = { shape: [1], dtype: "int64" as const };
    return axes.reduce((product, name) => {
      const { input, axis } = this.#axisSources.get(name)!;
      const length = this.graph.node("Shape", [input], result, { start: axis, end: axis + 1 });
      return this.graph.node("Mul", [product, length], result);
    }, this.int64([factor]));
  }
}

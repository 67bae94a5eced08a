/** Writes ONNX models: nodes, constants, inputs and outputs, as bytes that ONNX Runtime reads. */
import proto from "npm:onnx-proto@8.0.1";
const { onnx } = proto;

/** A value in the graph. Sizes of varying axes are primes (symbols.ts). */
export interface Value {
  name: string;
  shape: number[];
  dtype: DType;
}
/** Element types that graphs use. */
export type DType = "float32" | "float16" | "bfloat16" | "int32" | "int64" | "int8" | "bool";
type Attribute = number | string | number[] | { float: number };

/** ONNX's numbers for them. */
export const ELEMENT = {
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;

/** A graph under construction. */
export interface GraphBuilder {
  /** Adds an input; a text in `dims` is a varying axis. */
  input(name: string, dims: (number | string)[], shape: number[], dtype: DType): Value;
  /** Adds a constant. */
  constant(
    data: Float32Array | Int32Array | BigInt64Array | Int8Array | Uint8Array,
    shape: number[],
    dtype: DType,
  ): Value;
  /** Adds a constant of a name, which is written if a node reads it; the data must not change until `toBytes`. */
  weight(name: string, data: Float32Array, shape: number[]): Value;
  /** Adds a node with one output. Whole numbers become int attributes; write `{ float }` for the others. */
  node(
    op: string,
    inputs: (Value | null)[],
    result: { shape: number[]; dtype: DType },
    attributes?: Record<string, Attribute>,
    domain?: string,
  ): Value;
  /** Makes a value an output under the given name. */
  output(name: string, value: Value): void;
  /** Returns the model as bytes. */
  toBytes(): Uint8Array;
  /** Counts the nodes. */
  nNodes(): number;
}

/** Starts an empty graph (opset 18 and the contributed operators of ONNX Runtime). */
export function createGraph(name: string): GraphBuilder {
  const graph = onnx.GraphProto.create({ name });
  let count = 0;
  const fresh = () => `v${count++}`;
  const weights = new Map<string, { data: Float32Array; shape: number[] }>();
  return {
    input(name, dims, shape, dtype) {
      graph.input.push(onnx.ValueInfoProto.create({
        name,
        type: {
          tensorType: {
            elemType: ELEMENT[dtype],
            shape: { dim: dims.map((d) => (typeof d === "string" ? { dimParam: d } : { dimValue: d })) },
          },
        },
      }));
      return { name, shape, dtype };
    },
    constant(data, shape, dtype) {
      const name = fresh();
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
      graph.initializer.push(
        onnx.TensorProto.create({ name, dims: shape, dataType: ELEMENT[dtype], rawData: bytes }),
      );
      return { name, shape, dtype };
    },
    weight(name, data, shape) {
      weights.set(name, { data, shape });
      return { name, shape, dtype: "float32" };
    },
    node(opType, inputs, { shape, dtype }, attributes = {}, domain = "") {
      const name = fresh();
      graph.node.push(onnx.NodeProto.create({
        opType,
        domain,
        name: `${opType}_${name}`,
        input: inputs.map((v) => v?.name ?? ""),
        output: [name],
        attribute: Object.entries(attributes).map(([key, value]) => attributeOf(key, value)),
      }));
      return { name, shape, dtype };
    },
    output(name, value) {
      // A graph may hand out an input, or one value under two names: a node of its own gives it the name.
      graph.node.push(onnx.NodeProto.create({ opType: "Identity", input: [value.name], output: [name] }));
      graph.output.push(
        onnx.ValueInfoProto.create({ name, type: { tensorType: { elemType: ELEMENT[value.dtype] } } }),
      );
    },
    toBytes() {
      const all = [...weights].map(([name, { data, shape }]) =>
        onnx.TensorProto.create({
          name,
          dims: shape,
          dataType: ELEMENT.float32,
          // Not copied: the weights of a model may be large.
          rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        })
      );
      return onnx.ModelProto.encode(onnx.ModelProto.create({
        irVersion: 8,
        opsetImport: [{ domain: "", version: 18 }, { domain: "com.microsoft", version: 1 }],
        graph: withoutUnread({ ...graph, initializer: [...graph.initializer, ...all] }),
      })).finish();
    },
    nNodes: () => graph.node.length,
  };
}

/**
 * Leaves out nodes and constants on which no output depends, such as the value of a function of which only gradients
 * are handed out: ONNX Runtime would compute them.
 */
function withoutUnread(graph: proto.onnx.IGraphProto): proto.onnx.IGraphProto {
  const read = new Set(graph.output!.map(({ name }) => name!));
  const node = graph.node!.toReversed().filter(({ input, output }) => {
    const isRead = output!.some((name) => read.has(name));
    if (isRead) { for (const name of input!) read.add(name); }
    return isRead;
  }).reverse();
  return { ...graph, node, initializer: graph.initializer!.filter(({ name }) => read.has(name!)) };
}

function attributeOf(name: string, value: Attribute) {
  const { AttributeType } = onnx.AttributeProto;
  if (typeof value === "number") return { name, type: AttributeType.INT, i: value };
  if (typeof value === "string") {
    return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) };
  }
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: value };
  return { name, type: AttributeType.FLOAT, f: value.float };
}

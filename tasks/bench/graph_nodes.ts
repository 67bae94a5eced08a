/** What a graph is made of, and what in it is for nothing. */
import { closedObject, mapOf, whole } from "../../data/schema/file_shapes.ts";
import { anyText, type Shape } from "../../data/schema/shapes.ts";
import proto from "npm:onnx-proto@8.0.1";

/** The nodes of a graph. */
export interface GraphNodes {
  /** The graph's name: the label with which the function was compiled. */
  label: string;
  /** The number of nodes by operator, the most frequent first. */
  byOp: Record<string, number>;
  /** Nodes on which no output depends, by operator. */
  unread: Record<string, number>;
  /** Nodes that compute what another one does, by operator. */
  repeated: Record<string, number>;
  /** Nodes that compute the same in every run, from constants alone, by operator. */
  constant: Record<string, number>;
}

const COUNTS = mapOf(whole(0));

/** The shape of their JSON. */
export const GRAPH_NODES: Shape<GraphNodes> = closedObject({
  label: anyText(),
  byOp: COUNTS,
  unread: COUNTS,
  repeated: COUNTS,
  constant: COUNTS,
});

type Node = proto.onnx.INodeProto;

/** Counts the nodes of an ONNX model. */
export function graphNodes(model: Uint8Array): GraphNodes {
  const graph = proto.onnx.ModelProto.decode(model).graph!;
  const nodes = graph.node!;
  return {
    label: graph.name!,
    byOp: countOps(nodes),
    unread: countOps(unreadNodes(nodes, graph.output!.map(({ name }) => name!))),
    repeated: countOps(repeatedNodes(nodes, graph.initializer!)),
    constant: countOps(constantNodes(nodes, graph.initializer!.map(({ name }) => name!))),
  };
}

function countOps(nodes: readonly Node[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { opType } of nodes) counts.set(opType!, (counts.get(opType!) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

function unreadNodes(nodes: readonly Node[], outputs: readonly string[]): Node[] {
  const read = new Set(outputs);
  return nodes.toReversed().filter(({ input, output }) => {
    const isRead = output!.some((name) => read.has(name));
    if (isRead) { for (const name of input!) read.add(name); }
    return !isRead;
  });
}

function constantNodes(nodes: readonly Node[], constants: readonly string[]): Node[] {
  const known = new Set(["", ...constants]);
  return nodes.filter(({ input, output }) => {
    const isConstant = input!.every((name) => known.has(name));
    if (isConstant) { for (const name of output!) known.add(name); }
    return isConstant;
  });
}

function repeatedNodes(nodes: readonly Node[], constants: readonly proto.onnx.ITensorProto[]): Node[] {
  /** What a value is, where two names may stand for the same. */
  const meaning = new Map(constants.map((one) => [one.name!, JSON.stringify({ ...one, name: "" })]));
  const first = new Map<string, Node>();
  return nodes.filter((node) => {
    const inputs = node.input!.map((name) => meaning.get(name) ?? name);
    const attributes = node.attribute!.map((one) => JSON.stringify(one)).sort();
    const key = JSON.stringify([node.opType, node.domain, inputs, attributes]);
    const other = first.get(key);
    if (!other) {
      first.set(key, node);
      return false;
    }
    node.output!.forEach((name, i) => {
      const same = other.output![i]!;
      meaning.set(name, meaning.get(same) ?? same);
    });
    return true;
  });
}

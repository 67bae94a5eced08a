import { assertEquals } from "@std/assert";
import { createGraph } from "../../../model/engine/onnx_graph.ts";
import { graphNodes } from "../../../tasks/bench/graph_nodes.ts";

Deno.test("graphNodes() counts nodes, and finds what is repeated or constant", () => {
  const graph = createGraph("some graph");
  const x = graph.input("x", [2], [2], "float32");
  const [one, same] = [1, 1].map((value) => graph.constant(Float32Array.of(value), [], "float32"));
  const a = graph.node("Add", [x, one!], x);
  const again = graph.node("Add", [x, same!], x);
  // Repeated too, as its inputs mean the same.
  const [b, c] = [a, again].map((value) => graph.node("Exp", [value], x));
  const other = graph.node("Transpose", [x], x, { perm: [0] });
  const constant = graph.node("Neg", [one!], one!);
  graph.output("y", graph.node("Sum", [b!, c!, other, constant], x));
  assertEquals(graphNodes(graph.toBytes()), {
    label: "some graph",
    byOp: { Add: 2, Exp: 2, Transpose: 1, Neg: 1, Sum: 1, Identity: 1 },
    unread: {},
    repeated: { Add: 1, Exp: 1 },
    constant: { Neg: 1 },
  });
});

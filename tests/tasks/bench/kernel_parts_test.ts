import { assertEquals } from "@std/assert";
import { partOf } from "../../../tasks/bench/kernel_parts.ts";
import { TINY_BERT } from "../../model/tiny.ts";

const CONFIG = { ...TINY_BERT, hiddenWidth: 384, feedForwardWidth: 1536, nHeads: 12 };
const T = 792;
const HEADS = [16, 12, 66, 32];
const PROBABILITIES = [16, 12, 66, 66];

/** An operator, its inputs, its output, and the beginning of its part's name. */
const CASES: readonly [op: string, inputs: number[][], output: number[], part: string][] = [
  ["Gemm", [[T, 384], [1536, 384]], [T, 1536], "encoder: linear"],
  ["Gemm", [[T, 384], [T, 384]], [384, 384], "encoder: linear"],
  ["MatMul", [[T, 1536], [T, 384]], [1536, 384], "encoder: linear"],
  ["Gemm", [[551, 384], [29, 384]], [551, 29], "head"],
  ["Gemm", [[551, 29], [551, 384]], [29, 384], "head"],
  ["FusedMatMul", [HEADS, HEADS], PROBABILITIES, "encoder: products of attention"],
  ["FusedMatMul", [[16, 49, 384], [16, 49, 384]], [16, 49, 49], "head"],
  ["Softmax", [PROBABILITIES], PROBABILITIES, "encoder: softmax"],
  ["Gather", [[T * 12, 32], [16, 12, 66]], HEADS, "encoder: softmax"],
  ["Gather", [[16 * 12 * 66, 32], [T, 12]], [T, 12, 32], "encoder: softmax"],
  ["Reshape", [[T, 384], [2]], [T * 12, 32], "encoder: softmax"],
  ["Erf", [[T, 1536]], [T, 1536], "encoder: GELU"],
  ["ReduceSum", [[T, 1536], [1]], [1536], "encoder: GELU"],
  ["Mul", [[T, 384], [T, 1]], [T, 384], "encoder: layer norms"],
  ["ReduceMean", [[T, 384], [1]], [T, 1], "encoder: layer norms"],
  ["Softmax", [[551, 1, 49]], [551, 1, 49], "head"],
  ["Exp", [[551, 29]], [551, 29], "head"],
];

Deno.test("partOf() tells the part of a kernel by operator and shapes", () => {
  for (const [op, inputs, output, part] of CASES) {
    const found = partOf({ op, milliseconds: 1, inputs, outputs: [output] }, CONFIG);
    assertEquals(found.slice(0, part.length), part, `${op} ${JSON.stringify(inputs)}`);
  }
});

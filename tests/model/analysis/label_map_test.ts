import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { TagSet } from "../../../data/tags/tag_set.ts";
import { mapLabels } from "../../../model/analysis/label_map.ts";
import type { NdArray } from "../../../model/engine/nd_array.ts";
import { assertClose } from "../../close.ts";

const TAGS = new TagSet(["O", "B-task", "I-task", "B-field", "I-field"]);

function tableOf(rows: number[][]): NdArray {
  return { shape: [rows.length, rows[0]!.length], data: Float32Array.from(rows.flat()) };
}

Deno.test("mapLabels() lists the other tags by falling cosine, whatever their lengths, and not START", () => {
  const table = tableOf([[1, 0], [10, 10], [0.1, 0.1], [0, 3], [-4, 0], [1, 0]]); // START is equal to O
  const half = Math.SQRT1_2;
  const { tags, nearest } = mapLabels(table, TAGS);
  assertEquals(tags, TAGS.tags);
  const expected: [string, number][][] = [
    [["B-task", half], ["I-task", half], ["B-field", 0], ["I-field", -1]],
    [["I-task", 1], ["O", half], ["B-field", half], ["I-field", -half]],
    [["B-task", 1], ["O", half], ["B-field", half], ["I-field", -half]],
    [["B-task", half], ["I-task", half], ["O", 0], ["I-field", 0]],
    [["B-field", 0], ["B-task", -half], ["I-task", -half], ["O", -1]],
  ];
  assertEquals(
    nearest.map((list) => list.map(({ tag }) => tag)),
    expected.map((list) => list.map(([t]) => t)),
  );
  assertClose(
    nearest.flat().map(({ cosine }) => cosine),
    expected.flat().map(([, cosine]) => cosine),
    1e-12,
    "cosines",
  );
});

Deno.test("mapLabels() never gives a cosine beyond 1", () => {
  const random = createRandom(1);
  const tags = new TagSet(["O", "B-task", "I-task"]);
  for (let i = 0; i < 50; i++) {
    const row = [random.normal(), random.normal(), random.normal()];
    const table = tableOf([row, row, row.map((x) => -2 * x), row]);
    const { nearest } = mapLabels(table, tags);
    for (const { cosine } of nearest.flat()) assert(Math.abs(cosine) <= 1, `${cosine} in table ${i}`);
  }
});

Deno.test("mapLabels() lists five tags unless told, and all where there are fewer", () => {
  const rows = Array.from({ length: 10 }, (_, i) => [Math.cos(i), Math.sin(i)]);
  const tags = new TagSet(["O", ...Array.from({ length: 8 }, (_, i) => `B-${i}`)]);
  const lengths = (nNearest?: number) =>
    mapLabels(tableOf(rows), tags, { nNearest }).nearest.map((n) => n.length);
  assertEquals(lengths(), new Array(9).fill(5));
  assertEquals(lengths(2), new Array(9).fill(2));
  assertEquals(lengths(0), new Array(9).fill(0));
  assertEquals(lengths(99), new Array(9).fill(8));
});

Deno.test("mapLabels() equals NumPy", () => {
  // NumPy 2.4.6: table = numpy.random.RandomState(4).randn(6, 7).round(1); x = table[:-1]
  const table = tableOf([
    [0.1, 0.5, -1.0, 0.7, -0.4, -1.6, -0.6],
    [0.6, 0.3, -1.1, 0.6, -0.1, 0.4, 0.3],
    [-1.2, 0.4, -0.6, 1.5, 0.7, 0.0, -1.0],
    [0.1, 0.2, -1.2, 2.2, 0.4, 1.7, -1.1],
    [1.6, -1.4, -0.7, 0.5, 0.0, -2.4, -1.1],
    [0.8, 2.1, 0.9, -0.3, 0.8, -1.1, 0.5],
  ]);
  // unit = x / numpy.linalg.norm(x, axis=1, keepdims=True); (unit @ unit.T).round(6)
  const cosines = [
    [1.0, 0.286274, 0.3907, 0.088088, 0.651855],
    [0.286274, 1.0, 0.163662, 0.624774, 0.0606],
    [0.3907, 0.163662, 1.0, 0.689889, -0.025152],
    [0.088088, 0.624774, 0.689889, 1.0, -0.092263],
    [0.651855, 0.0606, -0.025152, -0.092263, 1.0],
  ];
  // c = x - x.mean(0); _, s, v = numpy.linalg.svd(c, full_matrices=False)
  // v *= numpy.sign(v[numpy.arange(5), abs(v).argmax(1)])[:, None]; (c @ v[:2].T).round(6)
  const points = [
    [-0.983085, -0.778129],
    [0.429633, 0.751811],
    [1.130631, -1.226764],
    [2.194588, 0.759571],
    [-2.771766, 0.493511],
  ];
  const ours = mapLabels(table, TAGS);
  assertClose(ours.points.flat(), points.flat(), 2e-6, "points");
  assertClose(ours.explained, [0.684281, 0.160257], 2e-6, "explained"); // (s**2 / (s**2).sum())[:2]
  ours.nearest.forEach((list, id) => {
    assertEquals(list.length, 4);
    for (const { tag, cosine } of list) {
      assertClose([cosine], [cosines[id]![TAGS.idOf(tag)]!], 2e-6, `${TAGS.tagOf(id)}, ${tag}`);
    }
    assertEquals(list.map(({ cosine }) => cosine), list.map(({ cosine }) => cosine).sort((a, b) => b - a));
  });
});

Deno.test("mapLabels() gives no NaN for few tags, equal embeddings or embeddings of zeros", () => {
  const one = mapLabels(tableOf([[1, 2], [5, 5]]), new TagSet(["O"]));
  assertEquals(one, { tags: ["O"], points: [[0, 0]], explained: [0, 0], nearest: [[]] });
  const two = mapLabels(tableOf([[3, 4], [0, 0], [5, 5]]), new TagSet(["O", "B-task"]));
  assertClose(two.points.flat(), [2.5, 0, -2.5, 0], 1e-12, "two points");
  assertEquals([two.explained, two.nearest], [[1, 0], [[{ tag: "B-task", cosine: 0 }], [{
    tag: "O",
    cosine: 0,
  }]]]);
  const equal = mapLabels(tableOf(new Array(6).fill([0.1, 0.2, 0.3])), TAGS);
  assertEquals(equal.points, new Array(5).fill([0, 0]));
  assertEquals(equal.explained, [0, 0]);
  assertEquals(equal.nearest[1]!.map(({ tag }) => tag), ["O", "I-task", "B-field", "I-field"]);
  assertClose(equal.nearest.flat().map(({ cosine }) => cosine), new Array(20).fill(1), 1e-12, "cosines");
});

Deno.test("mapLabels() refuses a table of another shape or with values that are not finite, and a bad nNearest", () => {
  const table = tableOf(new Array(6).fill([1, 2]));
  const refused: [() => unknown, string][] = [
    [() => mapLabels(tableOf(new Array(5).fill([1, 2])), TAGS), "current value is [5,2]"],
    [() => mapLabels({ shape: [12], data: table.data }, TAGS), "current value is [12]"],
    [() => mapLabels({ shape: [6, 0], data: new Float32Array(0) }, TAGS), "current value is [6,0]"],
    [() => mapLabels(table, TAGS, { nNearest: -1 }), "from 0, current value is -1"],
    [() => mapLabels(table, TAGS, { nNearest: 1.5 }), "from 0, current value is 1.5"],
    ...[NaN, Infinity].map((value): [() => unknown, string] => [
      () => mapLabels(tableOf([[1, 2], [1, 2], [3, value], [1, 2], [1, 2], [1, 2]]), TAGS),
      `also those of I-task, current value is ${value}`,
    ]),
  ];
  for (const [act, message] of refused) assertThrows(act, Error, message);
});

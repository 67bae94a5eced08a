import { assert, assertEquals } from "@std/assert";
import { principalComponents } from "../../../model/analysis/principal_components.ts";
import { assertClose } from "../../close.ts";

/** NumPy 2.4.6 on the same rows, see the test. */
const ROWS = [[3, 1, 4, 1], [5, 9, 2, 6], [5, 3, 5, 8], [9, 7, 9, 3], [2, 3, 8, 4], [6, 2, 6, 4]];

Deno.test("principalComponents() equals NumPy's singular value decomposition of the centred table", () => {
  // c = x - x.mean(0); _, s, v = numpy.linalg.svd(c, full_matrices=False)
  // v *= numpy.sign(v[numpy.arange(4), abs(v).argmax(1)])[:, None]
  // c @ v.T; s**2 / (s**2).sum(); v, each for the first three components, rounded to 6 places
  const points = [
    [-4.442136, -0.884719, -2.609439],
    [4.880412, -3.614735, -1.571294],
    [0.283024, -1.95411, 3.266455],
    [3.399928, 5.007236, -0.519197],
    [-2.638847, 0.532503, 0.827704],
    [-1.482381, 0.913825, 0.605771],
  ];
  const loadings = [
    [0.449377, 0.827468, -0.093212, 0.323526],
    [0.481426, -0.018328, 0.781356, -0.396706],
    [0.059463, -0.324006, 0.391896, 0.859012],
  ];
  const ours = principalComponents(ROWS, 3);
  assertClose(ours.points.flat(), points.flat(), 1e-6, "points");
  assertClose(ours.explained, [0.454781, 0.309955, 0.150314], 1e-6, "explained");
  assertClose(ours.loadings.flat(), loadings.flat(), 1e-6, "loadings");
});

Deno.test("principalComponents() finds the axes of a rectangle, however it lies", () => {
  const rectangle: [number, number][] = [[-2, -1], [2, -1], [-2, 1], [2, 1]]; // variances 4 and 1
  for (const angle of [0, 0.3, 1.2]) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const turned = rectangle.map(([x, y]) => [cos * x - sin * y + 7, sin * x + cos * y - 5]);
    const { points, explained, loadings } = principalComponents(turned, 2);
    assertClose(explained, [0.8, 0.2], 1e-12, "explained");
    // The larger of (cos, sin) is positive as it is; (-sin, cos) needs another sign where sin is the larger.
    const sign = sin > cos ? -1 : 1;
    assertClose(loadings.flat(), [cos, sin, sign * -sin, sign * cos], 1e-12, "loadings");
    assertClose(points.flat(), rectangle.flatMap(([x, y]) => [x, sign * y]), 1e-12, "points");
  }
});

Deno.test("principalComponents() does not scale columns", () => {
  const { points, explained } = principalComponents([[0, 0], [100, 0], [0, 1], [100, 1]], 1);
  assertClose(points.flat(), [-50, 50, -50, 50], 1e-9, "points");
  assertClose(explained, [2500 / 2500.25], 1e-12, "explained");
});

Deno.test("principalComponents() gives a row the same place in any order of rows, and the opposite when mirrored", () => {
  const { points, loadings } = principalComponents(ROWS, 3);
  const reversed = principalComponents(ROWS.toReversed(), 3);
  assertClose(reversed.points.flat(), points.toReversed().flat(), 1e-9, "reversed");
  const mirrored = principalComponents(ROWS.map((row) => row.map((x) => -x)), 3);
  assertClose(mirrored.loadings.flat(), loadings.flat(), 1e-9, "loadings");
  assertClose(mirrored.points.flat(), points.flat().map((x) => -x), 1e-9, "mirrored");
});

Deno.test("principalComponents() makes the first of equally large loadings positive", () => {
  // (1, -1) and (-1, 1) are the same direction; which of the two equal loadings is larger is up to rounding.
  for (const scale of [1, 0.1, 1 / 3, -0.7]) {
    const { loadings } = principalComponents([[0, 0], [scale, -scale], [3 * scale, -3 * scale]], 1);
    assertClose(loadings[0]!, [Math.SQRT1_2, -Math.SQRT1_2], 1e-12, `scale ${scale}`);
  }
});

Deno.test("principalComponents() gives zeros for components that do not exist", () => {
  const cases: [rows: number[][], points: number[][], explained: number[]][] = [
    [[[0]], [[0, 0]], [0, 0]],
    [[[1, 2, 3]], [[0, 0]], [0, 0]],
    [[[1], [3], [2]], [[-1, 0], [1, 0], [0, 0]], [1, 0]],
    [[[3, 4], [0, 0]], [[2.5, 0], [-2.5, 0]], [1, 0]],
    [[[0, 0], [0, 0], [0, 0]], [[0, 0], [0, 0], [0, 0]], [0, 0]],
    // The mean of three times 0.1 is not 0.1.
    [[[0.1, 0.7], [0.1, 0.7], [0.1, 0.7]], [[0, 0], [0, 0], [0, 0]], [0, 0]],
    // All on one line, which rounding leaves a little.
    [
      [[0.1, 0.2], [0.3, 0.6], [0.8, 1.6]],
      [[-0.3, 0], [-0.1, 0], [0.4, 0]].map(([x]) => [x! * Math.sqrt(5), 0]),
      [
        1,
        0,
      ],
    ],
  ];
  for (const [rows, points, explained] of cases) {
    const ours = principalComponents(rows, 2);
    const name = JSON.stringify(rows);
    assertClose(ours.points.flat(), points.flat(), 1e-12, name);
    assertClose(ours.explained, explained, 1e-12, name);
    const absent = ours.explained.map((share) => share === 0);
    absent.forEach((isAbsent, c) => {
      if (!isAbsent) return;
      assert(ours.points.every((point) => point[c] === 0), `${name}: places of component ${c}`);
      assert(ours.loadings[c]!.every((loading) => loading === 0), `${name}: loadings of component ${c}`);
    });
    assertEquals(absent, explained.map((share) => share === 0), name);
  }
});

Deno.test("principalComponents() keeps a small variance on a large mean", () => {
  const { explained } = principalComponents([[1000, 1e-3], [1000, -1e-3], [1000.001, 0]], 2);
  assert(explained[1]! > 0.1, `${explained}`);
});

import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { placeLabels } from "../../../tasks/report/charts/place_labels.ts";
import { textWidth } from "../../../tasks/report/charts/text_width.ts";
import { only } from "../../only.ts";

const AREA = { width: 400, height: 380, fontSize: 11 };

Deno.test("placeLabels() lets no label cover another, a point or the edge when there is room", () => {
  const random = createRandom(3);
  const points = Array.from({ length: 30 }, (_, i) => ({
    x: 40 + 320 * random.uniform(),
    y: 40 + 300 * random.uniform(),
    name: `B-type${i}`,
  }));
  // A pair in almost one place, and a point in a corner.
  points.push({ x: points[0]!.x + 1, y: points[0]!.y, name: "I-type0" }, { x: 2, y: 378, name: "B-corner" });
  const placed = placeLabels(points, AREA);
  const boxes = placed.map(({ x, y }, i) => {
    const width = textWidth(points[i]!.name, AREA.fontSize);
    return { left: x - width / 2, right: x + width / 2, top: y - 5, bottom: y + 5 };
  });
  boxes.forEach((box, i) => {
    assert(box.left >= 0 && box.right <= 400 && box.top >= 0 && box.bottom <= 380, points[i]!.name);
    boxes.slice(0, i).forEach((other, j) => {
      const apart = box.left > other.right || other.left > box.right || box.top > other.bottom ||
        other.top > box.bottom;
      assert(apart, `${points[i]!.name} and ${points[j]!.name}`);
    });
    for (const { x, y, name } of points) {
      assert(
        x < box.left || x > box.right || y < box.top || y > box.bottom,
        `${points[i]!.name} and ${name}`,
      );
    }
    const { edge } = placed[i]!;
    const onBox = edge.x >= box.left - 1.1 && edge.x <= box.right + 1.1 && edge.y >= box.top - 2;
    assert(onBox && edge.y <= box.bottom + 2);
  });
});

Deno.test("placeLabels() puts the name of a lone point right above it", () => {
  const { x, y, edge } = only(placeLabels([{ x: 200, y: 100, name: "O" }], AREA));
  assertEquals([x, edge.x], [200, 200]);
  assert(y < 100 && y > 85 && edge.y > y && edge.y < 100);
  assertEquals(placeLabels([], AREA), []);
});

Deno.test("textWidth() counts wide characters more than narrow ones, and marks not at all", () => {
  assert(textWidth("WWW", 10) > textWidth("aaa", 10) && textWidth("aaa", 10) > textWidth("lll", 10));
  assertEquals(textWidth("e\u0301", 10), textWidth("e", 10));
  assertEquals(textWidth("ab", 20), 2 * textWidth("ab", 10));
  assertEquals(textWidth("", 10), 0);
});

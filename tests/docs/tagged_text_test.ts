/** The picture of tagged text: one box an entity, dashed where the gold tags differ. */
import { assert, assertEquals } from "@std/assert";
import { taggedTextSvg } from "./tagged_text.ts";

Deno.test("taggedTextSvg() draws each entity once, dashed where the gold tags differ, and text as text", () => {
  const words = ["<Ada>", "Byron", "left", "Bath", "&", "Wells", "."];
  const found = [{ start: 0, end: 2, entityType: "person" }, { start: 3, end: 4, entityType: "location" }];
  const gold = [found[0]!, { start: 3, end: 6, entityType: "location" }];
  const svg = taggedTextSvg([{ words, found, gold }], "A <title>");
  assertEquals([...svg.matchAll(/<rect x/g)].length, 2);
  assertEquals([...svg.matchAll(/stroke-dasharray/g)].length, 1);
  assertEquals([...svg.matchAll(/>(person|location)</g)].map(([, type]) => type), ["person", "location"]);
  assert(
    svg.includes(">&lt;Ada&gt; Byron<") && svg.includes(">&amp;<") && svg.includes("<title>A &lt;title&gt;<"),
  );
  assert(!/stroke-dasharray/.test(taggedTextSvg([{ words, found, gold: found }], "")));
});

Deno.test("taggedTextSvg() keeps lines within its width", () => {
  const words = Array.from({ length: 60 }, (_, i) => `word${i}`);
  const svg = taggedTextSvg([{ words, found: [], gold: [] }], "");
  const ends = [...svg.matchAll(/<text x="([\d.]+)" y="\d+" textLength="([\d.]+)"/g)].map(([, x, width]) =>
    Number(x) + Number(width)
  );
  assertEquals(ends.length, 60);
  assert(Math.max(...ends) <= Number(svg.match(/viewBox="0 0 (\d+)/)![1]));
});

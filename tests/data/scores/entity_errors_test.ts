import { assert, assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { confusionMatrix, matchEntities, matchTags } from "../../../data/scores/entity_errors.ts";
import { scoreSpans, scoreSpanSets } from "../../../data/scores/scores.ts";
import type { Span } from "../../../data/tags/tag.ts";
import { tagsToSpans } from "../../../data/tags/tag_scheme.ts";

/** "task:0-2 org:3" as spans, ends exclusive; one number is one word. */
function spans(text: string) {
  return text.split(" ").filter((one) => one !== "").map((one) => {
    const [, entityType, start, end] = /^(\w+):(\d+)(?:-(\d+))?$/.exec(one)!;
    return { start: Number(start), end: Number(end ?? Number(start) + 1), entityType: entityType! };
  });
}

function show(gold: string, predicted: string): string[] {
  return matchEntities(spans(gold), spans(predicted)).map(({ kind, gold, predicted }) =>
    `${kind}: ${gold ? `${gold.entityType}${gold.start}` : "-"} ${
      predicted ? `${predicted.entityType}${predicted.start}` : "-"
    }`
  );
}

Deno.test("matchEntities() names every kind of error", () => {
  assertEquals(show("a:0-2 b:3 c:5-7 d:8 e:10-12", "a:0-2 x:3 c:6-7 y:10 z:14"), [
    "correct: a0 a0",
    "type: b3 x3",
    "boundary: c5 c6",
    "missed: d8 -",
    "boundary and type: e10 y10",
    "spurious: - z14",
  ]);
  assertEquals(show("", ""), []);
});

Deno.test("matchEntities() gives each entity its best partner, whatever the order", () => {
  // The right type on other words goes before another type on more of them.
  assertEquals(show("a:0-4", "b:0-3 a:3-5"), ["boundary: a0 a3", "spurious: - b0"]);
  // The same words go before the right type on other words.
  assertEquals(show("a:2-4", "b:2-4 a:0-3"), ["spurious: - a0", "type: a2 b2"]);
  // More shared words, then the left one.
  assertEquals(show("a:0-5", "a:0-1 a:1-3"), ["boundary: a0 a1", "spurious: - a0"]);
  assertEquals(show("a:1-3", "a:0-2 a:2-4"), ["boundary: a1 a0", "spurious: - a2"]);
  // A right entity is never taken by another that overlaps it.
  assertEquals(show("a:0-3 a:3-5", "a:2-5 a:3-5"), ["boundary: a0 a2", "correct: a3 a3"]);
});

Deno.test("matchEntities() has every entity once, and as many right ones as scoreSpans()", () => {
  const random = createRandom(2);
  const tags = ["O", "B-a", "I-a", "B-b", "I-b"];
  for (let round = 0; round < 300; round++) {
    const draw = () => Array.from({ length: 12 }, () => tags[random.integer(tags.length)]!);
    const gold = draw();
    const predicted = draw();
    const matches = matchTags({ gold, predicted });
    const places = (side: "gold" | "predicted") =>
      matches.map((match) => match[side]).filter((span) => span !== null).map((span) => JSON.stringify(span))
        .sort();
    assertEquals(places("gold"), tagsToSpans(gold).map((span) => JSON.stringify(span)).sort());
    assertEquals(places("predicted"), tagsToSpans(predicted).map((span) => JSON.stringify(span)).sort());
    const { nGold, nFound, nCorrect } = scoreSpans([gold], [predicted]);
    const count = (kind: string) => matches.filter((match) => match.kind === kind).length;
    assertEquals(count("correct"), nCorrect);
    assertEquals([matches.length - count("spurious"), matches.length - count("missed")], [nGold, nFound]);

    const matrix = confusionMatrix([{ gold, predicted }]);
    const total = (values: number[]) => values.reduce((s, v) => s + v, 0);
    matrix.types.forEach((type, t) => {
      const ofGold = total(matrix.counts[t]!) + matrix.boundary[t]! + matrix.boundaryAndType[t]! +
        matrix.missed[t]!;
      assertEquals(ofGold, tagsToSpans(gold).filter(({ entityType }) => entityType === type).length);
    });
    assertEquals(total(matrix.types.map((_, t) => matrix.counts[t]![t]!)), nCorrect);
    assertEquals(total(matrix.spurious), count("spurious"));
  }
});

Deno.test("matchEntities() does not depend on the order of the spans, overlapping ones included", () => {
  const random = createRandom(6);
  const seen = new Set<string>();
  const drawSpans = () => {
    const drawn = new Map<string, Span>();
    for (let i = 0; i < 6; i++) {
      const start = random.integer(6);
      const end = start + 1 + random.integer(4);
      const entityType = ["a", "b"][random.integer(2)]!;
      drawn.set(`${start} ${end} ${entityType}`, { start, end, entityType });
    }
    return [...drawn.values()];
  };
  for (let round = 0; round < 300; round++) {
    const gold = drawSpans();
    const predicted = drawSpans();
    const matches = matchEntities(gold, predicted);
    assertEquals(matchEntities(random.shuffle([...gold]), random.shuffle([...predicted])), matches);
    for (const { kind } of matches) seen.add(kind);
    const { nGold, nFound, nCorrect } = scoreSpanSets([gold], [predicted]);
    assertEquals(matches.filter(({ kind }) => kind === "correct").length, nCorrect);
    assertEquals(matches.filter(({ gold }) => gold !== null).length, nGold);
    assertEquals(matches.filter(({ predicted }) => predicted !== null).length, nFound);
    const starts = matches.map(({ gold, predicted }) => (gold ?? predicted!).start);
    assertEquals(starts, starts.toSorted((x, y) => x - y));
  }
  assertEquals(seen.size, 6);
});

Deno.test("matchEntities() leaves no two entities that overlap without a partner, and keeps to its order", () => {
  const random = createRandom(7);
  const tags = ["O", "B-a", "I-a", "B-b", "I-b"];
  const shared = (g: Span, p: Span) => Math.min(g.end, p.end) - Math.max(g.start, p.start);
  const rank = (g: Span, p: Span) => {
    const sameWords = g.start === p.start && g.end === p.end;
    const sameType = g.entityType === p.entityType;
    return 100 * (sameWords ? (sameType ? 0 : 1) : (sameType ? 2 : 3)) - shared(g, p);
  };
  for (let round = 0; round < 300; round++) {
    const draw = () => Array.from({ length: 14 }, () => tags[random.integer(tags.length)]!);
    const gold = tagsToSpans(draw());
    const predicted = tagsToSpans(draw());
    const matches = matchEntities(gold, predicted);
    const rankOf = (span: Span) => {
      const match = matches.find((match) => match.gold === span || match.predicted === span)!;
      return match.gold && match.predicted ? rank(match.gold, match.predicted) : Infinity;
    };
    // Of any two that overlap, one at least has a partner that is no worse than the other would be.
    for (const g of gold) {
      for (const p of predicted) {
        if (shared(g, p) > 0) assert(Math.min(rankOf(g), rankOf(p)) <= rank(g, p));
      }
    }
  }
});

Deno.test("matchTags() and confusionMatrix() read tags as they are told, and refuse those that do not fit", () => {
  const sentence = { gold: ["B-a"], predicted: ["I-a"] };
  assertEquals(matchTags(sentence).map(({ kind }) => kind), ["correct"]);
  assertEquals(matchTags(sentence, { mode: "strict" }).map(({ kind }) => kind), ["missed"]);
  assertEquals(confusionMatrix([sentence], { mode: "strict" }).missed, [1]);
  assertThrows(() => matchTags({ gold: ["O"], predicted: [] }), Error, "current value is 1 and 0 tags");
  const wrong = [sentence, { gold: ["O"], predicted: [] }];
  assertThrows(() => confusionMatrix(wrong), Error, "Cannot score sentence 2: ");
  assertThrows(
    () => confusionMatrix([{ gold: ["O"], predicted: ["X-a"] }]),
    Error,
    "sentence 1: Cannot read tag",
  );
});

const GOLD = ["B-org", "I-org", "O", "B-per", "O", "B-alg", "O", "B-loc"];
const FIRST = ["B-org", "O", "O", "B-per", "O", "B-field", "B-alg", "O"];

Deno.test("confusionMatrix() counts types by types, and the rest at the sides", () => {
  const { types, counts, boundary, boundaryAndType, missed, spurious } = confusionMatrix([
    { gold: GOLD, predicted: FIRST },
  ]);
  assertEquals(types, ["alg", "field", "loc", "org", "per"]);
  const [alg, field, loc, org, per] = [0, 1, 2, 3, 4];
  assertEquals([counts[alg]![field], counts[per]![per], counts.flat().reduce((s, v) => s + v)], [1, 1, 2]);
  assertEquals([boundary[org], missed[loc], spurious[alg]], [1, 1, 1]);
  assertEquals([boundaryAndType, types[field], types[per]], [[0, 0, 0, 0, 0], "field", "per"]);
});

Deno.test("confusionMatrix() tells errors of boundary by their gold type, and sums over sentences", () => {
  const sentence = { gold: ["B-a", "I-a", "O", "B-b"], predicted: ["O", "B-c", "O", "B-b"] };
  const matrix = confusionMatrix([sentence]);
  assertEquals(matrix, {
    types: ["a", "b", "c"],
    counts: [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    boundary: [0, 0, 0],
    boundaryAndType: [1, 0, 0],
    missed: [0, 0, 0],
    spurious: [0, 0, 0],
  });
  const twice = confusionMatrix([sentence, sentence, { gold: ["O"], predicted: ["B-c"] }]);
  assertEquals([twice.counts[1]![1], twice.boundaryAndType[0], twice.spurious], [2, 2, [0, 0, 1]]);
  const empty = { types: [], counts: [], boundary: [], boundaryAndType: [], missed: [], spurious: [] };
  assertEquals(confusionMatrix([]), empty);
});

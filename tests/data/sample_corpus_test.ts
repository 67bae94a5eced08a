import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { createSampleCorpora, type SampleCorpora } from "../../data/sample/corpora.ts";
import { drawSentence } from "../../data/sample/grammar.ts";
import type { Sentence } from "../../data/text/conll.ts";

const CORPORA = createSampleCorpora(1);
const SOURCE_TYPES = ["location", "misc", "organisation", "person"];
const TARGET_TYPES = [
  ...SOURCE_TYPES,
  "algorithm",
  "conference",
  "metrics",
  "researcher",
  "task",
  "university",
].sort();

function text(sentence: Sentence): string {
  return sentence.words.join(" ");
}

/** Every entity's type and text, in order. */
function entities(sentences: Sentence[]): { entityType: string; name: string }[] {
  const found: { entityType: string; name: string }[] = [];
  for (const { words, tags } of sentences) {
    tags.forEach((tag, i) => {
      if (tag.startsWith("B-")) found.push({ entityType: tag.slice(2), name: words[i]! });
      else if (tag.startsWith("I-")) found[found.length - 1]!.name += ` ${words[i]}`;
    });
  }
  return found;
}

function parts({ source, target }: SampleCorpora): Sentence[][] {
  return [source.train, source.dev, source.test, target.train, target.dev, target.test];
}

/** Compares one by one: the report on two long lists that differ would take minutes to make. */
function assertSame(actual: Sentence[], expected: Sentence[]): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((sentence, i) => assertEquals(sentence, expected[i]));
}

Deno.test("createSampleCorpora() gives the paper's sizes unless told otherwise", () => {
  assertEquals(parts(CORPORA).map((part) => part.length), [2000, 300, 400, 100, 200, 400]);
  assertEquals([CORPORA.sourceText.length, CORPORA.targetText.length], [4000, 4000]);
  const small = createSampleCorpora(1, { source: { train: 7, text: 0 }, target: { dev: 3, text: 5 } });
  assertEquals(parts(small).map((part) => part.length), [7, 300, 400, 100, 3, 400]);
  assertEquals([small.sourceText.length, small.targetText.length], [0, 5]);
});

Deno.test("createSampleCorpora() writes no sentence twice within a domain, text included", () => {
  for (const seed of [1, 2]) {
    const { source, target, sourceText, targetText } = createSampleCorpora(seed);
    for (const [splits, unlabelled] of [[source, sourceText], [target, targetText]] as const) {
      const all = [...[...splits.train, ...splits.dev, ...splits.test].map(text), ...unlabelled];
      assertEquals(new Set(all).size, all.length);
    }
  }
});

Deno.test("createSampleCorpora() writes well-formed IOB2 with exactly the types of each domain", () => {
  for (const seed of [1, 2, 3]) {
    const corpora = createSampleCorpora(seed);
    for (const { words, tags } of parts(corpora).flat()) {
      assertEquals(words.length, tags.length);
      assertEquals(words.length > 0, true);
      words.forEach((word, i) => {
        assertEquals(/^[^\s|$[\]_]+$/.test(word), true, `stray grammar in "${word}"`);
        if (tags[i]!.startsWith("I-")) assertEquals(tags[i - 1]?.slice(2), tags[i]!.slice(2));
        else assertEquals(/^(O|B-.+)$/.test(tags[i]!), true);
      });
    }
    const types = (sentences: Sentence[]) =>
      [...new Set(entities(sentences).map((e) => e.entityType))].sort();
    for (const part of [corpora.source.train, corpora.source.test]) assertEquals(types(part), SOURCE_TYPES);
    for (const part of [corpora.target.train, corpora.target.test]) assertEquals(types(part), TARGET_TYPES);
  }
});

Deno.test("createSampleCorpora() repeats itself when the seed does", () => {
  const again = createSampleCorpora(1);
  parts(again).forEach((part, i) => assertSame(part, parts(CORPORA)[i]!));
  assertEquals(again.sourceText.join("\n") === CORPORA.sourceText.join("\n"), true);
  assertEquals(again.targetText.join("\n") === CORPORA.targetText.join("\n"), true);
  assertNotEquals(createSampleCorpora(2).target.train[0], CORPORA.target.train[0]);
});

Deno.test("createSampleCorpora() keeps test and dev, and the beginning of train, when sizes change", () => {
  const larger = createSampleCorpora(1, {
    source: { train: 10_000, text: 10 },
    target: { train: 200, text: 10 },
  });
  assertSame(larger.target.test, CORPORA.target.test);
  assertSame(larger.target.dev, CORPORA.target.dev);
  assertSame(larger.target.train.slice(0, 100), CORPORA.target.train);
  assertSame(larger.source.train.slice(0, 2000), CORPORA.source.train);
  assertSame(larger.source.test, CORPORA.source.test);
  const otherDev = createSampleCorpora(1, { source: { text: 0 }, target: { dev: 50, text: 0 } });
  assertEquals(otherDev.target.train[0], CORPORA.target.train[0]);
});

Deno.test("createSampleCorpora() writes varied sentences: many shapes, most names of test unseen", () => {
  for (const splits of [CORPORA.source, CORPORA.target]) {
    // A shape is a sentence with its entities reduced to their types.
    const shape = ({ words, tags }: Sentence) =>
      words.map((word, i) => tags[i] === "O" ? word : tags[i]).join(" ");
    assertEquals(new Set([...splits.test, ...splits.dev].map(shape)).size > 400, true);
  }
  const names = (sentences: Sentence[]) => new Set(entities(sentences).map((e) => e.name));
  const unseen = (train: Sentence[], test: Sentence[]) => {
    const known = names(train);
    const tested = [...names(test)];
    return tested.filter((name) => !known.has(name)).length / tested.length;
  };
  assertEquals(unseen(CORPORA.source.train, CORPORA.source.test) > 0.4, true);
  assertEquals(unseen([...CORPORA.source.train, ...CORPORA.target.train], CORPORA.target.test) > 0.5, true);
  const lengths = entities(CORPORA.target.test).map((e) => e.name.split(" ").length);
  for (const length of [1, 2, 3, 4, 5]) {
    assertEquals(lengths.includes(length), true, `no entity of ${length} words`);
  }
});

Deno.test("createSampleCorpora() uses one name for several types, so that the context has to tell", () => {
  const typesOf = new Map<string, Set<string>>();
  const many = createSampleCorpora(1, { target: { train: 1500 } });
  for (const { entityType, name } of entities(many.target.train)) {
    typesOf.set(name, (typesOf.get(name) ?? new Set()).add(entityType));
  }
  const sharing = (a: string, b: string) =>
    [...typesOf.values()].filter((types) => types.has(a) && types.has(b)).length;
  const pairs = [
    ["researcher", "person"],
    ["researcher", "organisation"],
    ["university", "location"],
    ["algorithm", "metrics"],
    ["algorithm", "task"],
    ["conference", "organisation"],
  ];
  for (const [a, b] of pairs) {
    assertEquals(sharing(a!, b!) >= 10, true, `${a} and ${b} share ${sharing(a!, b!)} names`);
  }
});

Deno.test("createSampleCorpora() makes an entity's type depend on the types before it", () => {
  const many = createSampleCorpora(1, { target: { train: 1500 } }).target.train;
  const counts = new Map<string, number>();
  const before = new Map<string, Map<string, number>>();
  let n = 0;
  for (const sentence of many) {
    const types = entities([sentence]).map((e) => e.entityType);
    for (let i = 1; i < types.length; i++) {
      n++;
      counts.set(types[i]!, (counts.get(types[i]!) ?? 0) + 1);
      const following = before.get(types[i - 1]!) ?? new Map();
      before.set(types[i - 1]!, following.set(types[i], (following.get(types[i]) ?? 0) + 1));
    }
  }
  const blind = Math.max(...counts.values()) / n;
  const informed = [...before.values()].reduce((sum, following) => sum + Math.max(...following.values()), 0) /
    n;
  assertEquals(
    informed > blind + 0.15,
    true,
    `best guess ${blind} without, ${informed} with the type before`,
  );
});

Deno.test("createSampleCorpora() refuses impossible sizes", () => {
  const sized = (train: number) => () => createSampleCorpora(1, { target: { train } });
  assertThrows(sized(-1), Error, "current value is -1");
  assertThrows(sized(1.5), Error, "current value is 1.5");
});

Deno.test("drawSentence() expands rules, choices, repeats and entities", () => {
  const draw = (grammar: Record<string, string[]>) => {
    const { words, tags } = drawSentence(grammar, "sentence", createRandom(1));
    return words.map((word, i) => `${word}/${tags[i]}`).join(" ");
  };
  assertEquals(
    draw({ sentence: ["a [place $name of_it ] [place x ] ."], name: ["apple"] }),
    "An/O apple/B-place of/I-place it/I-place x/B-place ./O",
  );
  assertEquals(draw({ sentence: ["the $a|$a end|end"], a: ["|"] }), "The/O end/O");
  const { words } = drawSentence(
    { sentence: ["$n#1 $n#2 $n#1 $n#2"], n: (random) => `N${random.uint32()}` },
    "sentence",
    createRandom(1),
  );
  assertEquals([words[0], words[1]], [words[2], words[3]]);
  assertNotEquals(words[0], words[1]);
});

Deno.test("drawSentence() refuses missing rules and wrong brackets", () => {
  const draw = (sentence: string) => () =>
    drawSentence({ sentence: [sentence] }, "sentence", createRandom(1));
  assertThrows(draw("a $b"), Error, "current value is $b");
  assertThrows(draw("[x a [y b ] ]"), Error, '"[y" inside "[x"');
  assertThrows(draw("[x a"), Error, "at the sentence's end");
  assertThrows(draw("[x ]"), Error, "after no word");
  assertThrows(draw("a ]"), Error, "after no word");
});

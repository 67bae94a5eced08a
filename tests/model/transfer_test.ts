import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../data/random.ts";
import { createTagSet, unionOfTagSets } from "../../data/tags/tag_set.ts";
import { expandTags } from "../../model/transfer.ts";
import { copyParameters, initialParameters, type Parameters } from "../../model/weights/parameters.ts";
import { SYSTEM_NAMES } from "./families.ts";
import { LABEL_WIDTH, TINY_TAGS, tinyParameters } from "./tiny.ts";

const ROWS = ["label_embedding.weight", "out.weight", "out.bias"];
/** In another order than the source's, with one new type. */
const TARGET = createTagSet(["river", "place", "person"]);

/** A LANER of the tiny tags. */
const laner = (parameters: Parameters) => ({ system: "laner" as const, tags: TINY_TAGS, parameters });

function row({ shape, data }: Parameters[string], id: number): number[] {
  const width = data.length / shape[0]!;
  return [...data.subarray(id * width, (id + 1) * width)];
}

Deno.test("expandTags() copies the rows of shared tags and START, and starts the others fresh", () => {
  const source = tinyParameters("laner", createRandom(1));
  const before = copyParameters(source);
  const expanded = expandTags(laner(source), TARGET, createRandom(2));
  assertEquals(source, before, "the source must not change");
  assertEquals(Object.keys(expanded), Object.keys(source));
  const K = TARGET.nTags;
  assertEquals(expanded["label_embedding.weight"]!.shape, [K + 1, LABEL_WIDTH]);
  assertEquals(expanded["out.weight"]!.shape, [K, source["out.weight"]!.shape[1]]);
  assertEquals(expanded["out.bias"]!.shape, [K]);
  const start = [TINY_TAGS.nTags, K];
  assertEquals(row(expanded[ROWS[0]!]!, start[1]!), row(source[ROWS[0]!]!, start[0]!), "START");
  for (const name of ROWS) {
    for (const [id, tag] of TARGET.tags.entries()) {
      const rows = Array.from(source[name]!.data.keys()).slice(0, source[name]!.shape[0]);
      if (TINY_TAGS.has(tag)) {
        assertEquals(row(expanded[name]!, id), row(source[name]!, TINY_TAGS.idOf(tag)), `${name} ${tag}`);
      } else {
        const values = row(expanded[name]!, id);
        assert(values.every((value) => value !== 0), `${name} ${tag}`);
        for (const from of rows) assert(values.join() !== row(source[name]!, from).join(), `${name} ${tag}`);
      }
    }
  }
  for (const name of Object.keys(source).filter((name) => !ROWS.includes(name))) {
    assertEquals(expanded[name], source[name]);
    assert(expanded[name]!.data.buffer !== source[name]!.data.buffer, `${name} must be a copy`);
  }
});

Deno.test("expandTags() draws new rows as new layers of the target's size, by the seed", () => {
  const source = tinyParameters("laner", createRandom(1));
  const expand = (seed: number) => expandTags(laner(source), TARGET, createRandom(seed));
  assertEquals(expand(2), expand(2));
  const fresh = initialParameters(
    Object.fromEntries(ROWS.map((name) => [name, expand(2)[name]!.shape])),
    createRandom(2),
  );
  for (const name of ROWS) {
    const id = TARGET.idOf("B-river");
    assertEquals(row(expand(2)[name]!, id), row(fresh[name]!, id));
    assert(row(expand(3)[name]!, id).join() !== row(fresh[name]!, id).join());
  }
});

Deno.test("expandTags() leaves all as it was when the tags are the same", () => {
  const source = tinyParameters("laner", createRandom(1));
  assertEquals(expandTags(laner(source), TINY_TAGS, createRandom(2)), source);
});

Deno.test("expandTags() expands a tagger, which has no label encoder, and drops tags that the target lacks", () => {
  const source = tinyParameters("bert-tagger", createRandom(1));
  const union = unionOfTagSets(TINY_TAGS, TARGET);
  const wide = expandTags(
    { system: "bert-tagger", tags: TINY_TAGS, parameters: source },
    union,
    createRandom(2),
  );
  assertEquals(wide["out.bias"]!.shape, [7]);
  assertEquals("label_embedding.weight" in wide, false);
  const back = { system: "bert-tagger" as const, tags: union, parameters: wide };
  assertEquals(expandTags(back, TINY_TAGS, createRandom(3)), source);
});

Deno.test("expandTags() copies a CRF's transitions between shared tags alone, rows and columns", () => {
  const source = tinyParameters("bert-crf", createRandom(1));
  const before = copyParameters(source);
  const model = { system: "bert-crf" as const, tags: TINY_TAGS, parameters: source };
  const expanded = expandTags(model, TARGET, createRandom(2));
  assertEquals(source, before, "the source must not change");
  const K = TARGET.nTags;
  const names = ["crf.transitions", "crf.start", "crf.end"];
  assertEquals(names.map((name) => expanded[name]!.shape), [[K, K], [K], [K]]);
  const shapes = Object.fromEntries(names.map((name) => [name, expanded[name]!.shape]));
  const fresh = initialParameters(shapes, createRandom(2));
  const counts = { copied: 0, fresh: 0 };
  const check = (name: string, place: number, from: number | null) => {
    const expected = from === null ? fresh[name]!.data[place] : source[name]!.data[from];
    assertEquals(expanded[name]!.data[place], expected, `${name}[${place}]`);
    counts[from === null ? "fresh" : "copied"]++;
  };
  const idIn = (tag: string) => (TINY_TAGS.has(tag) ? TINY_TAGS.idOf(tag) : null);
  TARGET.tags.forEach((from, row) => {
    const sourceRow = idIn(from);
    check("crf.start", row, sourceRow);
    check("crf.end", row, sourceRow);
    TARGET.tags.forEach((to, column) => {
      const sourceColumn = idIn(to);
      const shared = sourceRow !== null && sourceColumn !== null;
      check("crf.transitions", row * K + column, shared ? sourceRow * TINY_TAGS.nTags + sourceColumn : null);
    });
  });
  assertEquals(counts, { copied: 25 + 5 + 5, fresh: 24 + 2 + 2 });
  assertEquals(expandTags(model, TINY_TAGS, createRandom(2)), source, "the same tags");
});

Deno.test("expandTags() starts new rows from 0.3 random and the mean of the rows with the same prefix", () => {
  for (const system of ["laner", "bert-tagger"] as const) {
    const parameters = tinyParameters(system, createRandom(1));
    const model = { system, tags: TINY_TAGS, parameters };
    const random = expandTags(model, TARGET, createRandom(2));
    const mean = expandTags(model, TARGET, createRandom(2), "mean");
    for (const [name, { shape, data }] of Object.entries(random)) {
      const width = data.length / shape[0]!;
      const expected = data.slice();
      for (const prefix of ROWS.includes(name) ? ["B", "I"] : []) {
        const like = ["person", "place"].map((type) =>
          row(parameters[name]!, TINY_TAGS.idOf(`${prefix}-${type}`))
        );
        const id = TARGET.idOf(`${prefix}-river`);
        for (let i = 0; i < width; i++) {
          expected[id * width + i] = 0.3 * data[id * width + i]! + (like[0]![i]! + like[1]![i]!) / 2;
        }
      }
      assertEquals(mean[name]!.data, expected, `${system} ${name}`);
    }
  }
});

Deno.test("expandTags() starts new transitions from the mean of those between like tags, of one type or of two", () => {
  const parameters = tinyParameters("bert-crf", createRandom(1));
  const model = { system: "bert-crf" as const, tags: TINY_TAGS, parameters };
  const of = (table: Parameters, tags: typeof TARGET) => (from: string, to: string) =>
    table["crf.transitions"]!.data[tags.idOf(from) * tags.nTags + tags.idOf(to)]!;
  const source = of(parameters, TINY_TAGS);
  const random = of(expandTags(model, TARGET, createRandom(2)), TARGET);
  const mean = of(expandTags(model, TARGET, createRandom(2), "mean"), TARGET);
  const cases: [from: string, to: string, like: [string, string][]][] = [
    ["B-river", "I-river", [["B-person", "I-person"], ["B-place", "I-place"]]],
    ["I-river", "B-river", [["I-person", "B-person"], ["I-place", "B-place"]]],
    ["B-person", "I-river", [["B-person", "I-place"]]],
    ["I-river", "B-place", [["I-person", "B-place"]]],
    ["O", "B-river", [["O", "B-person"], ["O", "B-place"]]],
    ["I-river", "O", [["I-person", "O"], ["I-place", "O"]]],
  ];
  for (const [from, to, like] of cases) {
    const sum = like.reduce((total, [a, b]) => total + source(a, b), 0);
    assertEquals(mean(from, to), Math.fround(0.3 * random(from, to) + sum / like.length), `${from} ${to}`);
  }
  assertEquals(mean("B-person", "I-place"), source("B-person", "I-place"));
  // A source of one type has no transition between two.
  const river = createTagSet(["river"]);
  const small = { ...model, tags: river, parameters: tinyParameters("bert-crf", createRandom(1), river) };
  const [wide, random2] = ["mean" as const, null].map((start) =>
    of(expandTags(small, TARGET, createRandom(2), start), TARGET)
  );
  assertEquals(wide!("B-person", "I-place"), random2!("B-person", "I-place"));
});

Deno.test("every parameter of a system that depends on the tags is expanded to the shape that the target needs", () => {
  for (const name of SYSTEM_NAMES) {
    const model = { system: name, tags: TINY_TAGS, parameters: tinyParameters(name, createRandom(1)) };
    const shapesOf = (parameters: Parameters) =>
      Object.fromEntries(Object.entries(parameters).map(([key, { shape }]) => [key, shape]));
    const needed = shapesOf(tinyParameters(name, createRandom(1), TARGET));
    assertEquals(shapesOf(expandTags(model, TARGET, createRandom(2))), needed, name);
  }
});

/** Formats of tools that mark spans in texts: read, written, read again. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { isText, type SourceFile } from "../../../data/formats/data_record.ts";
import type { FormatName } from "../../../data/formats/format_names.ts";
import { FORMATS } from "../../../data/formats/formats.ts";
import { type ReadOptions, readSettings } from "../../../data/formats/read_settings.ts";
import { readTagged } from "../../../data/formats/read_tagged.ts";

const json = (...records: unknown[]) => records.map((record) => JSON.stringify(record) + "\n").join("");

const file = (text: string, name = "a.jsonl"): SourceFile[] => [{ name, text }];
const recordsOf = (format: FormatName, files: SourceFile[], more: ReadOptions = {}) =>
  FORMATS[format].read(files, readSettings({ format, ...more }));
const tagged = (format: FormatName, files: SourceFile[], more: ReadOptions = {}) => {
  const { sentences, problems, counts } = readTagged(files, readSettings({ format, ...more }), "IOB2");
  const shown = sentences.map(({ sentence: { words, tags } }) =>
    words.map((word, w) => tags[w] === "O" ? word : `${word}/${tags[w]}`).join(" ")
  );
  return { shown, problems, counts, sentences };
};

/** An emoji is two UTF-16 code units, one code point and four bytes. */
const TEXT = "🙂 Ona Vale left Glim.";

/** The same record as each tool exports it. */
const EXPORTS: [FormatName, string, SourceFile[]][] = [
  [
    "doccano",
    "lists",
    file(json({ id: 4, text: TEXT, label: [[2, 10, "PER"], [16, 20, "LOC"]], Comments: ["x"] })),
  ],
  [
    "doccano",
    "lists named labels",
    file(json({ id: 4, text: TEXT, labels: [[2, 10, "PER"], [16, 20, "LOC"]] })),
  ],
  [
    "doccano",
    "entities with relations",
    file(json({
      id: 4,
      text: TEXT,
      entities: [{ id: 9, label: "PER", start_offset: 2, end_offset: 10 }, {
        id: 10,
        label: "LOC",
        start_offset: 16,
        end_offset: 20,
      }],
      relations: [{ id: 1, from_id: 9, to_id: 10, type: "left" }],
    })),
  ],
  [
    "prodigy",
    "spans without tokens",
    file(
      json({
        id: 4,
        text: TEXT,
        spans: [{ start: 2, end: 10, label: "PER" }, { start: 16, end: 20, label: "LOC" }],
        answer: "accept",
      }),
    ),
  ],
  [
    "labelstudio",
    "tasks",
    file(JSON.stringify(
      [{
        id: 4,
        data: { text: TEXT, page: 3 },
        annotations: [{
          result: [
            {
              id: "a",
              type: "labels",
              from_name: "label",
              to_name: "text",
              value: { start: 3, end: 11, text: "Ona Vale", labels: ["PER"] },
            },
            { type: "relation", from_id: "a", to_id: "c", direction: "right" },
            { id: "b", type: "choices", value: { choices: ["good"] } },
            {
              id: "c",
              type: "labels",
              from_name: "label",
              to_name: "text",
              value: { start: 17, end: 21, text: "Glim", labels: ["LOC"] },
            },
          ],
        }],
      }],
      null,
      1,
    )),
  ],
  [
    "labelstudio",
    "tasks in lines",
    file(json({
      id: 4,
      data: { text: TEXT },
      annotations: [{ was_cancelled: true, result: [] }, {
        result: [
          { type: "labels", value: { start: 3, end: 11, labels: ["PER"] } },
          { type: "labels", value: { start: 17, end: 21, labels: ["LOC"] } },
        ],
      }],
    })),
  ],
  [
    "labelstudio",
    "JSON-MIN",
    file(JSON.stringify([{
      id: 4,
      text: TEXT,
      annotator: 1,
      label: [
        { start: 3, end: 11, text: "Ona Vale", labels: ["PER"] },
        { start: 17, end: 21, text: "Glim", labels: ["LOC"] },
      ],
    }])),
  ],
  ["brat", "two files", [
    { name: "d/4.txt", text: TEXT },
    {
      name: "d/4.ann",
      text:
        "T1\tPER 2 10\tOna Vale\nR1\tleft Arg1:T1 Arg2:T7\nT7\tLOC 16 20\tGlim\n#1\tAnnotatorNotes T1\tsure\n",
    },
  ]],
];

for (const [format, form, files] of EXPORTS) {
  Deno.test(`readTagged() reads ${form} of ${format}`, () => {
    const { shown, problems, sentences } = tagged(format, files);
    assertEquals([shown, problems], [["🙂 Ona/B-PER Vale/I-PER left Glim/B-LOC ."], []]);
    assertEquals(String(sentences[0]!.id), "4");
  });

  Deno.test(`${format} writes what it reads, with names and what else is there (${form})`, () => {
    const records = recordsOf(format, files);
    const written = FORMATS[format].write(records, { offsets: FORMATS[format].offsets, withIds: false });
    const again = recordsOf(
      format,
      written.map(({ name, text }) => ({ name: name === "" ? "a.jsonl" : `d/${name}`, text })),
    );
    const named = (all: typeof records) =>
      all.filter(isText).map(({ id, text, entities }) => ({ id, text, entities }));
    const bare = (all: typeof records) =>
      named(all).map(({ entities, ...rest }) => ({
        ...rest,
        entities: entities.map(({ start, end, entityType }) => ({ start, end, entityType })),
      }));
    assertEquals(bare(again), bare(records));
    if (records.filter(isText).every(({ entities }) => entities.every(({ id }) => id !== undefined))) {
      assertEquals(named(again), named(records));
    }
  });
}

Deno.test("doccano keeps other fields, and the form that a record came in", () => {
  for (
    const [, , [given]] of EXPORTS.filter(([format]) => format === "doccano").slice(0, 3).filter((_, i) =>
      i !== 1
    )
  ) {
    const [written] = FORMATS.doccano.write(recordsOf("doccano", [given!]), {
      offsets: "codepoints",
      withIds: false,
    });
    assertEquals(JSON.parse(written!.text), JSON.parse(given!.text));
  }
});

Deno.test("brat writes relations and notes back, byte for byte", () => {
  const [, , files] = EXPORTS.at(-1)!;
  const written = FORMATS.brat.write(recordsOf("brat", files), { offsets: "codepoints", withIds: false });
  const lines = (text: string) => text.split("\n").sort();
  assertEquals(written.map(({ name }) => name), ["4.txt", "4.ann"]);
  assertEquals(written[0]!.text, files[0]!.text);
  assertEquals(lines(written[1]!.text), lines(files[1]!.text));
});

Deno.test("brat joins an entity over a line end, and writes it in two pieces again", () => {
  const ann = "T3\tLOC 6 9;10 14\tOld Glim\n";
  const files = [{ name: "a.txt", text: "It is Old\nGlim.\n" }, { name: "a.ann", text: ann }];
  assertEquals(tagged("brat", files).shown, ["It is Old/B-LOC Glim/I-LOC ."]);
  const [, written] = FORMATS.brat.write(recordsOf("brat", files), { offsets: "codepoints", withIds: false });
  assertEquals(written!.text, ann);
});

Deno.test("brat refuses spans in several pieces by their names, and files without annotations", () => {
  const files = [
    { name: "a.txt", text: "Ona and Ulm Vale" },
    { name: "a.ann", text: "T1\tPER 8 16\tUlm Vale\nT2\tPER 0 3;12 16\tOna Vale\nT3 PER\n" },
    { name: "b.txt", text: "x" },
  ];
  const { problems } = tagged("brat", files);
  assertEquals(problems.length, 3);
  assertStringIncludes(problems[0]!, "a.ann:2: a span must be in one piece, T2 has 2");
  assertStringIncludes(problems[1]!, "a.ann:3: expected T1");
  assertStringIncludes(problems[2]!, "b.ann beside it");
});

Deno.test("places count what offsets say", () => {
  for (const [offsets, start] of [["utf16", 3], ["codepoints", 2], ["bytes", 5]] as const) {
    const text = json({ text: TEXT, label: [[start, start + 8, "PER"]] });
    assertEquals(tagged("doccano", file(text), { offsets }).shown, ["🙂 Ona/B-PER Vale/I-PER left Glim ."]);
    const [written] = FORMATS.doccano.write(recordsOf("doccano", file(text), { offsets }), {
      offsets,
      withIds: false,
    });
    assertEquals(JSON.parse(written!.text).label, [[start, start + 8, "PER"]]);
  }
});

/** Spans of "Ona Vale-Ulm left. He is in Old Glim." that are off, and what becomes of them. */
const OFF: [
  what: string,
  spans: [number, number, string][],
  refused: string,
  widened: string[],
  leftOut: string[],
][] = [
  ["inside a word", [[4, 8, "PER"]], 'whole words are "Vale-Ulm"', [
    "Ona Vale-Ulm/B-PER left .",
    "He is in Old Glim .",
  ], ["Ona Vale-Ulm left .", "He is in Old Glim ."]],
  ["with a space at its end", [[0, 4, "PER"]], 'whole words are "Ona"', [
    "Ona/B-PER Vale-Ulm left .",
    "He is in Old Glim .",
  ], ["Ona Vale-Ulm left .", "He is in Old Glim ."]],
  ["that shares words with another", [[0, 12, "PER"], [4, 12, "ORG"]], "spans must not share words", [], [
    "Ona/B-PER Vale-Ulm/I-PER left .",
    "He is in Old Glim .",
  ]],
  ["of white space", [[3, 4, "PER"]], "whole words are", [], ["Ona Vale-Ulm left .", "He is in Old Glim ."]],
];

for (const [what, label, refused, widened, leftOut] of OFF) {
  Deno.test(`readTagged() refuses, widens or leaves out a span ${what}`, () => {
    const files = file(json({ id: "r1", text: "Ona Vale-Ulm left. He is in Old Glim.", label }));
    const { problems } = tagged("doccano", files);
    assertEquals(problems.length, 1);
    const rule = what === "of white space" ? "a span must hold a word" : refused;
    assertStringIncludes(problems[0]!, rule);
    assertStringIncludes(problems[0]!, "a.jsonl:1 (r1)");
    const wide = tagged("doccano", files, { onSpan: "widen" });
    if (widened.length > 0) {
      assertEquals([wide.shown, wide.counts.widened.length], [widened, 1]);
    } else assertEquals(wide.problems.length, 1);
    const out = tagged("doccano", files, { onSpan: "leave-out" });
    assertEquals([out.shown, out.counts.leftOut.map(({ place }) => place)], [leftOut, ["a.jsonl:1 (r1)"]]);
    // The other sentence has no error.
    const skipped = tagged("doccano", files, { onError: "skip-sentence" });
    assertEquals([skipped.shown, skipped.counts.nSkipped], [["He is in Old Glim ."], 1]);
  });
}

Deno.test("spans that are marked twice, or become one word, are one entity", () => {
  const text = json({
    text: "Ona-Ulm left",
    label: [[0, 3, "PER"], [4, 7, "PER"], [8, 12, "x"], [8, 12, "x"]],
  });
  const { shown, problems } = tagged("doccano", file(text), { onSpan: "widen" });
  assertEquals([shown, problems], [["Ona-Ulm/B-PER left/B-x"], []]);
  const other = text.replace('7,"PER"', '7,"ORG"');
  assertEquals(tagged("doccano", file(other), { onSpan: "widen" }).problems.length, 1);
});

Deno.test("a sentence end inside an entity is none", () => {
  const text = "He met St. Vale Corp. Inc of Glim. So.";
  const start = text.indexOf("Vale");
  const files = file(json({ text, label: [[start, text.indexOf(" of"), "ORG"]] }));
  const { shown, problems } = tagged("doccano", files);
  assertEquals(problems, []);
  assertEquals(shown.filter((one) => one.includes("Vale/B-ORG"))[0]!.includes("Inc/I-ORG of"), true);
});

Deno.test("prodigy's tokens are the words, but for those of white space", () => {
  const tokens = [["Vale", 0, 4], ["-", 4, 5], ["Ulm", 5, 8], ["\n", 8, 9], ["left", 9, 13]]
    .map(([text, start, end], id) => ({ text, start, end, id }));
  const files = file(
    json({
      text: "Vale-Ulm\nleft",
      tokens,
      spans: [{ start: 0, end: 4, label: "PER", token_start: 0, token_end: 0 }],
    }),
  );
  assertEquals(tagged("prodigy", files).shown, ["Vale/B-PER - Ulm left"]);
});

Deno.test("every record with an error is named by its line, and the others are read when they may be", () => {
  const lines = [
    json({ text: "Ona left.", label: [[0, 3, "PER"]] }),
    '{"text": \n',
    json({ label: [] }),
    json(["a"]),
    json({ text: "Ona left.", label: [[0, 90, "PER"]] }),
    json({ text: "Ona left.", label: [["a", 3, "PER"]] }),
    json({ text: "Ona\u001b left.", label: [] }),
    json({ text: "Ona left." }),
    json({ text: "Ulm left.", label: [] }),
  ];
  const { problems } = tagged("doccano", file(lines.join("")));
  assertEquals(problems.map((one) => Number(/a\.jsonl:(\d+)/.exec(one)![1])), [2, 3, 4, 5, 6, 7, 8]);
  const { shown, counts } = tagged("doccano", file(lines.join("")), { onError: "skip-sentence" });
  assertEquals([shown, counts.nSkipped, counts.skipped.length], [["Ona/B-PER left .", "Ulm left ."], 7, 7]);
});

Deno.test("items of a JSON list are named by their own lines", () => {
  const list =
    '[\n{"data": {"text": "[Ona, {"}, "annotations": [{"result": []}]},\n{"data": {\n"text": 3}},\n 5, {"a"\n';
  const { problems } = tagged("labelstudio", file(list));
  assertEquals(problems.map((one) => Number(/a\.jsonl:(\d+)/.exec(one)![1])), [3, 5, 5]);
});

Deno.test("records of other tools are refused when they are not what they should be", () => {
  const cases: [FormatName, unknown, string][] = [
    ["prodigy", { text: "Ona", spans: [], answer: "reject" }, "must be accepted"],
    ["prodigy", { text: "Ona", spans: [{ start: 0, end: 3 }] }, "spans[0].label"],
    ["prodigy", { text: "Ona", tokens: [{ text: "Una", start: 0, end: 3 }] }, "tokens: must be in the text"],
    ["labelstudio", { data: { text: "Ona" } }, "must have annotations"],
    [
      "labelstudio",
      { data: { text: "Ona" }, annotations: [{ result: [] }, { result: [] }] },
      "one annotation",
    ],
    ["labelstudio", {
      data: { text: "Ona" },
      annotations: [{
        result: [{ type: "labels", value: { start: 0, end: 3, text: "One", labels: ["x"] } }],
      }],
    }, 'the text that is given with it, "One"'],
    ["labelstudio", {
      data: { text: "Ona" },
      annotations: [{ result: [{ type: "labels", value: { start: 0, end: 3, labels: ["x", "y"] } }] }],
    }, "one label"],
    ["labelstudio", { data: { a: "Ona", b: "Ulm" }, annotations: [] }, "data.text"],
    [
      "labelstudio",
      { data: { text: "Ona" }, annotations: [{ result: [{ type: "hypertextlabels", value: {} }] }] },
      "must be of plain text",
    ],
    ["hf", { tokens: ["a"], ner_tags: [1] }, "tagNames"],
    ["hf", { tokens: ["a"], ner_tags: ["O", "O"] }, "a tag a word"],
    ["hf", { tokens: [" "], ner_tags: ["O"] }, "a word must not be empty"],
    ["hf", { words: ["a"] }, "must have ner_tags"],
  ];
  for (const [format, record, message] of cases) {
    const { problems } = tagged(format, file(json(record)));
    assertStringIncludes(problems.join("\n") || "none", message);
  }
});

Deno.test("hf reads names and numbers of tags, and fields that are named", () => {
  const tagNames = ["O", "B-x", "I-x"];
  const first = json({
    id: "s1",
    tokens: ["Ona", "Vale", "."],
    ner_tags: [1, 2, 0],
    fine: ["O", "B-y", "O"],
  });
  assertEquals(tagged("hf", file(first), { tagNames }).shown, ["Ona/B-x Vale/I-x ."]);
  assertEquals(tagged("hf", file(first), { tagColumn: "fine" }).shown, ["Ona Vale/B-y ."]);
  assertEquals(tagged("hf", file(`[${json({ words: ["Ona"], tags: ["B-x"] })}]`)).shown, ["Ona/B-x"]);
});

Deno.test("csv reads a word a row, sentences by their column or by blank lines", () => {
  const kaggle = 'Sentence #,Word,POS,Tag\nSentence: 1,Ona,NNP,B-x\n,"a,b",X,O\nSentence: 2,Glim,NNP,B-y\n';
  assertEquals(tagged("csv", file(kaggle)).shown, ["Ona/B-x a,b", "Glim/B-y"]);
  assertEquals(tagged("csv", file("token;ner\nOna;B-x\n\nGlim;B-y\n"), { separator: ";" }).shown, [
    "Ona/B-x",
    "Glim/B-y",
  ]);
  assertEquals(tagged("csv", file("Ona,B-x\n"), { header: false }).shown, ["Ona/B-x"]);
  const { problems } = tagged("csv", file('word,tag\n"Ona\nVale",O\nGlim\n'));
  assertEquals(problems.map((one) => /a\.jsonl:(\d+)/.exec(one)![1]), ["2", "4"]);
});

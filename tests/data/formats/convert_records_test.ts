/** Round trips between all formats: names and entities are what they were. */
import { assertEquals } from "@std/assert";
import { convertRecords } from "../../../data/formats/convert_records.ts";
import { isText, type SourceFile } from "../../../data/formats/data_record.ts";
import type { FormatName } from "../../../data/formats/format_names.ts";
import { FORMATS } from "../../../data/formats/formats.ts";
import { type ReadOptions, readSettings } from "../../../data/formats/read_settings.ts";
import { readTagged } from "../../../data/formats/read_tagged.ts";

const NAMES = Object.keys(FORMATS) as FormatName[];

/** What is read from columns that begin with names. */
const COLUMNS = "# id = s1\nOna\tB-PER\nVale\tI-PER\nUlm\tB-PER\nleft\tO\n\n# id = s2\nGlim\tB-LOC\n";

function convert(
  files: readonly SourceFile[],
  from: FormatName,
  to: FormatName,
  read: ReadOptions = {},
): SourceFile[] {
  const settings = readSettings({ format: from, ...read });
  const format = FORMATS[to];
  const records = FORMATS[from].read(files, settings);
  const { records: converted, problems } = convertRecords(records, settings, {
    ...format,
    isSame: from === to,
  }, "IOB2");
  assertEquals(problems, []);
  return format.write(converted, { offsets: format.offsets, withIds: true })
    .map(({ name, text }) => ({ name: name === "" ? "a" : name, text }));
}

const optionsOf = (format: FormatName): ReadOptions => (format === "columns" ? { comments: "# " } : {});
const sentencesOf = (files: readonly SourceFile[], format: FormatName) =>
  readTagged(files, readSettings({ format, ...optionsOf(format) }), "IOB2").sentences
    .map(({ sentence: { words, tags }, id }) => ({ words, tags, id: String(id) }));

for (const to of NAMES) {
  Deno.test(`convertRecords() takes columns to ${to} and back`, () => {
    const given = [{ name: "a", text: COLUMNS }];
    const there = convert(given, "columns", to, { comments: "# " });
    const back = convert(there, to, "columns", optionsOf(to));
    const want = sentencesOf(given, "columns");
    // A folder of brat has a text for a document, with a sentence a line.
    const named = to === "brat" ? want.map((one, i) => ({ ...one, id: `text1.${i + 1}` })) : want;
    assertEquals(sentencesOf(back, "columns"), named);
  });
}

for (const from of NAMES.filter((name) => FORMATS[name].holds === "texts")) {
  for (const to of NAMES.filter((name) => FORMATS[name].holds === "texts")) {
    Deno.test(`convertRecords() takes texts of ${from} to ${to} and back, wherever entities begin and end`, () => {
      const entities = [{ start: 3, end: 6, entityType: "PER", id: "T1" }, {
        start: 7,
        end: 13,
        entityType: "LOC",
        id: "T4",
      }];
      const record = {
        id: "7",
        text: "🙂 Ona-Ulm 🙂.",
        entities,
        problems: [],
        place: { source: "a", line: 1 },
      };
      const first = FORMATS[from].write([record], { offsets: FORMATS[from].offsets, withIds: false })
        .map(({ name, text }) => ({ name: name === "" ? "a" : name, text }));
      const last = convert(convert(first, from, to), to, from);
      const read = FORMATS[from].read(last, readSettings({ format: from })).filter(isText);
      assertEquals(read.map(({ id, text }) => [id, text]), [["7", record.text]]);
      const places = read.flatMap(({ entities }) =>
        entities.map(({ start, end, entityType }) => [start, end, entityType])
      );
      assertEquals(places, entities.map(({ start, end, entityType }) => [start, end, entityType]));
    });
  }
}

Deno.test("convertRecords() gives documents files of their own in brat", () => {
  const text = "-DOCSTART- O\n\nOna B-x\n\nsat O\n\n-DOCSTART- O\n\nUlm B-x\n";
  const files = convert([{ name: "a", text }], "columns", "brat");
  assertEquals(files.map(({ name, text }) => [name, text]), [
    ["document1.txt", "Ona\nsat"],
    ["document1.ann", "T1\tx 0 3\tOna\n"],
    ["document2.txt", "Ulm"],
    ["document2.ann", "T1\tx 0 3\tUlm\n"],
  ]);
});

Deno.test("convertRecords() renames types, and leaves records with errors out when it may", () => {
  const lines = ['{"text":"Ona","label":[[0,3,"PER"],[0,1,"X"]]}', "{", '{"text":"Ulm","label":[]}'];
  const settings = readSettings({
    format: "doccano",
    labels: { PER: "person", X: null },
    onError: "skip-sentence",
  });
  const records = FORMATS.doccano.read([{ name: "a", text: lines.join("\n") }], settings);
  const { records: kept, counts } = convertRecords(
    records,
    settings,
    { ...FORMATS.prodigy, isSame: false },
    "IOB2",
  );
  assertEquals(kept.filter(isText).map(({ entities }) => entities.map(({ entityType }) => entityType)), [[
    "person",
  ], []]);
  assertEquals([counts.nSkipped, counts.ofLabels], [1, { PER: 1, X: 1 }]);
});

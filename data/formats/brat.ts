/** Folders of brat: a text and its annotations in two files of one name. */
import { createOffsetConverter } from "../text/offsets.ts";
import {
  brokenRecord,
  type DataRecord,
  isText,
  problemAt,
  type SourceFile,
  type TextRecord,
} from "./data_record.ts";
import type { Format } from "./format.ts";
import { type GivenSpan, placeSpans, writtenSpans } from "./given_spans.ts";

/** The format. A line end within an entity may be left out, as brat itself does; other gaps are refused. */
export const BRAT: Format = {
  endings: [],
  holds: "texts",
  offsets: "codepoints",
  read(files, settings) {
    const unit = settings.offsets ?? "codepoints";
    const byName = new Map(files.map((file) => [file.name, file]));
    return files.filter(({ name }) => name.endsWith(".txt")).map((file): DataRecord => {
      const stem = file.name.slice(0, -".txt".length);
      const annotations = byName.get(`${stem}.ann`);
      if (annotations === undefined) return brokenRecord(file.name, 1, `it must have ${stem}.ann beside it`);
      const text = file.text.replace(/^\uFEFF/, "");
      const { spans, others, problems } = readAnnotations(annotations, text, unit);
      for (const [line, rule] of [...file.damage ?? []]) problems.push(problemAt(file.name, line, rule));
      const placed = placeSpans(
        text,
        spans,
        unit,
        (rule, value) => problemAt(annotations.name, 1, rule, value),
      );
      const id = stem.slice(stem.lastIndexOf("/") + 1);
      return {
        id,
        document: id,
        text,
        entities: placed.entities,
        problems: [...problems, ...placed.problems],
        place: { source: file.name, line: 1 },
        fields: { others },
      };
    });
  },
  write(records, { offsets }) {
    const texts = records.filter(isText);
    const digits = String(texts.length).length;
    const names = new Set<string>();
    return texts.flatMap((record, n) => {
      const stem = String(record.id ?? `text${String(n + 1).padStart(digits, "0")}`).replace(
        /[^\p{L}\p{N}._-]/gu,
        "_",
      );
      let name = stem;
      for (let copy = 2; names.has(name); copy++) name = `${stem}-${copy}`;
      names.add(name);
      return [{ name: `${name}.txt`, text: record.text }, {
        name: `${name}.ann`,
        text: annotationsOf(record, offsets),
      }];
    });
  },
};

/** Reads the spans of a file of annotations; other lines are kept as they are. */
function readAnnotations(
  { name: source, text: annotations }: SourceFile,
  text: string,
  unit: Parameters<typeof createOffsetConverter>[1],
): { spans: GivenSpan[]; others: string[]; problems: string[] } {
  const { toUtf16 } = createOffsetConverter(text, unit);
  const spans: GivenSpan[] = [];
  const others: string[] = [];
  const problems: string[] = [];
  for (const [i, line] of annotations.replace(/^\uFEFF/, "").split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    if (!line.startsWith("T")) {
      others.push(line);
      continue;
    }
    const refuse = (rule: string) =>
      problems.push(problemAt(source, i + 1, rule, JSON.stringify(line.slice(0, 80))));
    const found = /^(T\S*)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?$/.exec(line);
    if (found === null) {
      refuse("expected T1, a tab, TYPE START END, a tab and the text");
      continue;
    }
    const [, id, entityType, places, covered] = found;
    const parts = places!.split(";").map((part) => part.split(" ").map(Number) as [number, number]);
    const isWhole = parts.every(([start], k) => {
      const [from, to] = [toUtf16(parts[k - 1]?.[1] ?? start), toUtf16(start)];
      return from !== undefined && to !== undefined && text.slice(from, to).trim() === "";
    });
    if (!isWhole) {
      refuse(`a span must be in one piece, ${id} has ${parts.length}`);
      continue;
    }
    spans.push({
      id: id!,
      entityType: entityType!,
      start: parts[0]![0],
      end: parts.at(-1)![1],
      text: covered,
    });
  }
  return { spans, others, problems };
}

/** Writes the annotations of a text; entities keep their names, others get the next free ones. */
function annotationsOf(
  { text, entities, fields }: TextRecord,
  unit: Parameters<typeof writtenSpans>[2],
): string {
  const { fromUtf16 } = createOffsetConverter(text, unit);
  const used = new Set(entities.map(({ id }) => id));
  let next = 1;
  const newName = () => {
    while (used.has(`T${next}`)) next++;
    return `T${next++}`;
  };
  const lines = entities.map(({ id, entityType, start, end }) => {
    const name = /^T\S+$/.test(String(id)) ? id : newName();
    // brat wants a piece for each line of a text.
    const pieces = [...text.slice(start, end).matchAll(/[^\r\n]+/g)];
    const places = pieces.map(({ 0: piece, index }) =>
      `${fromUtf16(start + index)} ${fromUtf16(start + index + piece.length)}`
    );
    return `${name}\t${entityType.replace(/\s/g, "_")} ${places.join(";")}\t${
      pieces.map(([piece]) => piece).join(" ")
    }`;
  });
  const others = Array.isArray(fields?.others) ? fields.others as string[] : [];
  return [...lines, ...others].map((line) => line + "\n").join("");
}

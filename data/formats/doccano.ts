/** JSON Lines of doccano. */
import { listOf, objectOf, present } from "../schema/file_shapes.ts";
import { anyText, integer } from "../schema/shapes.ts";
import { isText, type TextRecord } from "./data_record.ts";
import type { Format } from "./format.ts";
import { type GivenSpan, placeSpans, writtenSpans } from "./given_spans.ts";
import { idOf, type JsonRecord, readJsonRecords, readPart } from "./json_records.ts";

const ENTITIES = listOf(objectOf({ start_offset: integer(0), end_offset: integer(0), label: anyText() }));
const LABELS = listOf(listOf(present()));

/** The format. */
export const DOCCANO: Format = {
  endings: [".jsonl", ".json", ".txt"],
  holds: "texts",
  offsets: "codepoints",
  read: ([file], settings) =>
    readJsonRecords(file!, (record) => {
      const { text, id, ...fields } = record.value;
      const { source, line } = record;
      const read: TextRecord = { text: "", entities: [], problems: [], place: { source, line }, fields };
      if (idOf(id) !== undefined) read.id = idOf(id)!;
      if (typeof text !== "string") {
        return { ...read, problems: [record.problem("text: expected text", text ?? null)] };
      }
      const spans = spansOf(record);
      if (typeof spans === "string") {
        return { ...read, text, problems: [spans] };
      }
      return { ...read, text, ...placeSpans(text, spans, settings.offsets ?? "codepoints", record.problem) };
    }),
  write(records, { offsets }) {
    const lines = records.filter(isText).map(({ id, text, entities, fields = {} }) => {
      const spans = writtenSpans(text, entities, offsets);
      const { label: _, labels: __, entities: given, ...rest } = fields;
      const written = given === undefined
        ? { label: spans.map(({ start, end, entityType }) => [start, end, entityType]) }
        : {
          entities: spans.map(({ id, start, end, entityType }, i) => ({
            id: id ?? i + 1,
            label: entityType,
            start_offset: start,
            end_offset: end,
          })),
        };
      return JSON.stringify({ ...(id === undefined ? {} : { id }), text, ...rest, ...written });
    });
    return [{ name: "", text: lines.map((line) => line + "\n").join("") }];
  },
};

/** Returns the spans of a record in either form, or the error. */
function spansOf(record: JsonRecord): GivenSpan[] | string {
  const { entities, label, labels } = record.value;
  if (entities !== undefined) {
    const read = readPart(record, "entities", ENTITIES, entities);
    if (typeof read === "string") return read;
    return read.map(({ start_offset: start, end_offset: end, label, id }) => ({
      start,
      end,
      entityType: label,
      id: idOf(id),
    }));
  }
  const key = label === undefined ? "labels" : "label";
  const given = label ?? labels;
  if (given === undefined) return record.problem("a record must have label, labels or entities");
  const read = readPart(record, key, LABELS, given);
  if (typeof read === "string") return read;
  const spans: GivenSpan[] = [];
  for (const [i, [start, end, entityType]] of read.entries()) {
    if (
      !Number.isInteger(start) || !Number.isInteger(end) || typeof entityType !== "string" ||
      entityType === ""
    ) {
      return record.problem(`${key}[${i}]: expected [start, end, type]`, read[i]);
    }
    spans.push({ start: start as number, end: end as number, entityType });
  }
  return spans;
}

/** JSON and JSON Lines of Label Studio. */
import { listOf, maybe, objectOf, present, texts } from "../schema/file_shapes.ts";
import { anyText, integer } from "../schema/shapes.ts";
import { isText, type TextRecord } from "./data_record.ts";
import type { Format } from "./format.ts";
import { type GivenSpan, placeSpans, writtenSpans } from "./given_spans.ts";
import { idOf, type JsonRecord, readJsonRecords, readPart } from "./json_records.ts";

const VALUE = objectOf({ start: integer(0), end: integer(0), text: maybe(anyText()), labels: texts() });
const RESULT = listOf(objectOf({ type: anyText(), value: maybe(present()) }));

/** The format: tasks, or those of JSON-MIN, whose spans are a field of the task. */
export const LABEL_STUDIO: Format = {
  endings: [".json", ".jsonl", ".txt"],
  holds: "texts",
  offsets: "utf16",
  read: ([file], settings) =>
    readJsonRecords(file!, (record) => {
      const { id, data, annotations: _, predictions: __, ...fields } = record.value;
      const { source, line, problem } = record;
      const read: TextRecord = { text: "", entities: [], problems: [], place: { source, line } };
      if (idOf(id) !== undefined) read.id = idOf(id)!;
      const isTask = typeof data === "object" && data !== null;
      const text = textOf(isTask ? data as JsonRecord["value"] : record.value);
      if (text === undefined) {
        return { ...read, problems: [problem("a task must have its text as data.text", data ?? null)] };
      }
      const spans = isTask ? spansOfTask(record) : spansOfFields(record);
      if (typeof spans === "string") return { ...read, text, problems: [spans] };
      const kept = isTask ? { ...fields, data } : {};
      return {
        ...read,
        text,
        fields: kept,
        ...placeSpans(text, spans, settings.offsets ?? "utf16", problem),
      };
    }),
  write(records, { offsets }) {
    const tasks = records.filter(isText).map(({ id, text, entities, fields = {} }) => {
      const result = writtenSpans(text, entities, offsets).map(({ id, start, end, entityType, text }, i) => ({
        id: String(id ?? `e${i + 1}`),
        from_name: "label",
        to_name: "text",
        type: "labels",
        value: { start, end, text, labels: [entityType] },
      }));
      const data = { ...fields.data as object | undefined, text };
      return { ...(id === undefined ? {} : { id }), ...fields, data, annotations: [{ result }] };
    });
    return [{ name: "", text: JSON.stringify(tasks, null, 2) + "\n" }];
  },
};

/** Returns the text of a task: the field of that name, or the only one that is text. */
function textOf(data: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof data.text === "string") return data.text;
  const all = Object.values(data).filter((value) => typeof value === "string");
  return all.length === 1 ? all[0] : undefined;
}

/** Returns the spans of a task's annotation, of its prediction where nobody annotated it; or the error. */
function spansOfTask(record: JsonRecord): GivenSpan[] | string {
  const { annotations, completions, predictions } = record.value;
  const given = annotations ?? completions ?? predictions;
  if (!Array.isArray(given)) return record.problem("a task must have annotations", given ?? null);
  const done = given.filter((one) => one?.was_cancelled !== true);
  const truth = done.filter((one) => one?.ground_truth === true);
  const chosen = truth.length === 1 ? truth : done;
  if (chosen.length !== 1) {
    return record.problem("a task must have one annotation, or one marked as ground truth", chosen.length);
  }
  const results = readPart(record, "annotations[0].result", RESULT, chosen[0]?.result);
  if (typeof results === "string") return results;
  const spans: GivenSpan[] = [];
  for (const { type, value, id } of results) {
    // Choices, relations and ratings are about other things than spans.
    if (type !== "labels" && type.endsWith("labels")) {
      return record.problem("a span must be of plain text, with the type labels", type);
    }
    if (type !== "labels") continue;
    const span = spanOf(record, value, id);
    if (typeof span === "string") return span;
    spans.push(span);
  }
  return spans;
}

/** Returns the spans of a task of JSON-MIN, or the error. */
function spansOfFields(record: JsonRecord): GivenSpan[] | string {
  const isSpan = (one: unknown) =>
    typeof one === "object" && one !== null && "labels" in one && "start" in one;
  const found = Object.values(record.value).find((value) => Array.isArray(value) && value.some(isSpan));
  const spans: GivenSpan[] = [];
  for (const value of (found ?? []) as unknown[]) {
    const span = spanOf(record, value, undefined);
    if (typeof span === "string") return span;
    spans.push(span);
  }
  return spans;
}

function spanOf(record: JsonRecord, value: unknown, id: unknown): GivenSpan | string {
  const read = readPart(record, "value", VALUE, value);
  if (typeof read === "string") return read;
  const { start, end, text, labels } = read;
  if (labels.length !== 1) return record.problem("a span must have one label", labels);
  return { start, end, text, entityType: labels[0]!, id: idOf(id) };
}

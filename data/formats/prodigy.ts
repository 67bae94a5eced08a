/** JSON Lines of Prodigy. */
import { listOf, objectOf } from "../schema/file_shapes.ts";
import { anyText, integer, text as someText } from "../schema/shapes.ts";
import { createOffsetConverter } from "../text/offsets.ts";
import { isText, type TextRecord } from "./data_record.ts";
import type { Format } from "./format.ts";
import { placeSpans, writtenSpans } from "./given_spans.ts";
import { idOf, readJsonRecords, readPart } from "./json_records.ts";

const SPANS = listOf(objectOf({ start: integer(0), end: integer(0), label: someText() }));
const TOKENS = listOf(objectOf({ text: anyText(), start: integer(0), end: integer(0) }));

/** The format. Its words are the tokens of the file, where it has any; tokens of white space are none. */
export const PRODIGY: Format = {
  endings: [".jsonl", ".json", ".txt"],
  holds: "texts",
  offsets: "codepoints",
  read: ([file], settings) =>
    readJsonRecords(file!, (record) => {
      const { text, id, spans = [], tokens, answer = "accept", ...fields } = record.value;
      const { source, line, problem } = record;
      const kept = { ...fields, ...(tokens === undefined ? {} : { tokens }), answer };
      const read: TextRecord = {
        text: "",
        entities: [],
        problems: [],
        place: { source, line },
        fields: kept,
      };
      if (idOf(id) !== undefined) read.id = idOf(id)!;
      const fail = (message: string): TextRecord => ({ ...read, problems: [message] });
      if (typeof text !== "string") return fail(problem("text: expected text", text ?? null));
      if (answer !== "accept") return fail(problem("a record must be accepted (answer)", answer));
      const given = readPart(record, "spans", SPANS, spans);
      if (typeof given === "string") return fail(given);
      const unit = settings.offsets ?? "codepoints";
      const named = given.map(({ start, end, label }) => ({ start, end, entityType: label }));
      const placed = { ...read, text, ...placeSpans(text, named, unit, problem) };
      if (tokens === undefined) return placed;
      const words = readPart(record, "tokens", TOKENS, tokens);
      if (typeof words === "string") return fail(words);
      const { toUtf16 } = createOffsetConverter(text, unit);
      const parts = words.filter(({ text }) => text.trim() !== "")
        .map(({ text, start, end }) => ({ text, start: toUtf16(start) ?? -1, end: toUtf16(end) ?? -1 }));
      const odd = parts.find((part, i) =>
        text.slice(part.start, part.end) !== part.text || part.start < (parts[i - 1]?.end ?? 0)
      );
      if (odd !== undefined) return fail(problem("tokens: must be in the text, in order", odd.text));
      return { ...placed, words: parts };
    }),
  write(records, { offsets }) {
    const lines = records.filter(isText).map(({ id, text, entities, fields = {} }) => {
      const spans = writtenSpans(text, entities, offsets)
        .map(({ start, end, entityType }) => ({ start, end, label: entityType }));
      return JSON.stringify({
        ...(id === undefined ? {} : { id }),
        text,
        answer: "accept",
        ...fields,
        spans,
      });
    });
    return [{ name: "", text: lines.map((line) => line + "\n").join("") }];
  },
};

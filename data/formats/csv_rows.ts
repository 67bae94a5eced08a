/** Rows of comma-separated values. */
// @ts-types="npm:@types/d3-dsv@3.0.7"
import { dsvFormat } from "npm:d3-dsv@3.0.2";
import { type Row, SEPARATORS } from "../text/column_rows.ts";

/** Yields the rows of comma-separated values, whose quotes may enclose separators and line ends. */
export function* csvRows(text: string, separator: string): Generator<Row> {
  let number = 1;
  const at = SEPARATORS[separator] ?? separator;
  for (const fields of dsvFormat(at).parseRows(text.replace(/^\uFEFF/, ""))) {
    const line = fields.join(at);
    yield { number, text: line.replaceAll(at, "").trim() === "" ? "" : line, fields: () => fields };
    number += 1 + fields.reduce((sum, field) => sum + field.split("\n").length - 1, 0);
  }
}

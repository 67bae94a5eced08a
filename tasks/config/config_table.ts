/** The table of all configuration keys, for `--help` and the documentation. */
import { contentOf, type Key } from "../../data/schema/mappings.ts";
import { expectedOf, type Shape } from "../../data/schema/shapes.ts";
import { isMapping } from "./is_mapping.ts";

interface Row {
  /** Dotted key from the top. */
  path: string;
  expected: string;
  /** The default as YAML writes it on one line; "required" where there is none. */
  fallback: string;
  doc: string;
}

/**
 * Lists keys with type, default and documentation; mappings are followed by the keys inside them.
 *
 * @param shape The document.
 * @param format "text" for a terminal, "markdown" for a table.
 */
export function describeKeys(shape: Shape<unknown>, format: "text" | "markdown"): string {
  const rows = rowsOf(shape, "");
  if (format === "text") {
    return rows.map(({ path, expected, fallback, doc }) => {
      const head = fallback === "required" ? `${path} (required)` : `${path}: ${fallback}`;
      return `  ${expected === "" ? `${path}:` : head}\n      ${doc}.${
        expected && `\n      ${capitalised(expected)}.`
      }`;
    }).join("\n");
  }
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
  const lines = rows.map(({ path, expected, fallback, doc }) =>
    `| \`${path}\` | ${cell(expected)} | ${fallback && `\`${fallback}\``} | ${cell(doc)} |`
  );
  return ["| key | accepts | default | meaning |", "|---|---|---|---|", ...lines].join("\n");
}

function rowsOf(shape: Shape<unknown>, prefix: string): Row[] {
  const { keys = {}, isPartial = false } = contentOf(shape);
  if (isPartial) return [];
  return Object.entries(keys).flatMap(([name, key]) => {
    const path = prefix + name;
    return [rowOf(path, key), ...rowsOf(key.shape, `${path}.`)];
  });
}

function rowOf(path: string, { shape, fallback, doc }: Key<unknown>): Row {
  const { keys, isPartial = false } = contentOf(shape);
  // The type and default of a plain section say nothing; the rows below it do.
  if (keys && !isPartial && isMapping(fallback?.value)) return { path, expected: "", fallback: "", doc };
  return {
    path,
    expected: expectedOf(shape),
    fallback: fallback ? oneLine(fallback.value) : "required",
    doc,
  };
}

function oneLine(value: unknown): string {
  if (typeof value === "number" && value > 0 && value < 0.001) return value.toExponential();
  return JSON.stringify(value).replaceAll('"', "").replaceAll(",", ", ");
}

function capitalised(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

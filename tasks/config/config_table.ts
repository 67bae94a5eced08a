/** The table of all configuration keys, for `--help` and the documentation. */
import { isMapping } from "./config_mappings.ts";
import type { Key, Keys } from "./config_schema.ts";

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
 * @param keys The keys of the document.
 * @param format "text" for a terminal, "markdown" for a table.
 */
export function describeKeys(keys: Keys, format: "text" | "markdown"): string {
  const rows = rowsOf(keys, "");
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

function rowsOf(keys: Keys, prefix: string): Row[] {
  return Object.entries(keys).flatMap(([name, key]) => {
    const path = prefix + name;
    return [rowOf(path, key), ...(key.keys ? rowsOf(key.keys, `${path}.`) : [])];
  });
}

function rowOf(path: string, key: Key<unknown>): Row {
  const value = key.fallback?.value;
  // A plain section says nothing by its type and default: the rows below it do.
  if (key.keys && isMapping(value)) return { path, expected: "", fallback: "", doc: key.doc };
  return { path, expected: key.expected, fallback: key.fallback ? oneLine(value) : "required", doc: key.doc };
}

function oneLine(value: unknown): string {
  if (typeof value === "number" && value > 0 && value < 0.001) return value.toExponential();
  return JSON.stringify(value).replaceAll('"', "").replaceAll(",", ", ");
}

function capitalised(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}

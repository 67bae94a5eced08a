/** The text of a command's `--help`. */
import { allFlags, type CommandSpec, type Flag } from "./command_spec.ts";
import { wrapWords } from "./wrap_words.ts";

const WIDTH = 100;

/**
 * Writes the text of `--help`: usage, operands, every flag with its value, default and documentation, examples.
 *
 * @param spec The declaration of the command.
 */
export function formatHelp(spec: CommandSpec): string {
  const { name, summary, operands, examples = [], details } = spec;
  const flags: [string, Flag][] = Object.entries(allFlags(spec));
  const required = flags.filter(([, flag]) => flag.required).map(([key, flag]) => ` ${flagHead(key, flag)}`);
  const rows = flags.map(([key, flag]) => [flagHead(key, flag), flagDoc(flag)] as const);
  const parts = [
    wrapWords(summary, WIDTH).join("\n"),
    `Usage: deno task ${name}${required.join("")} [flags]${operands ? ` [${operands.name}]` : ""}`,
  ];
  if (operands) parts.push(formatColumns([[operands.name, operands.doc]]));
  parts.push(`Flags:\n${formatColumns(rows)}`);
  if (examples.length > 0) parts.push(`Examples:\n${examples.map((line) => `  ${line}`).join("\n")}`);
  if (details) parts.push(details);
  return parts.join("\n\n");
}

function flagHead(name: string, flag: Flag): string {
  const short = name === "help" ? "-h, " : "";
  return flag.type === "boolean" ? `${short}--${name}` : `--${name} ${valueName(flag)}`;
}

function valueName(flag: Flag): string {
  return flag.valueName ?? (flag.choices ? flag.choices.join("|") : flag.type.toUpperCase());
}

function flagDoc(flag: Flag): string {
  const notes = [
    flag.choices && flag.valueName ? `one of ${flag.choices.join(", ")}` : "",
    flag.required ? "required" : "",
    flag.repeatable ? "may be repeated" : "",
    flag.default === undefined ? "" : `default ${flag.default}`,
  ].filter((note) => note !== "");
  return flag.doc + (notes.length > 0 ? ` (${notes.join("; ")})` : "");
}

/** Writes two columns: heads, and texts wrapped between words. */
function formatColumns(rows: readonly (readonly [string, string])[]): string {
  const indent = Math.min(32, Math.max(...rows.map(([head]) => head.length)) + 4);
  return rows.map(([head, doc]) => {
    const lines = wrapWords(doc, WIDTH - indent);
    const start = `  ${head}`.padEnd(indent);
    const first = start.length > indent ? [start, " ".repeat(indent) + lines[0]] : [start + lines[0]];
    return [...first, ...lines.slice(1).map((line) => " ".repeat(indent) + line)].join("\n");
  }).join("\n");
}

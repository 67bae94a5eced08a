/** Data and settings of an experiment, next to those of the paper: Tables 1 and 5. */
import { SPLITS } from "../data_sets/data_sets.ts";
import { errorMessage } from "../errors.ts";
import { count, decimal, textCell } from "./cells.ts";
import type { PaperResults, ReportData } from "./report_data.ts";
import type { Cell, Table } from "./table.ts";

const COUNTS = [["sentences", "nSentences"], ["entities", "nEntities"]] as const;

/**
 * Makes the table of sentences, entities and types of the data sets, counted from the files, with the paper's numbers
 * in brackets (its Table 1). Notes give its remarks and the origin of dev.
 */
export function dataTable({ dataSets, paper }: Pick<ReportData, "dataSets" | "paper">): Table {
  const rows = dataSets.map(({ name, nTypes, splits }) => {
    const printed: PaperResults["dataSets"][string] | undefined = paper.dataSets[name];
    const counts = COUNTS.flatMap(([kind, key]) =>
      SPLITS.map((split, i) => {
        const thousands = printed?.[kind][i] ?? null;
        const cell = countCell(splits[split][key]);
        return thousands === null ? cell : besides(cell, 1000 * thousands, `${decimal(thousands, 1)}k`);
      })
    );
    const types = countCell(nTypes);
    return [textCell(name), ...counts, printed ? besides(types, printed.types, `${printed.types}`) : types];
  });
  const notes = dataSets.flatMap(({ name, devOrigin }) => {
    const remark = paper.dataSets[name]?.remark;
    return [
      ...(remark ? [`${name}: ${remark}`] : []),
      ...(devOrigin === "file" ? [] : [`${name}: dev is ${devOrigin}.`]),
    ];
  });
  return {
    name: "table_1",
    caption: "Data sets, counted from the files; in brackets as the paper prints it, in thousands (k)",
    header: ["data set", ...COUNTS.flatMap(([kind]) => SPLITS.map((split) => `${split} ${kind}`)), "types"],
    nRowHeaders: 1,
    rows,
    notes,
  };
}

function countCell(value: number): Cell & { value: number } {
  return { text: count(value), value };
}

function besides(cell: Cell, printed: number, text: string): Cell {
  return { ...cell, text: `${cell.text} (${text})`, parts: { printed } };
}

/**
 * Makes the table of the paper's settings (its Table 5) and ours, which are bold where they differ.
 *
 * If our configuration has no separate setting for a target, its setting for all targets is shown.
 *
 * @throws Error naming the setting if our configuration has no such key.
 */
export function settingsTable({ config, paper }: Pick<ReportData, "config" | "paper">): Table {
  const rows = Object.entries(paper.settings).map(([key, printed]): Cell[] => {
    const general = key.replace(/^perTarget\.[^.]+\./, "");
    const own = valueAt(config, key) ?? valueAt(config, general);
    if (own === undefined) {
      const rule = "a setting of the paper must be a key of the configuration, as in train.batchSize";
      throw new Error(errorMessage({ act: "compare", subject: key, rule }));
    }
    const ours = settingCell(own);
    const theirs = settingCell(printed);
    return [textCell(key), ours.text === theirs.text ? ours : { ...ours, strong: true }, theirs];
  });
  return {
    name: "table_5",
    caption: "Settings, and those that the paper gives",
    header: ["key", "ours", "paper"],
    nRowHeaders: 1,
    rows,
    notes: rows.some(([, ours]) => ours!.strong) ? ["Bold: differs from the paper."] : [],
  };
}

/** Returns the value at a dotted path; undefined if there is none. */
function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? Object.entries(inner).find(([name]) => name === key)?.[1]
        : undefined,
    value,
  );
}

function settingCell(value: unknown): Cell {
  if (typeof value !== "number") return textCell(settingText(value));
  return { text: value > 0 && value < 0.001 ? value.toExponential() : String(value), value };
}

function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.map(settingText).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value).map(([key, inner]) => `${key} ${settingText(inner)}`).join(", ");
}

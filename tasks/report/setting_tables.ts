/** What an experiment was run on and with, beside what the paper says: Tables 1 and 5. */
import { SPLITS } from "../data_sets.ts";
import { count, decimal, EMPTY, MISSING, textCell } from "./cells.ts";
import type { PaperResults, ReportData } from "./report_data.ts";
import type { Cell, Table } from "./table.ts";

/**
 * Sentences, entities and types of the data sets, counted from the files, with the paper's numbers in brackets
 * (its Table 1).
 */
export function dataTable({ dataSets, paper }: Pick<ReportData, "dataSets" | "paper">): Table {
  const what = [["sentences", "nSentences"], ["entities", "nEntities"]] as const;
  const rows = dataSets.map(({ name, nTypes, splits }) => {
    const printed: PaperResults["dataSets"][string] | undefined = paper.dataSets[name];
    const counts = what.flatMap(([kind, key]) =>
      SPLITS.map((split, i) => besidePrinted(splits[split][key], printed?.[kind][i] ?? null, true))
    );
    return [textCell(name), ...counts, besidePrinted(nTypes, printed?.types ?? null, false)];
  });
  const origins = dataSets.filter(({ devOrigin }) => devOrigin !== "file");
  const remarks = dataSets.flatMap(({ name }) => {
    const remark = paper.dataSets[name]?.remark;
    return remark ? [`${name}: ${remark}`] : [];
  });
  return {
    name: "table_1",
    caption: "Data sets, counted from the files (in brackets: as the paper prints it, k for thousands)",
    header: ["data set", ...what.flatMap(([kind]) => SPLITS.map((split) => `${split} ${kind}`)), "types"],
    nRowHeaders: 1,
    rows,
    notes: [...remarks, ...origins.map(({ name, devOrigin }) => `${name}: dev is ${devOrigin}.`)],
  };
}

/** A count with what the paper prints, in thousands or as it is. */
function besidePrinted(value: number, printed: number | null, thousands: boolean): Cell {
  if (printed === null) return { text: count(value), value };
  const text = thousands ? `${decimal(printed, 1)}k` : String(printed);
  return {
    text: `${count(value)} (${text})`,
    value,
    parts: { printed: thousands ? 1000 * printed : printed },
  };
}

/** The settings that the paper gives (its Table 5), ours beside them; bold where they differ. */
export function settingsTable({ config, paper }: Pick<ReportData, "config" | "paper">): Table {
  const rows = Object.entries(paper.settings).map(([key, printed]): Cell[] => {
    const own = valueAt(config, key);
    if (own === undefined || own === null) return [textCell(key), MISSING, settingCell(printed)];
    const cell = settingCell(own);
    return [
      textCell(key),
      { ...cell, strong: cell.text !== settingCell(printed).text },
      settingCell(printed),
    ];
  });
  return {
    name: "table_5",
    caption: "Settings",
    header: ["key", "ours", "paper"],
    nRowHeaders: 1,
    rows,
    notes: rows.some(([, own]) => own.strong) ? ["Bold: differs from the paper."] : [],
  };
}

function valueAt(value: unknown, path: string): unknown {
  return path.split(".").reduce(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

function settingCell(value: unknown): Cell {
  if (typeof value !== "number") {
    return typeof value === "string"
      ? textCell(value)
      : value === null
      ? EMPTY
      : textCell(JSON.stringify(value));
  }
  return { text: value > 0 && value < 0.001 ? value.toExponential() : String(value), value };
}

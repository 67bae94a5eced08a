/** Numbers as cells of a table. */
import type { Estimate } from "./run_groups.ts";
import type { Cell } from "./table.ts";

/** The cell of a planned run that is missing. */
export const MISSING: Cell = { text: "–" };

/** An empty cell. */
export const EMPTY: Cell = { text: "" };

/** Makes a cell of plain text. */
export function textCell(text: string): Cell {
  return { text };
}

/** Writes a number with a fixed count of decimals and a true minus sign. */
export function decimal(value: number, digits = 2): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** Writes a difference as a number with its sign: "+1.20", "−0.35", "0.00". */
export function signed(value: number, digits = 2): string {
  const text = decimal(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** Writes a whole number with thousands separated: "14,041". */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** Makes a cell of mean ± deviation, with the number of finished seeds if some are missing; a dash if all are. */
export function estimateCell(estimate: Estimate | null, digits = 2): Cell {
  if (estimate === null) return MISSING;
  const { mean, std, n, nPlanned } = estimate;
  const text = decimal(mean, digits) + (std === null ? "" : ` ± ${decimal(std, digits)}`);
  return {
    text: n < nPlanned ? `${text} (${n} of ${nPlanned})` : text,
    value: mean,
    parts: { ...(std === null ? {} : { std }), seeds: n, ...(n < nPlanned ? { planned: nPlanned } : {}) },
  };
}

/** Makes the highest number of some cells bold, or several that are shown alike; a single number stays plain. */
export function boldBest(cells: readonly Cell[], digits = 2): Cell[] {
  const shown = ({ value }: Cell) => value === undefined ? [] : [Number(value.toFixed(digits))];
  const values = cells.flatMap(shown);
  const best = Math.max(...values);
  return cells.map((cell) =>
    values.length > 1 && shown(cell).includes(best) ? { ...cell, strong: true } : cell
  );
}

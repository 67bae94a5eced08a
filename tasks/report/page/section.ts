/** The contents of a report's page as plain data: sections of text, tables, figures and parts that fold. */
import type { Claim } from "../sections/claims.ts";
import type { ErrorBrowserData } from "../sections/error_browser_data.ts";
import type { Table } from "../table.ts";

/** A piece of a section. */
export type Block =
  | { kind: "text"; text: string }
  /** Text that must not be overlooked, such as missing runs. */
  | { kind: "notice"; lines: readonly string[] }
  /** A table; `shade` darkens cells by their share of the row's sum. */
  | { kind: "table"; table: Table; shade?: boolean }
  /** A figure with the name of its file. Its SVG text is not escaped; everything else on the page is. */
  | { kind: "figure"; name: string; svg: string }
  | { kind: "claims"; claims: readonly Claim[] }
  | { kind: "code"; title: string; text: string }
  | { kind: "errorBrowser"; data: ErrorBrowserData }
  /** Blocks side by side where there is room. */
  | { kind: "row"; blocks: readonly Block[] }
  /** Blocks that fold away. */
  | { kind: "details"; title: string; open: boolean; blocks: readonly Block[] };

/** A section of the page. */
export interface Section {
  /** The anchor, unique on the page. */
  id: string;
  title: string;
  /** The contents of the section, in a sentence or two. */
  intro?: string;
  blocks: readonly Block[];
}

/** Makes a block of details for each part, open if it is the only one. */
export function foldEach(parts: readonly { title: string; blocks: readonly Block[] }[]): Block[] {
  return parts
    .filter(({ blocks }) => blocks.length > 0)
    .map((part, _, all) => ({ kind: "details", open: all.length === 1, ...part }));
}

/** Makes the block of a table; no block if there is none. */
export function tableBlock(table: Table | null | undefined, shade?: boolean): Block[] {
  return table ? [{ kind: "table", table, ...(shade ? { shade } : {}) }] : [];
}

/** Makes the block of a figure with the name of its file; no block if there is none. */
export function figureBlock(name: string, svg: string | null): Block[] {
  return svg === null ? [] : [{ kind: "figure", name, svg }];
}

/** Lists all blocks of sections, nested ones after the blocks that contain them. */
export function blocksOf(sections: readonly Pick<Section, "blocks">[]): Block[] {
  return sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => "blocks" in block ? [block, ...blocksOf([block])] : [block])
  );
}

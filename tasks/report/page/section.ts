/** What the page of a report consists of, as plain data: sections of text, tables, figures and parts that fold. */
import type { Claim } from "../sections/claims.ts";
import type { ErrorBrowserData } from "../sections/error_browser_data.ts";
import type { Table } from "../table.ts";

/** A piece of a section. */
export type Block =
  | { kind: "text"; text: string }
  /** Text that must not be overlooked, such as which runs are missing. */
  | { kind: "notice"; lines: readonly string[] }
  /** `shade` darkens cells by their part of the row's sum. */
  | { kind: "table"; table: Table; shade?: boolean }
  /** By the name of its file. SVG text is taken as it is; everything else on the page is escaped. */
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
  /** Its anchor, unique on the page. */
  id: string;
  title: string;
  /** What it shows, in a sentence or two. */
  intro?: string;
  blocks: readonly Block[];
}

/** Details that fold away, open if there is nothing beside them. */
export function foldEach(parts: readonly { title: string; blocks: readonly Block[] }[]): Block[] {
  return parts
    .filter(({ blocks }) => blocks.length > 0)
    .map((part, _, all) => ({ kind: "details", open: all.length === 1, ...part }));
}

/** A table as a block; nothing for none. */
export function tableBlock(table: Table | null | undefined, shade?: boolean): Block[] {
  return table ? [{ kind: "table", table, ...(shade ? { shade } : {}) }] : [];
}

/** A figure as a block, by the name of its file; nothing for none. */
export function figureBlock(name: string, svg: string | null): Block[] {
  return svg === null ? [] : [{ kind: "figure", name, svg }];
}

/** All blocks of some sections, those inside others after them. */
export function blocksOf(sections: readonly Pick<Section, "blocks">[]): Block[] {
  return sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => "blocks" in block ? [block, ...blocksOf([block])] : [block])
  );
}

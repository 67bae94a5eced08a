/** SVG text from a Vega-Lite specification; it scales and follows the colours of the page around it. */
import type { TopLevelSpec } from "npm:vega-lite@6.5.0";
import { errorMessage } from "../../errors.ts";
import { wrapWords } from "../../terminal/wrap_words.ts";
import { textWidth } from "./text_width.ts";
import { CONFIG, INK, WIDTH } from "./theme.ts";

/** A figure before it is drawn. */
export interface Figure {
  /** The text above the figure, and its name for screen readers. */
  title: string;
  /** A line below the title. */
  subtitle?: string | undefined;
  /** The contents of the figure in a sentence, for screen readers. */
  description: string;
  /** The data: plain objects of text and finite numbers. */
  values: readonly Readonly<Record<string, unknown>>[];
  /** A Vega-Lite specification without title and data. */
  spec: object;
}

/**
 * Draws a figure; one without data says so.
 *
 * The figure is as wide as its container and has no background; a page limits it by the class "chart", best to about
 * 32rem, at which its text is about as large as the page's.
 *
 * @returns SVG text with `role="img"`, a title and a description; the same for the same data.
 * @throws Error naming the figure and the value if a number is not finite.
 */
export async function renderSvg({ title, subtitle, description, values, spec }: Figure): Promise<string> {
  values.forEach((value) => checkFinite(title, value));
  const [vega, vegaLite] = await Promise.all([import("npm:vega@6.4.0"), import("npm:vega-lite@6.5.0")]);
  measureText(vega);
  const { title: { fontSize, subtitleFontSize } } = CONFIG;
  const head = { text: wrapped(title, fontSize), subtitle: subtitle && wrapped(subtitle, subtitleFontSize) };
  const body = values.length === 0 ? NOTHING : { data: { values }, ...spec };
  const logger = vega.logger(vega.Error);
  const { spec: compiled } = vegaLite.compile({ ...body, title: head, config: CONFIG } as TopLevelSpec, {
    logger,
  });
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
  try {
    return framed(await view.toSVG(), title, description);
  } finally {
    view.finalize();
  }
}

/** Breaks text into lines that fit the figure's width. */
function wrapped(text: string, fontSize: number): string[] {
  return wrapWords(text, WIDTH, (line) => textWidth(line, fontSize));
}

/** The specification of a figure without data. */
const NOTHING = {
  data: { values: [{ text: "no results yet" }] },
  width: WIDTH - 60,
  height: 60,
  mark: { type: "text", fontSize: 12, color: INK },
  encoding: { text: { field: "text" } },
};

function checkFinite(title: string, value: Figure["values"][number]): void {
  for (const [name, number] of Object.entries(value)) {
    if (typeof number === "number" && !Number.isFinite(number)) {
      const rule = `${name} must be finite in ${JSON.stringify(value)}`;
      throw new Error(errorMessage({ act: "draw", subject: title, rule, value: number }));
    }
  }
}

/**
 * Replaces Vega's way to measure text: it uses a canvas, and without one takes every character for very wide, which
 * spoils distances.
 */
function measureText(vega: object): void {
  const { textMetrics } = vega as {
    textMetrics: { width: (item: { fontSize?: number }, text: unknown) => number };
  };
  textMetrics.width = (item, text) => textWidth(String(text ?? ""), item.fontSize ?? 11);
}

/** Replaces Vega's outermost element, which has a fixed size. */
function framed(svg: string, title: string, description: string): string {
  const [, , , width, height] = /viewBox="(\S+) (\S+) (\S+) (\S+)"/.exec(svg)!.map(Number);
  // At least the natural width, so that text is equally large in all figures.
  const head = `<svg xmlns="http://www.w3.org/2000/svg" class="chart" ` +
    `viewBox="0 0 ${Math.max(WIDTH, width!)} ${height}" width="100%" role="img" aria-label="${
      escapeXml(title)
    }">` +
    `<title>${escapeXml(title)}</title><desc>${escapeXml(description)}</desc>`;
  return head + svg.slice(svg.indexOf(">") + 1);
}

/** Escapes text for an element or an attribute with double quotes. */
function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}

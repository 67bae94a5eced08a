/** From a Vega-Lite specification to SVG text that scales and follows the colours of the page around it. */
import type { TopLevelSpec } from "npm:vega-lite@6.5.0";
import { CONFIG } from "./theme.ts";

/** What a screen reader says of a figure. */
export interface FigureText {
  title: string;
  /** What it shows, in a sentence. */
  description: string;
}

/**
 * Draws a specification.
 *
 * @param spec A Vega-Lite specification with its data inside.
 * @returns SVG text: no fixed size, transparent, `role="img"` with a title and a description.
 */
export async function renderSvg(spec: TopLevelSpec, { title, description }: FigureText): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("npm:vega@6.4.0"), import("npm:vega-lite@6.5.0")]);
  const compiled = vegaLite.compile({ ...spec, config: CONFIG } as TopLevelSpec).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logLevel: vega.Error });
  try {
    const svg = await view.toSVG();
    const viewBox = /viewBox="([^"]*)"/.exec(svg)![1];
    const body = svg.slice(svg.indexOf(">") + 1);
    const head =
      `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="${viewBox}" width="100%" role="img" ` +
      `aria-label="${escapeXml(title)}"><title>${escapeXml(title)}</title><desc>${
        escapeXml(description)
      }</desc>`;
    return head + body;
  } finally {
    view.finalize();
  }
}

/** Text as it may stand in an element or in an attribute with double quotes. */
export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}

/** How all figures look: colours that follow the page, shapes that tell the same series apart, one font. */
import type { Config } from "npm:vega-lite@6.5.0";

/** Text and lines take the colour of the text around the figure. */
export const INK = "currentColor";

/**
 * Colours of series (Okabe and Ito 2008, safe for colour-blind readers, darkened or lightened to stand 3:1 against
 * white and near-black alike); a page can set its own by the CSS variables.
 */
export const SERIES_COLOURS = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#b5669a",
  "#a67c00",
  "#3d8fc2",
  "#8a6fd1",
  "#7f7f7f",
].map((colour, i) => `var(--series-${i + 1}, ${colour})`);

/** Shapes of points, as Vega names them, in the order of the colours. */
export const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];

/** Dashes of lines, in the same order. */
export const DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2], [1, 3], [10, 4], [3, 3, 1, 3]];

/** The natural width of every figure: large enough for its text on a phone, where it is scaled down to about 340. */
export const WIDTH = 480;

/** What all figures share. */
export const CONFIG: Config = {
  background: "transparent",
  font: "system-ui, sans-serif",
  aria: false,
  view: { stroke: null },
  axis: {
    labelColor: INK,
    titleColor: INK,
    tickColor: INK,
    domainColor: INK,
    gridColor: INK,
    gridOpacity: 0.15,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelLimit: 200,
  },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    orient: "bottom",
    direction: "vertical",
    labelLimit: 400,
    symbolStrokeWidth: 2,
  },
  title: {
    color: INK,
    subtitleColor: INK,
    fontSize: 14,
    subtitleFontSize: 12,
    anchor: "start",
    fontWeight: 600,
  },
  header: { labelColor: INK, titleColor: INK, labelFontSize: 12 },
  text: { color: INK },
};

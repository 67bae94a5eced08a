/**
 * The look of all figures: one font, the colour of the surrounding text, and series that differ in colour and shape.
 */
import type { Config } from "npm:vega-lite@6.5.0";

/** The colour of text, axes and frames: that of the text around the figure, to fit light and dark pages. */
export const INK = "currentColor";

/**
 * Colours of series: those of Okabe and Ito (2008), which colour-blind readers can tell apart, adjusted so that each
 * has a contrast of 3.6:1 or more against white and near-black alike. A page may set its own by `--series-1` to
 * `--series-8`.
 */
export const SERIES_COLOURS = [
  "#1a7fc1",
  "#d55e00",
  "#00926a",
  "#c0609f",
  "#9a7500",
  "#8a6fd1",
  "#7f7f7f",
  "#5f8f1f",
].map((colour, i) => `var(--series-${i + 1}, ${colour})`);

/** Shapes of points, with Vega's names, in the order of the colours. */
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

/** The natural width of every figure: scaled down to a phone's 340 pixels, its text is still 9 pixels high. */
export const WIDTH = 460;

/** The common configuration of all figures. */
export const CONFIG = {
  background: "transparent",
  font: "system-ui, sans-serif",
  // The figure as a whole is one image for screen readers; its numbers are in the table beside it.
  aria: false,
  padding: 4,
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
    titlePadding: 8,
    labelLimit: 200,
  },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    orient: "bottom",
    direction: "vertical",
    labelLimit: WIDTH - 60,
    symbolOpacity: 1,
    symbolStrokeWidth: 2,
    offset: 12,
  },
  title: {
    color: INK,
    subtitleColor: INK,
    fontSize: 14,
    subtitleFontSize: 12,
    subtitlePadding: 4,
    anchor: "start",
    frame: "bounds",
    fontWeight: 600,
    offset: 10,
  },
  text: { color: INK },
} as const satisfies Config;

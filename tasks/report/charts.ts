/** The figures of the report, as SVG text. */
export { experimentFigure, type ExperimentFigureOptions } from "./charts/experiment_figure.ts";
export { type HeatMap, heatMap } from "./charts/heat_map.ts";
export { labelMap, type LabelMapOptions } from "./charts/label_map.ts";
export { type LearningCurves, learningCurves } from "./charts/learning_curves.ts";
export { type LineChart, lineChart, type LinePoint } from "./charts/line_chart.ts";
export { type ScoreDots, scoreDots } from "./charts/score_dots.ts";
export { type TypeBars, typeBars } from "./charts/type_bars.ts";

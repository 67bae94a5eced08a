/** Loss and dev F1 by epoch. */
import type { TopLevelSpec } from "npm:vega-lite@6.5.0";
import type { TrainRecord } from "../../../model/train.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";

/** What the curves show. */
export interface LearningCurves {
  title: string;
  /** One line a run; runs of the same name (seeds of one system) look the same. */
  runs: readonly { name: string; training: Pick<TrainRecord, "epochs" | "bestEpoch"> }[];
}

/** Draws mean training loss and dev F1 of each run by epoch, with a mark at the epoch that was kept. */
export function learningCurves({ title, runs }: LearningCurves): Promise<string> {
  const values = runs.flatMap(({ name, training }, run) =>
    training.epochs.map(({ epoch, loss, devF1 }) => ({
      series: name,
      run,
      epoch,
      loss,
      devF1: devF1 === undefined ? null : 100 * devF1,
      best: epoch === training.bestEpoch,
    }))
  );
  const names = [...new Set(runs.map(({ name }) => name))];
  const { color, shape, strokeDash } = seriesLooks(names);
  const panel = (field: string, label: string) => ({
    width: 400,
    height: 170,
    encoding: {
      x: { field: "epoch", type: "quantitative", title: "epoch", axis: { tickMinStep: 1, grid: false } },
      y: { field, type: "quantitative", title: label, scale: { zero: false } },
      color,
    },
    layer: [
      { mark: { type: "line", strokeWidth: 1.5 }, encoding: { strokeDash, detail: { field: "run" } } },
      {
        transform: [{ filter: "datum.best" }],
        mark: { type: "point", filled: true, size: 60, opacity: 1 },
        encoding: { shape },
      },
    ],
  });
  const hasDev = values.some(({ devF1 }) => devF1 !== null);
  const spec = {
    title: { text: title, subtitle: "one line a seed; mark: the epoch that was kept" },
    data: { values },
    vconcat: [...(hasDev ? [panel("devF1", "dev F1 (%)")] : []), panel("loss", "training loss")],
  };
  return renderSvg(spec as TopLevelSpec, {
    title,
    description: `Training loss and dev F1 by epoch: ${names.join(", ")}.`,
  });
}

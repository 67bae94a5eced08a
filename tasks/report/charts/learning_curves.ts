/** Loss and dev F1 by epoch. */
import type { TrainRecord } from "../../../model/training/train.ts";
import { distinct } from "../run_groups.ts";
import { renderSvg } from "./render.ts";
import { seriesLooks } from "./scales.ts";

/** The contents of learning curves. */
export interface LearningCurves {
  title: string;
  /** The runs, one line each; runs of the same name (seeds of one system) look the same. */
  runs: readonly { name: string; training: Pick<TrainRecord, "epochs" | "bestEpoch"> }[];
}

/** Draws dev F1 and mean training loss of each run by epoch, with a mark at the epoch that was kept. */
export function learningCurves({ title, runs }: LearningCurves): Promise<string> {
  const names = distinct(runs.map(({ name }) => name));
  const values = runs.flatMap(({ name, training }, run) =>
    training.epochs.map(({ epoch, loss, devF1 }) => ({
      series: names.indexOf(name),
      run,
      epoch,
      loss,
      devF1: devF1 === undefined ? null : 100 * devF1,
      best: epoch === training.bestEpoch,
    }))
  );
  const { color, shape, strokeDash, head } = seriesLooks(names);
  const panel = (field: "loss" | "devF1", label: string) => ({
    width: 400,
    height: 170,
    transform: [{ filter: { field, valid: true } }],
    encoding: {
      x: {
        field: "epoch",
        type: "quantitative",
        title: "epoch",
        scale: { zero: false, nice: false, padding: 6 },
        axis: { tickMinStep: 1, format: "d", grid: false },
      },
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
    ...head,
    vconcat: [...(hasDev ? [panel("devF1", "dev F1 (%)")] : []), panel("loss", "training loss")],
  };
  return renderSvg({
    title,
    subtitle: values.length > 0 ? "one line a run; mark: the epoch that was kept" : undefined,
    description: `Training loss and dev F1 by epoch: ${names.join(", ")}.`,
    values,
    spec,
  });
}

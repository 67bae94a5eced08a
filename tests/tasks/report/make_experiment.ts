/** Experiments for tests: plain data with scores that are given, not trained. */
import type { CountedPrf, SpanScores } from "../../../data/scores/scores.ts";
import type { EpochRecord } from "../../../model/training/train_course.ts";
import { configOf } from "../../../tasks/config/read_config.ts";
import type {
  PaperResults,
  ReportExperiment,
  ReportRun,
  ScoredSentence,
} from "../../../tasks/report/report_data.ts";
import type { FinetuneScores } from "../../../tasks/stages/finetune_scores.ts";

/** A run in short: F1 in percent, or null for one that is missing, and what else is not as usual. */
export interface RunSketch extends Partial<Omit<ReportRun, "result">> {
  f1: number | null;
  /** F1 in percent by entity type. */
  types?: Record<string, number>;
  epochs?: EpochRecord[];
  nParameters?: FinetuneScores["nParameters"];
  test?: ScoredSentence[];
}

/** A run on ai by laner, unless the sketch says otherwise. */
export function makeRun(sketch: RunSketch): ReportRun {
  const { target = "ai", system = "laner", adapt = false, seed = 1, value = null, f1 } = sketch;
  const run = { target, system, adapt, seed, value };
  if (f1 === null) return { ...run, result: null };
  const perType = Object.fromEntries(
    Object.entries(sketch.types ?? {}).map(([type, f1]) => [type, prf(f1, 10)]),
  );
  const test: SpanScores = {
    ...prf(f1, 100),
    perType,
    micro: prf(f1, 100),
    macro: prf(f1, 100),
    weighted: prf(f1, 100),
    nWords: 1000,
    nCorrectWords: 900,
    accuracy: 0.9,
  };
  const epochs = sketch.epochs ?? [{ epoch: 1, loss: 1, devF1: f1 / 100 }];
  const scores: FinetuneScores = {
    dev: test,
    test,
    training: { epochs, bestEpoch: epochs.length, stoppedBy: "epochs" },
    predictSeconds: 1,
    nParameters: sketch.nParameters ?? { encoder: 1000, head: 10 },
  };
  return { ...run, result: { dir: "stages/x", key: "x", seconds: 60, scores, test: sketch.test ?? [] } };
}

function prf(f1: number, nGold: number): CountedPrf {
  return { precision: f1 / 100, recall: f1 / 100, f1: f1 / 100, nGold, nFound: nGold, nCorrect: 0 };
}

/** An experiment of such runs. */
export function makeExperiment(
  sketches: readonly RunSketch[],
  rest: Partial<ReportExperiment> = {},
): ReportExperiment {
  const runs = sketches.map(makeRun);
  const config = configOf({ name: "table_2", encoder: "org/bert", data: { targets: ["ai"] } }, {
    source: "table_2.yaml",
  });
  return {
    name: "table_2",
    title: "Main results",
    show: "table",
    config,
    vary: null,
    ...rest,
    runs,
  };
}

/** A paper that reports nothing but what is given. */
export function makePaper(rest: Partial<PaperResults> = {}): PaperResults {
  return { source: "a paper", dataSets: {}, tables: {}, remarks: {}, settings: {}, ...rest };
}

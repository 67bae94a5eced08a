/** The contents of a report as plain data: experiments, their runs, and the stored results. */
import type { LabelFindings } from "../../model/analysis/label_analysis.ts";
import type { Config } from "../config/config.ts";
import type { DataFinding } from "../data_sets/data_finding.ts";
import type { DataStatistics } from "../data_sets/data_statistics.ts";
import type { AdaptationResult } from "../stages/mlm_course.ts";
import type { FinetuneScores } from "../stages/finetune_scores.ts";

/** A test sentence with gold and predicted tags. */
export interface ScoredSentence {
  words: readonly string[];
  gold: readonly string[];
  predicted: readonly string[];
}

/** The stored result of a run. */
export interface RunResult {
  /** The folder of its stage, relative to the results folder. */
  dir: string;
  /** The hash under which the stage is stored. */
  key: string;
  /** Wall time of the target stage. */
  seconds: number;
  scores: FinetuneScores;
  test: readonly ScoredSentence[];
}

/** A run of an experiment; `result` is null until it has been run. */
export interface ReportRun {
  target: string;
  system: string;
  /** True if the encoder was first adapted to the target's text. */
  adapt: boolean;
  seed: number;
  /** The value of the key that the experiment varies. */
  value: number | string | boolean | null;
  result: RunResult | null;
}

/** The way to show an experiment. */
export type Show = "table" | "lines" | "types" | "data" | "settings" | "labels";

/** An experiment with its runs. */
export interface ReportExperiment {
  /** Name of its file: "table_3". */
  name: string;
  title: string;
  show: Show;
  config: Config;
  /** The key in which its runs differ besides target, system, adapt and seed. */
  vary: { key: string; values: readonly (number | string | boolean)[] } | null;
  runs: readonly ReportRun[];
}

/** Findings about the tags of a model. */
export interface LabelAnalysis extends LabelFindings {
  target: string;
  system: string;
  adapt: boolean;
  seed: number;
}

/** A row of numbers from the paper, by target, in percent. */
export interface PaperRow {
  system: string;
  adapt: boolean;
  /** True if the paper took the numbers from another paper. */
  cited?: boolean;
  f1: Readonly<Record<string, number>>;
}

/** The numbers from the paper: `experiments/paper_results.yaml`. */
export interface PaperResults {
  source: string;
  /** Table 1: sentences and entities in thousands, by split, as printed. */
  dataSets: Readonly<
    Record<
      string,
      { sentences: (number | null)[]; entities: (number | null)[]; types: number; remark: string }
    >
  >;
  /** Tables by the name of the experiment. */
  tables: Readonly<Record<string, readonly PaperRow[]>>;
  /** Remarks by the name of the experiment, such as the message of a figure. */
  remarks: Readonly<Record<string, string>>;
  /** Table 5, by key of the configuration. */
  settings: Readonly<Record<string, string | number | boolean>>;
}

/** Everything that a report shows. */
export interface ReportData {
  /** Name of the profile. */
  name: string;
  /** The selected or replaced part of the profile, by the name of its folder; null for the profile as it is. */
  selection: string | null;
  createdAt: string;
  /** Versions, engine, processor and so on, in the order in which they are shown. */
  environment: Readonly<Record<string, string>>;
  config: Config;
  experiments: readonly ReportExperiment[];
  dataSets: readonly DataStatistics[];
  /** Findings about the data sets. */
  dataFindings: readonly DataFinding[];
  /** Types that a target shares with the source, by target. */
  sharedTypes: Readonly<Record<string, readonly string[]>>;
  /** Surface forms of the target's training entities, by target; lower case, words joined by spaces. */
  seenForms: Readonly<Record<string, ReadonlySet<string>>>;
  adaptations: readonly AdaptationResult[];
  labelAnalyses: readonly LabelAnalysis[];
  paper: PaperResults;
}

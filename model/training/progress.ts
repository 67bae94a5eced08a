/** What a long computation tells about itself while it runs. */
export interface ProgressEvent {
  /** What is being done: "pretrain laner". */
  stage: string;
  /** Steps of the stage that are finished, over all its epochs. */
  done: number;
  /** All steps of the stage. */
  total: number;
  /** The epoch that is running, from 1. */
  epoch?: number;
  /** How many epochs there are at most. */
  epochs?: number;
  /** The newest measurements, such as `loss` and `devF1`; those left out have not changed. */
  metrics?: Readonly<Record<string, number>>;
  /** Something that deserves a line of its own. */
  message?: string;
}

/** Is called by training and prediction whenever a step is done; who listens decides what to show of it. */
export type Progress = (event: ProgressEvent) => void;

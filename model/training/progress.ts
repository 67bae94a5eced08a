/** News of a long computation that is running. */
export interface ProgressEvent {
  /** The name of the work: "pretrain laner". */
  stage: string;
  /** Steps of the stage that are finished, over all its epochs. */
  done: number;
  /** All steps of the stage. */
  total: number;
  /** The epoch that is running, from 1. */
  epoch?: number;
  /** The most epochs that there can be. */
  epochs?: number;
  /** The newest measurements, such as `loss` and `devF1`; those left out have not changed. */
  metrics?: Readonly<Record<string, number>>;
  /** Something that deserves a line of its own. */
  message?: string;
}

/** Is called by training and prediction whenever a step is done; who listens decides what to show of it. */
export type Progress = (event: ProgressEvent) => void;

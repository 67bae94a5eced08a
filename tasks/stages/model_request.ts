/** What a model is asked for. */
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { Config } from "../config/config.ts";
import type { DataSet } from "../data_sets/data_sets.ts";

/** Which model is trained. */
export interface ModelRequest {
  /** As it is for the run's target (`configForTarget`). */
  config: Config;
  system: string;
  seed: number;
}

/** What a model is to be made for. */
export interface ModelPurpose {
  tags: TagSet;
  /** The data sets that it will be trained on. */
  source: DataSet | null;
  target: DataSet;
}

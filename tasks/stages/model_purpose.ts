import type { TagSet } from "../../data/tags/tag_set.ts";
import type { DataSet } from "../data_sets/data_sets.ts";

/** What a model is to be made for. */
export interface ModelPurpose {
  tags: TagSet;
  /** The data sets that it will be trained on. */
  source: DataSet | null;
  target: DataSet;
}

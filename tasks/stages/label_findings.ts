/** The form of `labels.json`. */
import { listOf, objectOf, pairOf } from "../../data/schema/file_shapes.ts";
import { orNull } from "../../data/schema/mappings.ts";
import { anyText, finite, type Shape } from "../../data/schema/shapes.ts";
import type { LabelFindings } from "../../model/analysis/label_analysis.ts";

const NUMBER = finite();
const TEXT = anyText();
const LABEL_MAP = objectOf({
  tags: listOf(TEXT),
  points: listOf(pairOf(NUMBER)),
  explained: pairOf(NUMBER),
  nearest: listOf(listOf(objectOf({ tag: TEXT, cosine: NUMBER }))),
});

/** The form of `labels.json`. */
export const LABEL_FINDINGS: Shape<LabelFindings> = objectOf({
  before: orNull(LABEL_MAP),
  after: LABEL_MAP,
  attention: orNull(objectOf({ words: listOf(TEXT), tags: listOf(TEXT), weights: listOf(listOf(NUMBER)) })),
});

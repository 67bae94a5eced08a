/**
 * Tags of words and spans of entities: tag schemes and their checks, conversion both ways, tag sets, and the tag
 * histories that label encoders read.
 *
 * @example
 * ```ts
 * import { tagsToSpans } from "@laner/laner/tags";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(tagsToSpans(["B-person", "I-person", "O"]), [{ entityType: "person", start: 0, end: 2 }]);
 * ```
 *
 * @module
 */
export { checkTags, tagProblems, wellFormedSchemes } from "./check_tags.ts";
export { convertTags } from "./convert_tags.ts";
export { historyLayout } from "./history_layout.ts";
export { type LegalTags, legalTags } from "./legal_tags.ts";
export {
  lengthRatioOf,
  maxSequenceLength,
  sequenceToSpans,
  spansToSequence,
  withoutOverlaps,
} from "./span_sequences.ts";
export { createTagStrings, tagHistories } from "./tag_history.ts";
export { type Scheme, type Span, spansToTags, tagsToSpans } from "./tag_scheme.ts";
export { createTagSet, sharedTags, TagSet, tagSetOf, unionOfTagSets } from "./tag_set.ts";

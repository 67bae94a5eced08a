/** The course of masked language modelling on a target's text, as `mlm.json` holds it. */
import { listOf, objectOf, whole } from "../../data/schema/file_shapes.ts";
import { orNull } from "../../data/schema/mappings.ts";
import { finite, type Shape } from "../../data/schema/shapes.ts";

/** The course of masked language modelling on a target's text. */
export interface AdaptationResult {
  target: string;
  seconds: number;
  /** Number of blocks of text, trained on and held out. */
  blocks: number;
  heldOut: number;
  /** Mean loss of each epoch. */
  losses: readonly number[];
  /** Perplexity of the held-out blocks; null where none are held out. */
  perplexity: { before: number | null; after: number | null };
}

/** The form of `mlm.json`, the course of masked language modelling. */
export const MLM_COURSE: Shape<Omit<AdaptationResult, "target" | "seconds">> = objectOf({
  blocks: whole(0),
  heldOut: whole(0),
  losses: listOf(finite()),
  perplexity: objectOf({ before: orNull(finite()), after: orNull(finite()) }),
});

/** The fields of tagger.json of a model that reads words. */
import { closedObject, maybe, whole } from "../../data/schema/file_shapes.ts";
import { positive, type Shape, share } from "../../data/schema/shapes.ts";
import type { CharLmSizes } from "../char_lm/char_lm.ts";
import type { WordSizes } from "../words/word_states.ts";

/** The widths of the layers. */
export const WORD_SIZES: Shape<WordSizes> = closedObject({
  wordWidth: whole(1),
  characterWidth: whole(1),
  characterFeatures: whole(0),
  width: whole(1),
  nLayers: whole(1),
  dropout: share(),
  templates: maybe(positive()),
});

/** The widths of the character language models of a system that needs them. */
export const CHAR_LM_SIZES: Shape<CharLmSizes> = closedObject({ width: whole(1), characterWidth: whole(1) });

/** Keys of a model, whichever system it is of. */
import { group, optional, orNull } from "../../data/schema/mappings.ts";
import { choice, choiceOrNull, integer, onOrOff, share } from "../../data/schema/shapes.ts";

/** Most sequences that are written side by side. */
export const MAX_BEAMS = 100;

/** Keys of a model. */
export const MODEL_KEYS = {
  labelWidth: optional(integer(1), 100, "Width of tag embeddings and of each LSTM direction (D)"),
  dropout: optional(share(), 0.1, "Dropout inside the encoder"),
  maxPieces: optional(
    integer(8),
    512,
    "Longest input in pieces; longer sentences are split between words",
  ),
  beamSize: optional(
    orNull(integer(1, MAX_BEAMS)),
    null,
    "Sequences that bartner writes side by side, of which the best is taken; null for one, greedily",
  ),
  labelSpace: optional(
    choice("target", "joint"),
    "target",
    "Tags of the source model: its own, expanded for each target, or the union of both sets from the start",
  ),
  legalTags: optional(
    onOrOff(),
    null,
    "Predict only tags that the scheme lets follow each other: systems on an encoder choose each word's best of them, bert-crf its best path; null for any",
  ),
  newTags: optional(
    choiceOrNull("random", "mean"),
    null,
    "Start of tags that the source lacks: as in a new layer, or 0.3 times that and the mean of the source's tags with the same prefix; null for random",
  ),
  wordShapes: optional(
    onOrOff(),
    null,
    "Tell the encoder of each word's capitals and digits by a table that is trained with the system: for systems on an encoder whose vocabulary is uncased; null for not",
  ),
  factoredTags: optional(
    onOrOff(),
    null,
    "Train each tag's row, on the target, as a sum of its own, its prefix's and its type's, in the output layer and the label embeddings; null for its own alone",
  ),
};

export const MODEL = group(MODEL_KEYS);

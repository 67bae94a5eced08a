/** BARTNER among the systems: entities of tags become the sequences that it writes, and back. */
import type { EncodedSentence } from "../../../data/batches/batch.ts";
import { sequenceToSpans, spansToSequence, withoutOverlaps } from "../../../data/tags/span_sequences.ts";
import { spansToTags, tagsToSpans } from "../../../data/tags/tag_scheme.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { type System, SYSTEM_CALLS, type TaggedSentence } from "../../training/system.ts";
import { type BartSystem, bartSystem, type BartSystemOptions, writtenTypes } from "../bart_system.ts";
import { createBartner } from "./bartner.ts";
import { bartnerShapes, TYPES } from "./bartner_head.ts";
import { initialTypes } from "./bartner_init.ts";

/** BARTNER as a line of the table of systems. */
export const BARTNER: BartSystem = bartSystem({
  can: { mixedPrecision: true },
  headShapes: ({ config, domains }) => bartnerShapes(config.hiddenWidth, writtenTypes(domains).length),
  initialise(parameters, { domains }, piecesOf) {
    const { data } = initialTypes(parameters, writtenTypes(domains).map(piecesOf));
    parameters[TYPES]!.data.set(data);
  },
  create: createBartnerSystem,
});

/**
 * Assembles BARTNER as a system that tags words; see `createBartner`.
 *
 * Of entities that share a word the first written stays, as tags cannot mark both; entities of a
 * type that `tags` lacks are left out.
 */
export function createBartnerSystem(
  { engine, config, tags, domains, lengthRatio, beamSize, parameters }: BartSystemOptions,
): System {
  const bartner = createBartner({ engine, config, parameters });
  const types = writtenTypes(domains);
  return oneAtATime<System>({
    tags,
    parameters,
    lossTerms: (sentences) => sentences.reduce((sum, one) => sum + withSequence(one).sequence.length, 0),

    lossAndGradients: (sentences, random) => bartner.lossAndGradients(sentences.map(withSequence), random),

    async predict(sentences, onProgress) {
      const sequences = await bartner.decode(sentences, { lengthRatio, beamSize }, onProgress);
      return { tagIds: sequences.map((sequence, i) => tagIdsOf(sequence, sentences[i]!)) };
    },

    dispose: () => bartner.dispose(),
  }, SYSTEM_CALLS);

  function withSequence(sentence: TaggedSentence) {
    const names = Array.from(sentence.tagIds, (id) => tags.tagOf(id));
    const spans = tagsToSpans(names, { scheme: tags.scheme });
    return { ...sentence, sequence: spansToSequence(spans, names.length, types) };
  }

  function tagIdsOf(sequence: readonly number[], { firstPieces }: EncodedSentence): Int32Array {
    const spans = sequenceToSpans(sequence, firstPieces.length, types)
      .filter(({ entityType }) => tags.entityTypes.includes(entityType));
    const names = spansToTags(withoutOverlaps(spans), firstPieces.length, { scheme: tags.scheme });
    return Int32Array.from(names, (tag) => tags.idOf(tag));
  }
}

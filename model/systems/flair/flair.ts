/**
 * Flair (Akbik et al. 2018): contextual string embeddings beside word vectors, both as they are, a linear layer, a
 * BiLSTM and a CRF.
 */
import type { EncodedSentence } from "../../../data/batches/batch.ts";
import { applyDropout } from "../../../data/batches/dropout.ts";
import type { Random } from "../../../data/random.ts";
import { createTagConverter } from "../../../data/tags/convert_tags.ts";
import { iobesTags } from "../../../data/tags/domain_tags.ts";
import type { Domains } from "../../../data/tags/domain_tags.ts";
import { unionOfTagSets } from "../../../data/tags/tag_set.ts";
import { charLmShapes } from "../../char_lm/char_lm.ts";
import { createStringEmbeddings } from "../../char_lm/string_embeddings.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import { createBiLstm } from "../../nn/bilstm.ts";
import { biLstmShapes } from "../../nn/bilstm_shapes.ts";
import { createCrfOutput, crfOutputShapes } from "../../nn/crf_output.ts";
import { lookUp } from "../../nn/embedding_table.ts";
import { createGraphBlock } from "../../nn/graph_block.ts";
import { lockedMask, type Mask, wordMask } from "../../nn/locked_dropout.ts";
import { oneAtATime } from "../../nn/one_at_a_time.ts";
import { linear } from "../../nn/ops.ts";
import { type System, SYSTEM_CALLS } from "../../training/system.ts";
import { withPrefix } from "../../weights/parameters.ts";
import { remembered } from "../../words/word_features.ts";
import { inOneStep } from "../packed_ahead.ts";
import { predictByLength } from "../predict_by_length.ts";
import type { WordSystemOptions, WordSystemShape } from "../word_model.ts";
import { type WordSystem, wordSystem } from "../word_system.ts";

/** Share of the words that are left out whole, and of the values that are dropped for a whole sentence. */
const WORD_DROPOUT = 0.05;

/** Returns the tags inside the network. They are those of both data sets, the same in source and target models. */
const ownTags = ({ source, target }: Domains) => iobesTags(unionOfTagSets(source, target));

const inputWidthOf = ({ sizes, charLm }: WordSystemShape) => sizes.wordWidth + 2 * charLm!.width;
const lstmOptions = (about: WordSystemShape) => ({
  name: "bilstm",
  inputWidth: inputWidthOf(about),
  width: about.sizes.width,
  nLayers: about.sizes.nLayers,
});

/** Flair as a line of the table of systems. */
export const FLAIR: WordSystem = wordSystem({
  needsCharLm: true,
  shapes(about) {
    const width = inputWidthOf(about);
    const lm = charLmShapes(about.vocabularies.lmCharacters!.size, about.charLm!);
    return {
      "words.weight": [about.vocabularies.words.size, about.sizes.wordWidth],
      ...withPrefix("forward", lm),
      ...withPrefix("backward", lm),
      "reproject.weight": [width, width],
      "reproject.bias": [width],
      ...biLstmShapes(lstmOptions(about)),
      ...crfOutputShapes(2 * about.sizes.width, ownTags(about.domains).nTags),
    };
  },
  create: createFlair,
});

/**
 * Assembles a Flair tagger, whose loss is the mean negative log likelihood of sentences. Word vectors and character
 * models are not trained; `sizes.dropout` is the locked dropout before the linear layer and after the LSTM.
 *
 * Inside, its tags are those of both data sets in the scheme IOBES; entities of a type that `tags` lacks are left out of
 * its predictions. START and STOP are vectors of their own, not two more tags as in the published code.
 */
export function createFlair(options: WordSystemOptions): System {
  const { engine, vocabularies, charLm, sizes, tags, parameters: all } = options;
  const width = inputWidthOf(options);
  const own = ownTags(options.domains);
  const toOwn = createTagConverter(tags, own);
  const fromOwn = createTagConverter(own, tags, "drop");
  const parameters = Object.fromEntries(
    Object.entries(all).filter(([name]) => !/^(forward|backward)\/|^words\./.test(name)),
  );
  const strings = remembered(createStringEmbeddings(engine, vocabularies.lmCharacters!, charLm!, all));
  const layer = createGraphBlock(engine, {
    label: "reprojection",
    compute: ({ x, weight, bias }) => ({ y: linear(x, weight, bias) }),
    axes: { x: ["W", width] },
    outputs: { y: ["W", width] },
    by: ["weight", "bias"],
  });
  const lstm = createBiLstm(engine, lstmOptions(options));
  const output = createCrfOutput(engine, 2 * sizes.width, own.nTags);

  /** Puts word vectors and string embeddings side by side, float32 [W, width]. */
  async function embed(sentences: readonly EncodedSentence[]): Promise<NdArray> {
    const ids = vocabularies.words.idsOf(sentences.flatMap(({ words }) => words!));
    const x = { shape: [ids.length, width], data: new Float32Array(ids.length * width) };
    lookUp(all["words.weight"]!, ids, x, 0);
    lookUp(await strings.of(sentences), ids.map((_, i) => i), x, sizes.wordWidth);
    return x;
  }

  async function statesOf(sentences: readonly EncodedSentence[], nWords: readonly number[], random?: Random) {
    const x = await embed(sentences);
    const locked = (width: number): Mask | null =>
      random && sizes.dropout > 0 ? lockedMask(nWords, width, sizes.dropout, random) : null;
    if (random) applyDropout(x.data, wordMask(nWords, width, WORD_DROPOUT, random));
    applyDropout(x.data, locked(width));
    const { y } = await layer.forward({
      x,
      weight: parameters["reproject.weight"]!,
      bias: parameters["reproject.bias"]!,
    });
    const { states } = await lstm.forward(parameters, y, nWords);
    const mask = locked(states.shape[1]!);
    applyDropout(states.data, mask);
    return { states, mask };
  }

  return oneAtATime<System>({
    tags,
    parameters,
    prepare: strings.prepare,
    lossTerms: ({ length }) => length,

    async lossAndGradients(sentences, random) {
      const { states, mask } = await statesOf(
        sentences,
        sentences.map(({ tagIds }) => tagIds.length),
        random,
      );
      const gold = sentences.map(({ tagIds }) => toOwn(tagIds));
      const { loss, gradients, states: d } = await output.lossAndGradients(parameters, states, gold);
      applyDropout(d.data, mask);
      const back = await lstm.backward({ states: d });
      const { weight, bias } = await layer.backward({ y: back.x });
      const byLayer = { "reproject.weight": weight, "reproject.bias": bias };
      return { loss, gradients: { ...byLayer, ...back.gradients, ...gradients } };
    },

    predict: async (sentences, onProgress) => ({
      tagIds: await predictByLength(
        sentences,
        inOneStep(async (batch) => {
          const nWords = batch.map(({ firstPieces }) => firstPieces.length);
          const { states } = await statesOf(batch, nWords);
          const tagIds = await output.decode(parameters, states, nWords);
          return tagIds.map(fromOwn);
        }),
        onProgress,
      ),
    }),

    dispose() {
      for (const part of [strings, layer, lstm, output]) part.dispose();
    },
  }, SYSTEM_CALLS);
}

/** Systems that read words and their characters. */
import { WHOLE_WORDS } from "../../data/pieces/whole_words.ts";
import { maybe, only } from "../../data/schema/file_shapes.ts";
import { flag } from "../../data/schema/shapes.ts";
import { vocabulariesFromJson, vocabulariesToJson } from "../../data/words/vocabularies.ts";
import { loadEncoderFolder, writeEncoderFolder } from "../bert/encoder_folder.ts";
import { withoutPrefix, withPrefix } from "../weights/parameters.ts";
import { NO_ABILITIES, type SystemDefinition } from "./definition.ts";
import { headFile, readHead } from "./head_file.ts";
import { newWordModel } from "./new_word_model.ts";
import { describeDomains, DOMAINS, domainsOf } from "./tagger_fields.ts";
import { CHAR_LM_SIZES, WORD_SIZES } from "./word_fields.ts";
import { ENCODER_PREFIX, type WordModel, type WordSystemParts } from "./word_model.ts";

/** A system that reads words. */
export type WordSystem =
  & SystemDefinition<WordModel>
  & Pick<WordSystemParts, "shapes" | "needsCharLm" | "vectorWords" | "initialise">;

const OF_ENCODER = new RegExp(`^${ENCODER_PREFIX}/`);

/** Defines a system that reads words. */
export function wordSystem(parts: WordSystemParts): WordSystem {
  const { needsCharLm = false, vectorWords, shapes, initialise, create } = parts;
  const can = { ...NO_ABILITIES, ...parts.can };
  return {
    can,
    tagAxes: parts.tagAxes ?? {},
    batching: parts.batching,
    trains: null,
    fitsTarget: true,
    needsCharLm,
    vectorWords,
    shapes,
    initialise,

    needs: ({ words }) => [
      ...(words.readsEncoder ? ["encoder"] as const : []),
      "vectors",
      ...(needsCharLm ? ["charLms"] as const : []),
    ],

    ownSettings({ model: { maxPieces }, words }) {
      const { lowercaseFallback, characterWidth, characterFeatures, width, nLayers, dropout } = words;
      const { templates, ngramWidth, readsEncoder } = words;
      const sizes = { characterWidth, characterFeatures, width, nLayers, dropout, templates, ngramWidth };
      return { maxPieces, words: { ...sizes, lowercaseFallback, readsEncoder } };
    },

    fresh: (system, materials, about) => newWordModel(parts, system, materials, about),

    transferred: (model) => model,

    isOfMaterial: (parameter) => /^(encoder|forward|backward)\//.test(parameter),

    describe: ({ sizes, domains, charLm, encoder }) => ({
      sizes,
      domains: describeDomains(domains),
      ...(charLm ? { charLm } : {}),
      ...(encoder ? { readsEncoder: true } : {}),
    }),

    files: ({ encoder, vocabularies, parameters }) => ({
      ...(encoder ? writeEncoderFolder(encoder, withoutPrefix(ENCODER_PREFIX, parameters)) : {}),
      "vocabularies.json": JSON.stringify(vocabulariesToJson(vocabularies)) + "\n",
      ...headFile(parameters, (name) => !OF_ENCODER.test(name)),
    }),

    async load(folder, fields, { fetch }) {
      const { system } = fields;
      const keys = {
        domains: DOMAINS,
        sizes: WORD_SIZES,
        readsEncoder: maybe(can.readEncoderStates ? flag() : only(false, `false for ${system}`)),
      };
      const withCharLm = needsCharLm ? fields.read({ ...keys, charLm: CHAR_LM_SIZES }) : null;
      const own = withCharLm ?? fields.read(keys);
      const { readsEncoder = false, maxPieces, sizes } = own;
      const tags = fields.tagSet("tags", own.tags, own.scheme);
      const domains = domainsOf(fields, tags, own.domains);
      const { place } = fields;
      const source = folder.url("vocabularies.json").href;
      const vocabularies = vocabulariesFromJson(await folder.readJson("vocabularies.json"), source);
      if (needsCharLm && !vocabularies.lmCharacters) {
        const rule = `${system} needs lmCharacters`;
        throw new Error(`Cannot use vocabularies at ${source}: ${rule}, current value is undefined`);
      }
      const encoder = readsEncoder ? await loadEncoderFolder(folder.location, { fetch }) : null;
      if (encoder) {
        const { maxPositions } = encoder.config;
        fields.atMost("maxPieces", maxPieces, maxPositions, "max_position_embeddings of config.json");
      }
      const about = {
        system,
        tags,
        domains,
        sizes,
        maxPieces,
        vocabularies,
        ...(withCharLm ? { charLm: withCharLm.charLm } : {}),
        ...(encoder ? { encoder: encoder.config } : {}),
      };
      const head = await readHead(folder, (nTensors) => {
        // The names of all tensors are listed before they are looked for, and every layer has tensors of its own.
        fields.atMost("sizes.nLayers", sizes.nLayers, nTensors, "the tensors of head.safetensors");
        try {
          return Object.fromEntries(Object.entries(shapes(about)).filter(([name]) => !OF_ENCODER.test(name)));
        } catch (error) {
          throw new Error(`Cannot use sizes at ${place}: ${(error as Error).message}`, { cause: error });
        }
      });
      return {
        ...about,
        parameters: encoder ? { ...withPrefix(ENCODER_PREFIX, encoder.parameters), ...head } : head,
        tokenizer: encoder?.tokenizer ?? WHOLE_WORDS,
        tokenizerFiles: encoder?.tokenizerFiles ?? {},
      };
    },

    create,
  };
}

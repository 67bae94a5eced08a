/** Systems that read words and their characters. */
import { WHOLE_WORDS } from "../../data/pieces/whole_words.ts";
import { createRandom } from "../../data/random.ts";
import type { Domains } from "../../data/tags/domain_tags.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import { charNgramVector, hashedNgrams } from "../../data/words/char_ngrams.ts";
import { vectorTable } from "../../data/words/vector_table.ts";
import {
  allSpellings,
  createVocabularies,
  type Vocabularies,
  vocabulariesFromJson,
  vocabulariesToJson,
} from "../../data/words/vocabularies.ts";
import { FIRST_WORD, type Vocabulary } from "../../data/words/word_vocabulary.ts";
import type { BertConfig } from "../bert/bert_config.ts";
import { loadEncoderFolder, writeEncoderFolder } from "../bert/encoder_folder.ts";
import type { CharLmSizes } from "../char_lm/char_lm.ts";
import type { Engine } from "../engine/engine.ts";
import { type NdArray, sideBySide } from "../engine/nd_array.ts";
import type { System } from "../training/system.ts";
import {
  assignParameters,
  initialParameters,
  type Parameters,
  withoutPrefix,
  withPrefix,
} from "../weights/parameters.ts";
import type { WordSizes } from "../words/word_states.ts";
import { type Abilities, type Model, NO_ABILITIES, type SystemDefinition } from "./definition.ts";
import { headFile, readHead } from "./head_file.ts";
import {
  COMMON_KEYS,
  describeDomains,
  readDomains,
  readMaxPieces,
  type TaggerFields,
} from "./tagger_fields.ts";

/** Everything on which the shapes of a system that reads words depend. */
export interface WordSystemShape {
  vocabularies: Vocabularies;
  sizes: WordSizes;
  tags: TagSet;
  /** The tags of the source and of the target, for systems with parts for each; `tags` are those of one of them. */
  domains: Domains;
  /** Sizes of the character language models, for systems that need them. */
  charLm?: CharLmSizes;
  /** The BERT encoder whose states are read beside words, if the settings ask for one. */
  encoder?: BertConfig;
}

/** A trained model that reads words; `maxPieces` counts words. */
export interface WordModel extends Model, WordSystemShape {
  tags: TagSet;
}

/** The parts from which a system that reads words is assembled. */
export interface WordSystemOptions extends WordSystemShape {
  engine: Engine;
  /** Used as they are, not copied. The system's own `parameters` are those among them that are trained. */
  parameters: Parameters;
}

/** The differences between systems that read words. */
export interface WordSystemParts extends Partial<Pick<SystemDefinition, "tagAxes" | "batching">> {
  /** Abilities beside tagging; none by default. */
  can?: Partial<Abilities>;
  /** True if it is built on character language models, whose parameters are under `forward/` and `backward/`. */
  needsCharLm?: boolean;
  /** Lists names and shapes of all parameters. */
  shapes(about: WordSystemShape): Record<string, number[]>;
  /** Lists words that need vectors besides the words of the data. */
  vectorWords?: ((domains: Domains) => readonly string[]) | undefined;
  /** Sets the initial values of new parameters, in place; `words.weight` has the word vectors already. */
  initialise?: ((parameters: Parameters, about: WordSystemShape) => void) | undefined;
  /** Assembles the system. */
  create(options: WordSystemOptions): System;
}

/** A system that reads words. */
export type WordSystem =
  & SystemDefinition<WordModel>
  & Pick<WordSystemParts, "shapes" | "needsCharLm" | "vectorWords" | "initialise">;

/** The prefix of an encoder's parameters in a model that reads its states. */
const ENCODER = "encoder";
const OF_ENCODER = new RegExp(`^${ENCODER}/`);

/** The keys of `sizes` that are whole numbers, and the least that each may be. */
const LEAST = { wordWidth: 1, characterWidth: 1, characterFeatures: 0, width: 1, nLayers: 1 };

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

    async fresh(system, materials, { tags, domains, train, all, settings, seed }) {
      const { words: keys, model: { maxPieces } } = settings;
      const also = vectorWords?.(domains) ?? [];
      const found = await materials.vectors(allSpellings([...all, { words: also }], keys.lowercaseFallback));
      const charLms = needsCharLm ? await materials.charLms() : null;
      const encoder = keys.readsEncoder ? await materials.encoder() : null;
      const vocabularies: Vocabularies = {
        ...createVocabularies(train, [...found.words, ...also], keys.lowercaseFallback),
        ...(charLms ? { lmCharacters: charLms.forward.characters } : {}),
      };
      const { characterWidth, characterFeatures, width, nLayers, dropout, templates, ngramWidth } = keys;
      const about: WordSystemShape = {
        vocabularies,
        sizes: {
          wordWidth: found.width + (ngramWidth ?? 0),
          characterWidth,
          characterFeatures,
          width,
          nLayers,
          dropout,
          ...(templates ? { templates } : {}),
        },
        tags,
        domains,
        ...(charLms ? { charLm: sizesOf(keys.charLm) } : {}),
        ...(encoder ? { encoder: encoder.config } : {}),
      };
      const random = createRandom(seed);
      const parameters = initialParameters(shapes(about), random.fork("head"));
      const { data } = vectorTable(vocabularies.words, found, random.fork("words"));
      const table = { shape: [vocabularies.words.size, found.width], data };
      parameters["words.weight"]!.data.set(
        ngramWidth === null ? data : sideBySide([table, ngramTable(vocabularies.words, ngramWidth)]).data,
      );
      for (const [direction, own] of Object.entries(charLms ?? {})) {
        assignParameters(parameters, withPrefix(direction, own.parameters));
      }
      if (encoder) assignParameters(parameters, withPrefix(ENCODER, encoder.parameters));
      initialise?.(parameters, about);
      return {
        system,
        ...about,
        parameters,
        maxPieces: Math.min(maxPieces, encoder?.config.maxPositions ?? maxPieces),
        tokenizer: encoder?.tokenizer ?? WHOLE_WORDS,
        tokenizerFiles: encoder?.tokenizerFiles ?? {},
      };
    },

    transferred: (model) => model,

    isOfMaterial: (parameter) => /^(encoder|forward|backward)\//.test(parameter),

    describe: ({ sizes, domains, charLm, encoder }) => ({
      sizes,
      domains: describeDomains(domains),
      ...(charLm ? { charLm } : {}),
      ...(encoder ? { readsEncoder: true } : {}),
    }),

    files: ({ encoder, vocabularies, parameters }) => ({
      ...(encoder ? writeEncoderFolder(encoder, withoutPrefix(ENCODER, parameters)) : {}),
      "vocabularies.json": JSON.stringify(vocabulariesToJson(vocabularies)) + "\n",
      ...headFile(parameters, (name) => !OF_ENCODER.test(name)),
    }),

    async load(folder, fields, { fetch }) {
      const own = readOwnFields(fields, needsCharLm, can.readEncoderStates);
      const { readsEncoder, ...rest } = own;
      const { place } = fields;
      const source = folder.url("vocabularies.json").href;
      const vocabularies = vocabulariesFromJson(await folder.readJson("vocabularies.json"), source);
      if (needsCharLm && !vocabularies.lmCharacters) {
        const rule = `${own.system} needs lmCharacters`;
        throw new Error(`Cannot use vocabularies at ${source}: ${rule}, current value is undefined`);
      }
      const encoder = readsEncoder ? await loadEncoderFolder(folder.location, { fetch }) : null;
      if (encoder) {
        const { maxPositions } = encoder.config;
        fields.atMost("maxPieces", own.maxPieces, maxPositions, "max_position_embeddings of config.json");
      }
      const about = { ...rest, vocabularies, ...(encoder ? { encoder: encoder.config } : {}) };
      const head = await readHead(folder, (nTensors) => {
        // The names of all tensors are listed before they are looked for, and every layer has tensors of its own.
        fields.atMost("sizes.nLayers", own.sizes.nLayers, nTensors, "the tensors of head.safetensors");
        try {
          return Object.fromEntries(Object.entries(shapes(about)).filter(([name]) => !OF_ENCODER.test(name)));
        } catch (error) {
          throw new Error(`Cannot use sizes at ${place}: ${(error as Error).message}`, { cause: error });
        }
      });
      return {
        ...about,
        parameters: encoder ? { ...withPrefix(ENCODER, encoder.parameters), ...head } : head,
        tokenizer: encoder?.tokenizer ?? WHOLE_WORDS,
        tokenizerFiles: encoder?.tokenizerFiles ?? {},
      };
    },

    create,
  };
}

/** Reads the fields of tagger.json of a model that reads words. */
function readOwnFields(fields: TaggerFields, needsCharLm: boolean, mayReadEncoder: boolean) {
  const keys = ["domains", "sizes", "readsEncoder", ...(needsCharLm ? ["charLm"] : [])];
  fields.section("", [...COMMON_KEYS, ...keys]);
  const system = String(fields.valueOf("system"));
  const tags = fields.tagSet("tags");
  const domains = readDomains(fields, tags);
  const sizes = fields.section("sizes", [...Object.keys(LEAST), "dropout", "templates"]);
  const own = (key: keyof typeof LEAST) => fields.size(`sizes.${key}`, LEAST[key], sizes[key] ?? null);
  const { dropout, templates } = sizes;
  if (typeof dropout !== "number" || !(dropout >= 0 && dropout < 1)) {
    return fields.fail("sizes.dropout", "a number from 0 to below 1", dropout);
  }
  const charLm = fields.section("charLm", ["width", "characterWidth"]);
  const ofCharLm = (key: keyof CharLmSizes) => fields.size(`charLm.${key}`, 1, charLm[key] ?? null);
  const readsEncoder = fields.valueOf("readsEncoder") ?? false;
  if (typeof readsEncoder !== "boolean" || (readsEncoder && !mayReadEncoder)) {
    return fields.fail(
      "readsEncoder",
      mayReadEncoder ? "true or false" : `false for ${system}`,
      readsEncoder,
    );
  }
  return {
    system,
    tags,
    readsEncoder,
    ...(needsCharLm
      ? { charLm: { width: ofCharLm("width"), characterWidth: ofCharLm("characterWidth") } }
      : {}),
    domains,
    sizes: {
      wordWidth: own("wordWidth"),
      characterWidth: own("characterWidth"),
      characterFeatures: own("characterFeatures"),
      width: own("width"),
      nLayers: own("nLayers"),
      dropout,
      ...(templates === undefined ? {} : { templates: fields.positive("sizes.templates", templates) }),
    },
    maxPieces: readMaxPieces(fields),
  };
}

/** Averages random vectors of each word's character n-grams; the rows of PAD and UNK are zero. */
function ngramTable({ words, size }: Vocabulary, width: number): NdArray {
  const vectorOf = hashedNgrams({ width, seed: 1 });
  const data = new Float32Array(size * width);
  words.forEach((word, i) => data.set(charNgramVector(word, vectorOf, width), (i + FIRST_WORD) * width));
  return { shape: [size, width], data };
}

function sizesOf({ width, characterWidth }: CharLmSizes): CharLmSizes {
  return { width, characterWidth };
}

/** The fields of tagger.json of a model that reads words. */
import type { Domains } from "../../data/tags/domain_tags.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { CharLmSizes } from "../char_lm/char_lm.ts";
import type { WordSizes } from "../words/word_states.ts";
import { COMMON_KEYS, readDomains, readMaxPieces, type TaggerFields } from "./tagger_fields.ts";

/** The fields by name. */
export interface WordFields {
  system: string;
  tags: TagSet;
  domains: Domains;
  sizes: WordSizes;
  maxPieces: number;
  /** True if the model reads the states of an encoder, whose files lie beside tagger.json. */
  readsEncoder: boolean;
  /** Sizes of the character language models of a system that needs them. */
  charLm?: CharLmSizes;
}

/** The keys of `sizes` that are whole numbers, and the least that each may be. */
const LEAST = { wordWidth: 1, characterWidth: 1, characterFeatures: 0, width: 1, nLayers: 1 };

/**
 * Reads the fields.
 *
 * @throws If a field is missing, malformed or another system's, naming it.
 */
export function readWordFields(
  fields: TaggerFields,
  needsCharLm: boolean,
  mayReadEncoder: boolean,
): WordFields {
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

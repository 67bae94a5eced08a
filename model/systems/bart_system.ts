/** Systems on BART, which is trained with them. */
import { createRandom } from "../../data/random.ts";
import { maybe, whole } from "../../data/schema/file_shapes.ts";
import { numberFrom } from "../../data/schema/shapes.ts";
import type { Domains } from "../../data/tags/domain_tags.ts";
import { lengthRatioOf, spansToSequence } from "../../data/tags/span_sequences.ts";
import { tagsToSpans } from "../../data/tags/tag_scheme.ts";
import { type TagSet, unionOfTagSets } from "../../data/tags/tag_set.ts";
import { typeWords } from "../../data/words/type_words.ts";
import type { BartConfig } from "../bart/bart_config.ts";
import { loadBartFolder, writeBartFolder } from "../bart/bart_folder.ts";
import { bartShapes } from "../bart/bart_shapes.ts";
import type { Engine } from "../engine/engine.ts";
import { MAX_BEAMS } from "../settings/model_keys.ts";
import type { System } from "../training/system.ts";
import { initialParameters, type Parameters } from "../weights/parameters.ts";
import { type Abilities, type Model, NO_ABILITIES, type SystemDefinition } from "./definition.ts";
import { headFile, readHead } from "./head_file.ts";
import { describeDomains, DOMAINS, domainsOf } from "./tagger_fields.ts";

/** Everything on which the shapes of a system on BART depend. */
export interface BartSystemShape {
  config: BartConfig;
  tags: TagSet;
  /** The tags of the source and of the target; `tags` are those of one of them. */
  domains: Domains;
}

/** A trained model on BART. */
export interface BartModel extends Model, BartSystemShape {
  tags: TagSet;
  /** The factor that limits the length of written sequences (see `maxSequenceLength`). */
  lengthRatio: number;
  /** The number of sequences that are written side by side; 1, greedy decoding, by default. */
  beamSize?: number | undefined;
}

/** The parts from which a system on BART is assembled. */
export interface BartSystemOptions extends BartSystemShape, Pick<BartModel, "lengthRatio" | "beamSize"> {
  engine: Engine;
  /** BART's parameters by the names of `bartShapes`, and the head's; used as they are, not copied. */
  parameters: Parameters;
}

/** The differences between systems on BART. */
export interface BartSystemParts {
  /** Abilities beside tagging; none by default. */
  can?: Partial<Abilities>;
  /** Lists names and shapes of the parameters on top of BART. */
  headShapes(about: BartSystemShape): Record<string, number[]>;
  /**
   * Sets the initial values of new parameters, in place.
   *
   * @param piecesOf Returns the ids of the pieces of an entity type's name.
   */
  initialise(
    parameters: Parameters,
    about: BartSystemShape,
    piecesOf: (entityType: string) => number[],
  ): void;
  /** Assembles the system. */
  create(options: BartSystemOptions): System;
}

/** A system on BART. */
export type BartSystem = SystemDefinition<BartModel> & Pick<BartSystemParts, "headShapes" | "initialise">;

/** Lists the types that are written. They are those of both data sets, so that source and target models have the same. */
export function writtenTypes({ source, target }: Domains): readonly string[] {
  return unionOfTagSets(source, target).entityTypes;
}

const OWN_FIELDS = {
  domains: DOMAINS,
  lengthRatio: numberFrom(0),
  beamSize: maybe(whole(1, MAX_BEAMS)),
};

/** Defines a system on BART. */
export function bartSystem({ can, headShapes, initialise, create }: BartSystemParts): BartSystem {
  return {
    can: { ...NO_ABILITIES, ...can },
    tagAxes: {},
    trains: "bart",
    fitsTarget: true,
    headShapes,
    initialise,

    needs: () => ["bart"],

    ownSettings: ({ model: { maxPieces, beamSize } }) => ({ maxPieces, beamSize }),

    async fresh(system, materials, { tags, domains, train, settings: { model }, seed }) {
      const { config, parameters: bart, tokenizer, tokenizerFiles } = await materials.bart();
      const about = { config, tags, domains };
      const types = writtenTypes(domains);
      const head = initialParameters(headShapes(about), createRandom(seed).fork("head"));
      const parameters = { ...bart, ...head };
      const piecesOf = (type: string) => typeWords(type).flatMap((word) => [...tokenizer.encodeWord(word)]);
      initialise(parameters, about, piecesOf);
      // Sequences may become as long as the training sentences of both data sets need.
      const lengthRatio = lengthRatioOf(train.map(({ words, tags: gold }) => {
        const spans = tagsToSpans(gold, { scheme: tags.scheme });
        return { nWords: words.length, length: spansToSequence(spans, words.length, types).length };
      }));
      return {
        system,
        ...about,
        parameters,
        lengthRatio,
        ...(model.beamSize === null ? {} : { beamSize: model.beamSize }),
        maxPieces: Math.min(model.maxPieces, config.maxPositions),
        tokenizer,
        tokenizerFiles,
      };
    },

    transferred: (model) => model,

    isOfMaterial: (parameter) => /^(shared|encoder|decoder)\./.test(parameter),

    describe: ({ domains, lengthRatio, beamSize }) => ({
      domains: describeDomains(domains),
      lengthRatio,
      beamSize,
    }),

    files({ config, parameters }) {
      const names = Object.keys(bartShapes(config));
      const bart = Object.fromEntries(names.map((name) => [name, parameters[name]!]));
      return { ...writeBartFolder(config, bart), ...headFile(parameters, (name) => !names.includes(name)) };
    },

    async load(folder, fields, { fetch }) {
      const { lengthRatio, beamSize, maxPieces, ...own } = fields.read(OWN_FIELDS);
      const tags = fields.tagSet("tags", own.tags, own.scheme);
      const domains = domainsOf(fields, tags, own.domains);
      const { config, parameters, tokenizer, tokenizerFiles } = await loadBartFolder(folder.location, {
        fetch,
      });
      for (const [key, value] of Object.entries({ maxPieces, lengthRatio })) {
        fields.atMost(key, value, config.maxPositions, "max_position_embeddings of config.json");
      }
      const about = { config, tags, domains };
      const head = await readHead(folder, () => headShapes(about));
      return {
        system: fields.system,
        ...about,
        lengthRatio,
        ...(beamSize === undefined ? {} : { beamSize }),
        maxPieces,
        parameters: { ...parameters, ...head },
        tokenizer,
        tokenizerFiles,
      };
    },

    create,
  };
}

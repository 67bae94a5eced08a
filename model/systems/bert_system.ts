/** Systems on a BERT encoder, which is trained with them. */
import type { Tokenizer } from "../../data/pieces/tokenizer.ts";
import { createRandom } from "../../data/random.ts";
import { maybe, whole } from "../../data/schema/file_shapes.ts";
import { flag } from "../../data/schema/shapes.ts";
import { legalTags } from "../../data/tags/legal_tags.ts";
import type { TagSet } from "../../data/tags/tag_set.ts";
import type { BertConfig } from "../bert/bert_config.ts";
import { encoderShapes } from "../bert/bert_shapes.ts";
import { loadEncoderFolder, writeEncoderFolder } from "../bert/encoder_folder.ts";
import { SHAPE_TABLE, withShapeTable } from "../bert/word_shapes.ts";
import type { Engine } from "../engine/engine.ts";
import type { System } from "../training/system.ts";
import { initialParameters, type Parameters } from "../weights/parameters.ts";
import {
  type Abilities,
  type Loaded,
  type Model,
  NO_ABILITIES,
  type SystemDefinition,
} from "./definition.ts";
import { headFile, readHead } from "./head_file.ts";
import type { TaggerFields } from "./tagger_fields.ts";

/** A trained model on a BERT encoder. */
export interface BertModel extends Model {
  config: BertConfig;
  /** The encoder's parameters under Hugging Face's names, and the head's; a system uses them as they are. */
  parameters: Parameters;
  /** D, the width of the label encoder; other systems ignore it. */
  labelWidth: number;
  /** True to predict legal tags alone (see data/tags/legal_tags.ts); any by default. */
  legalTags?: boolean | undefined;
}

/** A model on a BERT encoder with the encoder's tokenizer. */
export type LoadedBertModel = Loaded<BertModel> & { tokenizer: Tokenizer };

/** The parts from which a system on a BERT encoder is assembled. */
export interface SystemOptions extends Omit<BertModel, "system" | "maxPieces"> {
  engine: Engine;
}

/** The differences between systems on a BERT encoder. */
export interface BertSystemParts extends Pick<SystemDefinition, "tagAxes"> {
  /** Abilities beside tagging; none by default. */
  can?: Partial<Abilities>;
  /** Lists names and shapes of the parameters on top of the encoder: H encoder width, D label width, K tags. */
  headShapes(H: number, D: number, K: number): Record<string, number[]>;
  /** Assembles the system. */
  create(options: SystemOptions): System;
}

/** A system on a BERT encoder. */
export type BertSystem = SystemDefinition<BertModel> & Pick<BertSystemParts, "headShapes">;

/** Defines a system on a BERT encoder. */
export function bertSystem({ can, tagAxes, headShapes, create }: BertSystemParts): BertSystem {
  return {
    can: { ...NO_ABILITIES, trainOnGpu: true, ...can },
    tagAxes,
    trains: "encoder",
    fitsTarget: false,
    headShapes,

    needs: () => ["encoder"],

    ownSettings({ model: { beamSize: _, newTags: _newTags, factoredTags: _factored, ...model } }) {
      return { model };
    },

    async fresh(system, materials, { tags, settings: { model }, seed }) {
      const { config, parameters, shapeTable, tokenizer, tokenizerFiles } = await materials.encoder();
      const { labelWidth, dropout, legalTags, wordShapes } = model;
      const shapes = headShapes(config.hiddenWidth, labelWidth, tags.nTags);
      return {
        system,
        config: { ...config, dropout, attentionDropout: dropout },
        parameters: {
          ...withShapeTable({ ...parameters, ...shapeTable }, wordShapes ?? false, config.hiddenWidth),
          ...initialParameters(shapes, createRandom(seed).fork("head")),
        },
        tags,
        labelWidth,
        legalTags: legalTags ?? false,
        maxPieces: Math.min(model.maxPieces, config.maxPositions),
        tokenizer: tokenizer!,
        tokenizerFiles,
      };
    },

    transferred(model, { model: { dropout, legalTags, wordShapes } }) {
      const config = { ...model.config, dropout, attentionDropout: dropout };
      const parameters = withShapeTable(model.parameters, wordShapes ?? false, config.hiddenWidth);
      return { ...model, config, parameters, legalTags: legalTags ?? false };
    },

    isOfMaterial: (parameter) => /^(embeddings|encoder)\./.test(parameter),

    describe: ({ labelWidth, legalTags }) => ({ labelWidth, ...(legalTags ? { legalTags } : {}) }),

    files({ config, parameters }) {
      const names = Object.keys(encoderShapes(config));
      const encoder = Object.fromEntries(names.map((name) => [name, parameters[name]!]));
      const { [SHAPE_TABLE]: table, ...others } = parameters;
      return {
        ...writeEncoderFolder(config, encoder, undefined, table ? { [SHAPE_TABLE]: table } : {}),
        ...headFile(others, (name) => !names.includes(name)),
      };
    },

    async load(folder, fields, { fetch }) {
      const { labelWidth, maxPieces, legalTags: isLegal = false, ...own } = fields.read({
        labelWidth: whole(1),
        legalTags: maybe(flag()),
      });
      const tags = fields.tagSet("tags", own.tags, own.scheme);
      if (isLegal) checkLegalTags(fields, tags);
      const { config, parameters: encoder, shapeTable, tokenizer, tokenizerFiles } = await loadEncoderFolder(
        folder.location,
        { fetch },
      );
      fields.atMost("maxPieces", maxPieces, config.maxPositions, "max_position_embeddings of config.json");
      const head = await readHead(folder, () => headShapes(config.hiddenWidth, labelWidth, tags.nTags));
      return {
        system: fields.system,
        tags,
        labelWidth,
        ...(isLegal ? { legalTags: true } : {}),
        maxPieces,
        config,
        parameters: { ...encoder, ...shapeTable, ...head },
        tokenizer: tokenizer!,
        tokenizerFiles,
      };
    },

    create,
  };
}

/** Checks that the tags of a model that predicts legal tags alone have some that are legal wherever a word stands. */
function checkLegalTags(fields: TaggerFields, tags: TagSet): void {
  try {
    legalTags(tags);
  } catch (error) {
    throw new Error(`Cannot use tags at ${fields.place}: ${(error as Error).message}`, { cause: error });
  }
}

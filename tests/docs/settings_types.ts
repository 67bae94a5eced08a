/** Makes model/settings/settings.ts: the types of settings, from the keys beside it. */
import type { z } from "npm:zod@4.6.7";
import { contentOf, type Keys } from "../../data/schema/mappings.ts";
import { TRAINING_KEYS } from "../../model/settings/all_keys.ts";
import { MODEL } from "../../model/settings/model_keys.ts";
import { DAPT, MLM, SMALL_BART, TINY_ENCODER } from "../../model/settings/pretraining_keys.ts";
import { AVERAGE, JOINT, PRETRAIN, SGD, TRAIN } from "../../model/settings/training_keys.ts";
import { CHAR_LM, WORD_VECTORS, WORDS } from "../../model/settings/word_keys.ts";

/** The types by name, and what each is of. */
const TYPES: readonly (readonly [name: string, doc: string, shape: z.ZodType])[] = [
  ["SgdSettings", "Stochastic gradient descent.", SGD],
  ["AverageSettings", "An average of the weights.", AVERAGE],
  ["TrainSettings", "Training on the target.", TRAIN],
  ["PretrainSettings", "Training on the source.", PRETRAIN],
  ["JointSettings", "Training on source and target together.", JOINT],
  ["ModelSettings", "The model, whichever system it is of.", MODEL],
  ["WordVectorSettings", "Word vectors that are trained in the run.", WORD_VECTORS],
  ["CharLmSettings", "Character language models that are trained in the run.", CHAR_LM],
  ["WordSettings", "Systems that read words, and what they stand on.", WORDS],
  ["MlmSettings", "Masked language modelling of an encoder from nothing.", MLM],
  ["DaptSettings", "The adaptation of an encoder to a text.", DAPT],
  ["TinyEncoderSettings", "A tiny encoder that is made in the run.", TINY_ENCODER],
  ["SmallBartSettings", "A small BART that is made in the run.", SMALL_BART],
];

/** Writes the file. */
export function settingsTypes(): string {
  const interfaces = TYPES.map(([name, doc, shape]) => interfaceOf(name, doc, contentOf(shape).keys!));
  return [
    "/** Types of settings, made from the keys beside this file by `deno task docs`: change those, not this file. */",
    ...interfaces,
    interfaceOf("TrainingSettings", "All settings of a training.", TRAINING_KEYS),
  ].join("\n\n") + "\n";
}

function interfaceOf(name: string, doc: string, keys: Keys): string {
  const fields = Object.entries(keys).map(([key, { shape, doc }]) =>
    `  /** ${doc}. */\n  ${key}: ${typeOf(shape)};`
  );
  return `/** ${doc} */\nexport interface ${name} {\n${fields.join("\n")}\n}`;
}

/** Writes the type of the values that a shape reads. */
function typeOf(shape: z.ZodType): string {
  const known = TYPES.find(([, , other]) => other === shape);
  if (known) return known[0];
  const { def } = shape as z.ZodType & { def: z.core.$ZodTypes["_zod"]["def"] };
  switch (def.type) {
    case "string":
    case "number":
    case "boolean":
    case "null":
      return def.type;
    case "enum":
      return Object.values(def.entries).map((name) => JSON.stringify(name)).join(" | ");
    case "nullable":
      return `${typeOf(def.innerType as z.ZodType)} | null`;
    // A value, null, or a literal that is read as null (`orNone` and `choiceOrNull`).
    case "pipe":
      return typeOf(def.in as z.ZodType);
    case "union":
      return (def.options as z.ZodType[]).filter((one) => one.def.type !== "literal").map(typeOf).join(" | ");
    default:
      throw new Error(`Cannot write the type of a shape of kind "${def.type}": say here how`);
  }
}

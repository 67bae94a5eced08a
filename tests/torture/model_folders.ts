/** Model folders of which one file is spoilt: loaded and used, or refused by an error that names a file and a rule. */
import { assert, assertEquals } from "@std/assert";
import type { Random } from "../../data/random.ts";
import { loadBartFolder } from "../../model/bart/bart_folder.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadModelFolder } from "../../model/model_folder.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { createTagger } from "../../model/tagger.ts";
import {
  complaintOf,
  HOSTILE_NUMBERS,
  limited,
  modelsOfAllSystems,
  numbersIn,
  PLACE,
  readerOf,
  replaced,
} from "../model/hostile_numbers.ts";
import { type ModelFiles, modelFiles } from "../model/tiny_model_folder.ts";
import { only } from "../only.ts";
import { editTokens, editValues, flipBits, pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

const WORDS = ["New", "Yorkers", "", "\u0000", "京\u{20000}", "x".repeat(300), "[SEP]"];

/** Loads and predicts, or names what is wrong: no accident, no hang, nothing allocated for a size that is only claimed. */
export const MODEL_FOLDERS: Torture = {
  name: "model-folders",
  what: "spoilt model folders",
  tries: { test: 100, torture: 10_000 },
  async begin() {
    const engine = await createEngine("onnx");
    const models = modelsOfAllSystems().map((model): ModelFiles => {
      const files = modelFiles(model);
      if (!("config.json" in files)) return files;
      const config = JSON.stringify({ do_lower_case: true, model_max_length: 48 });
      return { ...files, "tokenizer_config.json": config };
    });
    const use = async (files: ModelFiles) => {
      const fetch = readerOf(files);
      const model = await loadModelFolder(PLACE, { fetch });
      const system = createSystem(engine, model);
      const tagger = createTagger(system, model.tokenizer, model);
      const { tags } = only(await tagger.predict([WORDS]));
      await tagger.predictText(WORDS.join(" "));
      tagger.dispose();
      assertEquals(tags.length, WORDS.length);
      assert(tags.every((tag) => model.tags.has(tag)), `${tags}`);
      if (!("config.json" in files)) return;
      if ("lengthRatio" in model) await loadBartFolder(PLACE, { fetch });
      else await loadEncoderFolder(PLACE, { fetch });
    };
    // Whole, they work.
    for (const files of models) await use(files);
    return async (random) => {
      const files: ModelFiles = { ...pick(random, models) };
      const name = pick(random, Object.keys(files));
      files[name] = spoil(files[name]!, random);
      try {
        await limited(() => use(files));
      } catch (error) {
        const complaint = complaintOf(error as Error);
        assertEquals(complaint, null, complaint!);
        return "refused";
      }
      return "used";
    };
  },
};

function spoil(file: string | Uint8Array, random: Random): string | Uint8Array {
  if (random.integer(20) === 0) return file.slice(0, random.integer(file.length));
  if (typeof file !== "string") return flipBits(file, random);
  const way = random.integer(13);
  if (way >= 10) {
    const numbers = numbersIn(JSON.parse(file));
    return numbers.length === 0 ? "{}" : replaced(file, pick(random, numbers), pick(random, HOSTILE_NUMBERS));
  }
  if (way === 0) return flipBits(new TextEncoder().encode(file), random);
  return way < 3
    ? editTokens(file, ["[", "}", "1e999", '"__proto__"', ","], random)
    : editValues(file, random);
}

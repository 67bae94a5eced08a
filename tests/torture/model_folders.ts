/** Model folders of which one file is spoilt: loaded and used, or refused by an error that names a file and a rule. */
import { assert, assertEquals } from "@std/assert";
import type { Random } from "../../data/random.ts";
import { loadEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadModelFolder, writeModelFolder } from "../../model/model_folder.ts";
import { createSystem, createTagger } from "../../model/tagger.ts";
import { tinyTokenizerJson } from "../data/tiny_tokenizer.ts";
import { tinyModel } from "../model/tiny.ts";
import { editTokens, editValues, flipBits, pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

const PLACE = "http://folder/";
const WORDS = ["New", "Yorkers", "", "\u0000", "京\u{20000}", "x".repeat(300), "[SEP]"];

/** Loads and predicts, or names what is wrong: no accident, no hang, nothing allocated for a size that is only claimed. */
export const MODEL_FOLDERS: Torture = {
  name: "model-folders",
  what: "spoilt model folders",
  tries: { test: 100, torture: 10_000 },
  async begin() {
    const engine = await createEngine("onnx");
    const models = (["laner", "bert-crf", "bert-tagger"] as const).map((system) => ({
      ...writeModelFolder(tinyModel(system, 1)),
      "tokenizer.json": JSON.stringify(tinyTokenizerJson()),
      "tokenizer_config.json": JSON.stringify({ do_lower_case: true, model_max_length: 48 }),
    }));
    const use = async (files: Files) => {
      const fetch = readerOf(files), model = await loadModelFolder(PLACE, { fetch });
      const system = createSystem(engine, model), tagger = createTagger(system, model.tokenizer, model);
      const [{ tags }] = await tagger.predict([WORDS]);
      await tagger.predictText(WORDS.join(" "));
      tagger.dispose();
      assertEquals(tags.length, WORDS.length);
      assert(tags.every((tag) => model.tags.has(tag)), `${tags}`);
    };
    // Whole, they work.
    for (const files of models) await use(files);
    return async (random) => {
      const files: Files = { ...pick(random, models) };
      const name = pick(random, Object.keys(files));
      files[name] = spoil(files[name], random);
      try {
        await use(files);
        await loadEncoderFolder(PLACE, { fetch: readerOf(files) });
      } catch (error) {
        assertNamesFile(error as Error);
        return "refused";
      }
      return "used";
    };
  },
};

type Files = Record<string, string | Uint8Array>;

function readerOf(files: Files) {
  return ({ href }: URL) => {
    const file = files[href.slice(PLACE.length)];
    if (file === undefined) return Promise.resolve(new Response("", { status: 404 }));
    return Promise.resolve(new Response(file as Uint8Array<ArrayBuffer>));
  };
}

function spoil(file: string | Uint8Array, random: Random): string | Uint8Array {
  if (random.integer(20) === 0) return file.slice(0, random.integer(file.length));
  if (typeof file !== "string") return flipBits(file, random);
  const way = random.integer(10);
  if (way === 0) return flipBits(new TextEncoder().encode(file), random);
  return way < 3
    ? editTokens(file, ["[", "}", "1e999", '"__proto__"', ","], random)
    : editValues(file, random);
}

/** `Cannot <act> … ADDRESS OF A FILE …: <rule>`, and no more words than a person reads. */
function assertNamesFile(error: Error): void {
  assertEquals(error.constructor, Error, `${error.stack}`);
  const { message } = error;
  assert(
    /^Cannot [a-z]+ .*http:\/\/folder\/[^:]*: /.test(message.replaceAll("\n", " ")),
    message.slice(0, 500),
  );
}

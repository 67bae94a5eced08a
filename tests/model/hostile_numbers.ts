/**
 * Model folders of which one number of tagger.json is another value: each is refused by the toolkit's own rule or
 * predicts exactly what is right. Run by itself, tries every number of every system and prints what came out.
 */
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadModelFolder } from "../../model/model_folder.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import type { Model } from "../../model/systems/definition.ts";
import { createTagger, type Tagger } from "../../model/tagger.ts";
import { OverflowError } from "../../model/weights/finite.ts";
import { SYSTEM_NAMES } from "./families.ts";
import { tinyModel } from "./tiny.ts";
import { type ModelFiles, modelFiles } from "./tiny_model_folder.ts";

/** Where files are in memory. */
export const PLACE = "http://folder/";

/** What a number may be replaced by, as JSON text. */
export const HOSTILE_NUMBERS: readonly string[] = [
  ..."0 -1 0.5 1e6 1e9 2147483648 9007199254740991 1e300 1e999 null true [] {}".split(" "),
  '"text"',
  '"NaN"',
  '"1"',
  `"${"9".repeat(5000)}"`,
];

/** Numbers that say how predictions are made; the others change none. */
const DECODING = ["lengthRatio", "beamSize"];

/** Reads files from memory, as `fetch` does from a folder. */
export function readerOf(files: ModelFiles) {
  return ({ href }: URL) => {
    const file = files[href.slice(PLACE.length)];
    if (file === undefined) return Promise.resolve(new Response("", { status: 404 }));
    return Promise.resolve(new Response(file as Uint8Array<ArrayBuffer>));
  };
}

/** The paths of all numbers in a parsed JSON value. */
export function numbersIn(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value === "number") return [[...path]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersIn(inner, [...path, key]));
}

/** JSON text with the value at a path replaced by that of another JSON text. */
export function replaced(json: string, path: readonly string[], text: string): string {
  return JSON.stringify(withValue(JSON.parse(json), path, "HOSTILE")).replace('"HOSTILE"', () => text);
}

function withValue<T>(object: T, [key, ...rest]: readonly string[], value: unknown): T {
  const inner = (object as Record<string, unknown>)[key!];
  const changed = { [key!]: rest.length === 0 ? value : withValue(inner, rest, value) };
  return Array.isArray(object) ? Object.assign(object.slice(), changed) as T : { ...object, ...changed };
}

/** `Cannot <act> … ADDRESS OF A FILE …: <rule>`, and no more words than a person reads; else what is wrong with it. */
export function complaintOf(error: Error): string | null {
  const { constructor, message, stack } = error;
  if (error instanceof OverflowError) return null;
  if (constructor !== Error) return `not the toolkit's own error: ${stack}`;
  if (message.length > 5000) return `${message.length} characters: ${message.slice(0, 200)}`;
  const isOfForm = /^Cannot [a-z]+ .*http:\/\/folder\/[^:]*: /.test(message.replaceAll("\n", " "));
  return isOfForm ? null : `not of the toolkit's form: ${message}`;
}

/** A model of each system; BARTNER's with beams, so that tagger.json has all of its numbers. */
export function modelsOfAllSystems(): Model[] {
  return SYSTEM_NAMES.map((name) => {
    const model = tinyModel(name, 1);
    return "lengthRatio" in model ? { ...model, beamSize: 2 } : model;
  });
}

const SENTENCES = [["ab", "b", "ca"], ["d", "ef", "", "g"]];
const tagsOf = async (tagger: Tagger) => {
  const tagged = await tagger.predict(SENTENCES);
  tagger.dispose();
  return JSON.stringify(tagged);
};

const say = (text: string) => Deno.stdout.write(new TextEncoder().encode(text));

async function main() {
  const engine = await createEngine("onnx");
  const predict = async (files: ModelFiles, change: (model: Model) => Model = (model) => model) => {
    const model = await loadModelFolder(PLACE, { fetch: readerOf(files) });
    const system = createSystem(engine, change(model));
    return await tagsOf(createTagger(system, model.tokenizer, model));
  };
  for (const model of modelsOfAllSystems()) {
    const files = modelFiles(model);
    const json = files["tagger.json"] as string;
    const right = await predict(files);
    for (const path of numbersIn(JSON.parse(json))) {
      for (const text of HOSTILE_NUMBERS) {
        const shown = text.length > 40 ? "a long text" : text;
        // Said before, so that the try that hangs or takes all memory is known.
        await say(`${model.system} ${path.join(".")} ${shown}\t`);
        try {
          const tags = await limited(() => predict({ ...files, "tagger.json": replaced(json, path, text) }));
          const expected = DECODING.includes(path[0]!)
            ? await predict(files, (model) => withValue(model, path, JSON.parse(text)))
            : right;
          await say(tags === expected ? "right\n" : `WRONG\t${tags}, not ${expected}\n`);
        } catch (error) {
          const complaint = complaintOf(error as Error);
          await say(complaint === null ? "refused\n" : `WRONG\t${complaint.replaceAll("\n", " ")}\n`);
        }
      }
    }
  }
}

/** Runs something that may make no array of more than a megabyte. */
export async function limited<T>(run: () => Promise<T>): Promise<T> {
  const all = globalThis as unknown as Record<string, typeof Float32Array>;
  const names = ["Float32Array", "Float64Array", "Int32Array", "Uint8Array"];
  const own = names.map((n) => all[n]);
  names.forEach((name, i) => {
    all[name] = new Proxy(own[i]!, {
      construct(target, args, newTarget) {
        if (args[0] * target.BYTES_PER_ELEMENT > 1 << 20) {
          throw new TypeError(`${args[0]} numbers were made room for`);
        }
        return Reflect.construct(target, args, newTarget === all[name]! ? target : newTarget);
      },
    });
  });
  try {
    return await run();
  } finally {
    names.forEach((name, i) => all[name] = own[i]!);
  }
}

if (import.meta.main) await main();

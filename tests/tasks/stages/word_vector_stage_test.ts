import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { createRandom } from "../../../data/random.ts";
import { createSampleCorpora } from "../../../data/sample/corpora.ts";
import type { WordVectorSettings } from "../../../model/settings/settings.ts";
import type { ProgressEvent } from "../../../model/training/progress.ts";
import { trainSkipGram } from "../../../model/words/skip_gram.ts";
import { readWordVectorFile } from "../../../tasks/data_sets/word_vector_file.ts";
import { sha256 } from "../../../tasks/files/hash.ts";
import { ensureStage } from "../../../tasks/stages/stage.ts";
import { findStage, readStoredText } from "../../../tasks/stages/stage_results.ts";
import { wordVectorStage } from "../../../tasks/stages/word_vector_stage.ts";
import { withFolder } from "../../temporary_folder.ts";
import { NO_ENGINE } from "../no_engine.ts";

const { sourceText, targetText } = createSampleCorpora(1, { source: { text: 300 }, target: { text: 300 } });
const text = async (lines: string[]) => ({ lines, sha256: await sha256(lines.join("\n")) });
const TEXTS = {
  source: await text(sourceText),
  target: await text([...targetText, "", "  ", "tabs\tand  spaces ", "ta\u00adbs"]),
};
const SETTINGS: WordVectorSettings = {
  width: 8,
  window: 3,
  negatives: 3,
  epochs: 2,
  minCount: 2,
  sample: 1e-3,
  learningRate: 0.05,
  lowercase: true,
  seed: 7,
};

function contextOf(store: string, signal = new AbortController().signal) {
  const events: ProgressEvent[] = [];
  const report = (event: ProgressEvent) => void events.push(event);
  return { store, engine: NO_ENGINE, report, signal, pause: () => Promise.resolve(), events };
}

Deno.test("wordVectorStage() stores the vectors of its texts with what they are: a stand-in", async () => {
  await withFolder(async (store) => {
    const stage = await wordVectorStage("onnx", TEXTS, SETTINGS);
    const context = contextOf(store);
    const stored = await ensureStage(context, stage);
    const vectors = await readWordVectorFile(join(stored.dir, "vectors.txt"));
    const sentences = [...sourceText, ...targetText].map((line) => line.toLowerCase().split(" "));
    sentences.push([], [], ["tabs", "and", "spaces"], ["tabs"]);
    const { lowercase: _, seed, ...options } = SETTINGS;
    const expected = await trainSkipGram(sentences, { ...options, random: createRandom(seed) });
    assertEquals(vectors, expected.vectors);
    assertEquals(JSON.parse(await readStoredText(stored, "vectors.json")), {
      standInFor: "GloVe",
      method: "skip-gram",
      ...SETTINGS,
      nWords: vectors.words.length,
      nTokens: sentences.flat().length,
      losses: expected.losses,
    });
    assertEquals(stage.label, "word vectors by skip-gram, a stand-in for GloVe");
    const { config, inputs } = stored.record;
    assertEquals(config, { standInFor: "GloVe", method: "skip-gram", ...SETTINGS, engine: "onnx" });
    assertEquals(inputs, { source: TEXTS.source.sha256, target: TEXTS.target.sha256 });
    const { done, total } = context.events.at(-1)!;
    assertEquals([done, context.events.every((event) => event.stage === stage.label)], [total, true]);
  });
});

Deno.test("wordVectorStage() is another stage for other texts, settings and seeds", async () => {
  const key = async (texts: typeof TEXTS, settings: Partial<WordVectorSettings> = {}) =>
    (await wordVectorStage("onnx", texts, { ...SETTINGS, ...settings })).key;
  const keys = [
    await key(TEXTS),
    await key({ ...TEXTS, target: TEXTS.source }),
    await key(TEXTS, { lowercase: false }),
    await key(TEXTS, { seed: 8 }),
    await key(TEXTS, { sample: 1e-4 }),
  ];
  assertEquals(new Set(keys).size, keys.length);
  assertEquals(await key({ ...TEXTS }), keys[0]);
});

Deno.test("wordVectorStage() keeps case where it is told to, and stores nothing when it is stopped", async () => {
  await withFolder(async (store) => {
    const stage = await wordVectorStage("onnx", TEXTS, { ...SETTINGS, lowercase: false, epochs: 20 });
    const controller = new AbortController();
    const context = contextOf(store, controller.signal);
    const report = () => controller.abort(new Error("told to stop"));
    await assertRejects(() => ensureStage({ ...context, report }, stage), Error, "told to stop");
    assertEquals(await findStage(store, stage.spec), undefined);
    const { dir } = await ensureStage(contextOf(store), stage);
    const { words } = await readWordVectorFile(join(dir, "vectors.txt"));
    assert(words.includes("The") && words.includes("the"));
  });
});

Deno.test("readWordVectorFile() reads a file of many chunks, tells megabytes, and stops on a signal", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "vectors.txt");
    const line = (i: number) => `word${i}${" 0.125".repeat(50)} ${i}\n`;
    await Deno.writeTextFile(path, Array.from({ length: 12_000 }, (_, i) => line(i)).join(""));
    const events: ProgressEvent[] = [];
    const words = new Set(["word11999", "word0", "absent"]);
    const vectors = await readWordVectorFile(path, { words, report: (event) => events.push(event) });
    assertEquals(vectors.words, ["word0", "word11999"]);
    assertEquals([vectors.width, vectors.data[101]], [51, 11999]);
    const total = Math.ceil((await Deno.stat(path)).size / 1e6);
    assertEquals(events.every(({ stage }) => stage === `Reading ${path}`), true);
    assertEquals(events.map(({ done }) => done), [1, 2, 3, total - 1, total]);
    const controller = new AbortController();
    const stopped = readWordVectorFile(path, {
      report: () => controller.abort("enough"),
      signal: controller.signal,
    });
    assertEquals(await stopped.then(() => null, (reason) => reason), "enough");
  });
});

Deno.test("readWordVectorFile() names the file that it cannot read, and the line that is wrong", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "vectors.txt");
    const read = () => readWordVectorFile(path);
    await assertRejects(read, Error, `Cannot read "${path}": the word vectors must exist`);
    await Deno.writeTextFile(path, "a 1 2\nb 1\n");
    await assertRejects(
      read,
      Error,
      `Cannot read "${path}" at ${path}:2: a line must have a word and 2 numbers`,
    );
    const ofFolder = () => readWordVectorFile(folder);
    await assertRejects(
      ofFolder,
      Error,
      `Cannot read "${folder}": the word vectors must be a file, it is a folder`,
    );
  });
});

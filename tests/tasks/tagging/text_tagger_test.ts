import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { createRandom } from "../../../data/random.ts";
import { PORTION } from "../../../tasks/tagging/portions.ts";
import type { TaggingRequest } from "../../../tasks/tagging/tagging_request.ts";
import { openTextTagger } from "../../../tasks/tagging/text_tagger.ts";
import { TINY_TAGS, tinyModel } from "../../model/tiny.ts";
import { withModelFolder } from "../../model/tiny_model_folder.ts";

const random = createRandom(9);
const WORDS = ["new", "york", "like", "eee", "σ", "ooo", "yorkers", "."];
/** More than two portions of sentences, long and empty ones too. */
const SENTENCES = Array.from(
  { length: 2 * PORTION + 90 },
  () => Array.from({ length: random.integer(30) }, () => WORDS[random.integer(WORDS.length)]!),
);

const requestOf = (model: string, more: Partial<TaggingRequest> = {}): TaggingRequest => ({
  model,
  engine: "onnx",
  nThreads: 1,
  nJobs: 1,
  ...more,
});

for (const quantize of [undefined, "int8"] as const) {
  Deno.test(`openTextTagger() predicts the same with any number of jobs, ${quantize ?? "float32"}`, () =>
    withModelFolder(tinyModel("laner", 3), async (model) => {
      const predictions: string[][][] = [];
      for (const nJobs of [1, 2, 9]) {
        const tagger = await openTextTagger(requestOf(model, { nJobs, quantize }), SENTENCES.length);
        const progress: number[] = [];
        predictions.push(await tagger.predict(SENTENCES, (done) => progress.push(done)));
        assertEquals([tagger.tags.tags, tagger.tags.scheme], [TINY_TAGS.tags, TINY_TAGS.scheme]);
        assertEquals(progress.at(-1), SENTENCES.length);
        // Jobs can be asked again.
        assertEquals(
          await tagger.predict(SENTENCES.slice(0, 40)),
          await tagger.predict(SENTENCES.slice(0, 40)),
        );
        tagger.dispose();
      }
      const [alone, ...together] = predictions;
      assertEquals(alone!.map(({ length }) => length), SENTENCES.map(({ length }) => length));
      assert(new Set(alone!.flat()).size > 1);
      for (const other of together) assertEquals(other, alone);
    }));
}

Deno.test("openTextTagger() says what is wrong with a model, with any number of jobs", () =>
  withModelFolder(tinyModel("laner", 3), async (model) => {
    for (const nJobs of [1, 2]) {
      const open = (more: Partial<TaggingRequest>) =>
        openTextTagger(requestOf(model, { nJobs, ...more }), SENTENCES.length);
      await assertRejects(() => open({ model: join(model, "nowhere") }), Error, "nowhere");
      await assertRejects(
        () => open({ engine: "cpu", quantize: "int8" }),
        Error,
        "the engine must be onnx, onnx-ffi or wasm, current value is cpu",
      );
    }
  }));

Deno.test("predict() fails as a job does", () =>
  withModelFolder(tinyModel("laner", 3), async (model) => {
    const tagger = await openTextTagger(requestOf(model, { nJobs: 2 }), SENTENCES.length);
    // No sentence: a word is no text.
    const broken = [...SENTENCES.slice(0, PORTION), [1 as unknown as string], ...SENTENCES.slice(0, PORTION)];
    await assertRejects(() => tagger.predict(broken), TypeError);
    tagger.dispose();
  }));

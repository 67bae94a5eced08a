/**
 * How many words a second a trained model tags: with weights that are read in every run, with constants, in int8, and in
 * jobs side by side; in turn, on a machine that does nothing else.
 *
 *   deno run --allow-read --allow-env --allow-ffi tests/bench/prediction.ts MODEL FILE [ROUNDS]
 *
 * FILE has columns, word first. Prints medians over rounds, and their ratios to the first.
 */
import { parseConll } from "../../data/text/conll.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadModelFolder } from "../../model/model_folder.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { createTagger } from "../../model/tagger.ts";
import { median } from "../../tasks/bench/timed_steps.ts";
import { tagPortions } from "../../tasks/tagging/portions.ts";
import { openTextTagger } from "../../tasks/tagging/text_tagger.ts";
import { textTable } from "../../tasks/terminal/text_table.ts";

/** Something that tags, ready to be timed. */
interface Way {
  name: string;
  predict(sentences: string[][]): Promise<unknown>;
  dispose(): void;
}

/** Opens every way to tag, on one engine. */
async function openWays(model: string, nSentences: number): Promise<Way[]> {
  const nCores = navigator.hardwareConcurrency;
  const loaded = await loadModelFolder(model);
  const plain = createTagger(
    createSystem(await createEngine("onnx", { nThreads: nCores }), loaded),
    loaded.tokenizer,
    loaded,
  );
  const tag = async (some: readonly (readonly string[])[]) =>
    (await plain.predict(some)).map(({ tags }) => tags);
  const ways: Way[] = [{
    name: "weights read in every run",
    predict: (sentences) => tagPortions([tag], sentences),
    dispose: () => plain.dispose(),
  }];
  for (const quantize of [undefined, "int8"] as const) {
    for (const [nJobs, nThreads] of [[1, nCores], [nCores, 1]] as const) {
      const request = { model, engine: "onnx", nThreads, nJobs, quantize } as const;
      const tagger = await openTextTagger(request, nSentences);
      const name = `${quantize ?? "constants"}, ${nJobs} jobs of ${nThreads} threads`;
      ways.push({ name, predict: tagger.predict, dispose: tagger.dispose });
    }
  }
  return ways;
}

const [model, file, rounds = "5"] = Deno.args;
if (model === undefined || file === undefined) throw new Error("MODEL and FILE are missing: see the header");
const sentences = parseConll(await Deno.readTextFile(file), { source: file }).map(({ words }) => words);
const nWords = sentences.flat().length;
const ways = await openWays(model, sentences.length);
const seconds = new Map(ways.map((way) => [way, [] as number[]]));
// The first round makes the sessions.
for (let round = 0; round <= Number(rounds); round++) {
  for (const way of ways) {
    const start = performance.now();
    await way.predict(sentences);
    if (round > 0) seconds.get(way)!.push((performance.now() - start) / 1000);
  }
}
const [first] = ways.map((way) => median(seconds.get(way)!));
const rows = ways.map((way) => {
  const own = median(seconds.get(way)!);
  return [way.name, (nWords / own).toFixed(0), `${(first! / own).toFixed(2)}x`];
});
console.log(textTable([["", "words/s", "as fast"], ...rows], ["left", "right", "right"]));
for (const way of ways) way.dispose();

import { assertEquals } from "@std/assert";
import { parseConfig } from "../../../tasks/config/read_config.ts";
import { runConfigs, runSettings } from "../../../tasks/config/run_config.ts";

const read = (yamlText: string) => parseConfig(yamlText, { source: "e.yaml" });

Deno.test("runConfigs() has a run for every target, seed, adaptation and system, in this order", () => {
  const runs = runConfigs(read(`
name: a
encoder: some/encoder
data: { targets: [ai, movie] }
seeds: [1, 2]
systems: [laner, lstm-crf]
adapt: [false, true]
dapt: { corpus: a.txt }
perTarget: { movie: { adapt: [false] } }
`));
  const names = runs.map(({ target, seed, system, adapt }) => `${target} ${seed} ${system} ${adapt}`);
  // Nothing can be adapted in a system without an encoder.
  const expected = ["laner false", "lstm-crf false", "laner true"];
  assertEquals(names, [
    ...[1, 2].flatMap((seed) => expected.map((rest) => `ai ${seed} ${rest}`)),
    ...[1, 2].flatMap((seed) => expected.slice(0, 2).map((rest) => `movie ${seed} ${rest}`)),
  ]);
});

Deno.test("runSettings() puts a target's keys over the experiment's, and a system's over both", () => {
  const config = read(`
name: a
encoder: some/encoder
data: { targets: [ai, movie] }
dapt: { corpus: "texts/{target}.txt", epochs: 4 }
train: { batchSize: 4 }
perTarget:
  movie: { train: { learningRate: 1e-5, epochs: 3 }, dapt: { epochs: 2 } }
perSystem:
  bert-crf: { train: { epochs: 7 }, strategy: joint, words: { width: 9 }, model: { legalTags: true } }
`);
  const ai = runSettings(config, "ai", "laner");
  const movie = runSettings(config, "movie", "laner");
  const both = runSettings(config, "movie", "bert-crf");
  assertEquals([ai, movie, both].map(({ train }) => train.learningRate), [5e-5, 1e-5, 1e-5]);
  assertEquals([ai, movie, both].map(({ train }) => train.epochs), [100, 3, 7]);
  assertEquals([ai, movie, both].map(({ train }) => train.batchSize), [4, 4, 4]);
  assertEquals([ai, movie].map(({ dapt }) => dapt.corpus), ["texts/ai.txt", "texts/movie.txt"]);
  assertEquals([ai, movie].map(({ dapt }) => dapt.epochs), [4, 2]);
  assertEquals([ai, both].map(({ strategy }) => strategy), ["source-then-target", "joint"]);
  assertEquals([ai, both].map(({ words }) => words.width), [256, 9]);
  assertEquals([ai, both].map(({ model }) => [model.legalTags, model.labelWidth]), [[null, 100], [
    true,
    100,
  ]]);
});

Deno.test("runSettings() puts a plain name for {target}, so that the text stays in its folder", () => {
  const config = read(
    "name: a\nencoder: b\ndata: { targets: [ai..x] }\ndapt: { corpus: '/texts/{target}/{target}.txt' }",
  );
  assertEquals(runSettings(config, "ai..x", "laner").dapt.corpus, "/texts/ai..x/ai..x.txt");
});

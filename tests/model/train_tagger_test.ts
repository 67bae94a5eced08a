/** Training from a script: as experiments train, saved and loaded again. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseCorpus } from "../../data/corpus/read_corpus.ts";
import { formatConll } from "../../data/text/format_conll.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import type { Engine } from "../../model/engine/engine.ts";
import { loadTagger } from "../../model/tagger.ts";
import { trainTagger } from "../../model/train_tagger.ts";
import { configOf } from "../../tasks/config/read_config.ts";
import { planProfile } from "../../tasks/plan/plan.ts";
import { ensureStage } from "../../tasks/stages/stage.ts";
import { withFolder } from "../temporary_folder.ts";
import { writeTinyEncoder } from "./tiny_encoder_folder.ts";

/** Sentences of places: what is new is a place, what is york a person in the source. */
const text = (type: string, n: number) =>
  Array.from(
    { length: n },
    (_, i) => `new B-${type}\nyork I-${type}\nlike O\n${i % 2 ? "o" : "e"} ${i % 2 ? `B-${type}` : "O"}\n`,
  ).join("\n");
const SOURCE = parseCorpus({ train: text("person", 8), dev: text("person", 2), test: text("person", 3) });
const TARGET = parseCorpus({ train: text("place", 8), dev: text("place", 4), test: text("place", 5) });
const SETTINGS = {
  model: { labelWidth: 3, maxPieces: 32 },
  pretrain: { epochs: 1, batchSize: 4, learningRate: 0.01 },
  train: { epochs: 6, batchSize: 4, learningRate: 0.01 },
};

Deno.test("trainTagger() trains after a source, and what it saves is loaded as it was", () =>
  withFolder(async (folder) => {
    const encoder = await writeTinyEncoder(join(folder, "encoder"));
    const stages = new Set<string>();
    const tagger = await trainTagger({
      ...SETTINGS,
      encoder,
      corpus: TARGET,
      source: SOURCE,
      engine: "onnx",
      onProgress: ({ stage }) => stages.add(stage),
    });
    assertEquals([...stages], ["source", "target"]);
    assertEquals([tagger.training.source!.epochs.length, tagger.training.target.epochs.length], [1, 6]);
    const { scores, predicted } = await tagger.evaluate(TARGET.test);
    assert(scores.f1 > 0.5, `it has learned something: ${scores.f1}`);
    await tagger.save(join(folder, "model"));
    const again = await loadTagger(join(folder, "model"), { engine: "onnx" });
    assertEquals((await again.evaluate(TARGET.test)).predicted, predicted);
    await tagger.save(pathToFileURL(join(folder, "model")));
    for (const one of [tagger, again]) one.dispose();
  }));

Deno.test("trainTagger() trains to the very weights of an experiment with the same settings", () =>
  withFolder(async (folder) => {
    const encoder = await writeTinyEncoder(join(folder, "encoder"));
    for (const [name, corpus] of [["src", SOURCE], ["tgt", TARGET]] as const) {
      await Deno.mkdir(join(folder, name));
      for (const split of ["train", "dev", "test"] as const) {
        await Deno.writeTextFile(join(folder, name, `${split}.txt`), formatConll(corpus[split]));
      }
    }
    const engine = await createEngine("onnx");
    for (const strategy of ["source-then-target", "joint", "in-domain"] as const) {
      const settings = { ...SETTINGS, strategy, joint: { epochs: 2 } };
      const config = configOf({
        ...settings,
        name: "same",
        encoder,
        data: { root: folder, source: "src", targets: ["tgt"] },
        systems: ["laner"],
        seeds: [5],
      }, { source: "same.yaml" });
      const experiment = { name: "same", title: "", config, vary: null, variants: [{ value: null, config }] };
      const profile = { name: "same", config, experiments: [experiment], selection: null };
      const { runs: [run] } = await planProfile(profile, "onnx");
      const { signal } = new AbortController();
      const context = { store: join(folder, "stages"), engine, report: () => {}, signal };
      const { dir } = await ensureStage(context, run!.finetuned);
      const tagger = await trainTagger({
        ...settings,
        encoder,
        corpus: TARGET,
        source: SOURCE,
        seed: 5,
        engine,
      });
      const saved = join(folder, strategy);
      await tagger.save(saved);
      tagger.dispose();
      const files = [...Deno.readDirSync(saved)].map(({ name }) => name).sort();
      assert(files.includes("head.safetensors") && files.includes("tokenizer.json"), `${files}`);
      for (const name of files) {
        assertEquals(await Deno.readFile(join(saved, name)), await Deno.readFile(join(dir, name)), name);
      }
    }
  }));

Deno.test("trainTagger() trains in float16, and passes over a step whose gradients overflow", () =>
  withFolder(async (folder) => {
    const plain = await createEngine("onnx-ffi");
    const scales: number[] = [];
    const engine: Engine = {
      ...plain,
      compile(label, fn, axes, options) {
        const compiled = plain.compile(label, fn, axes, options);
        if (options?.precision === undefined) return compiled;
        assertEquals(options.precision, "float16");
        return {
          ...compiled,
          async run(inputs, buffers) {
            scales.push(inputs.lossScale!.data[0]!);
            // The second step of each of the two trainings, of 2 and of 12 steps.
            const overflows = scales.length === 2 || scales.length === 4;
            const lossScale = { shape: [], data: Float32Array.of(overflows ? Infinity : scales.at(-1)!) };
            return await compiled.run({ ...inputs, lossScale }, buffers);
          },
        };
      },
    };
    const tagger = await trainTagger({
      ...SETTINGS,
      pretrain: { ...SETTINGS.pretrain, precision: "float16" },
      train: { ...SETTINGS.train, precision: "float16" },
      encoder: await writeTinyEncoder(join(folder, "encoder")),
      corpus: TARGET,
      source: SOURCE,
      engine,
    });
    // Each training begins with a scale of its own.
    assertEquals(scales.slice(0, 5), [65536, 65536, 65536, 65536, 32768]);
    assertEquals(scales.length, 2 + 12);
    const { scores } = await tagger.evaluate(TARGET.test);
    assert(scores.f1 > 0.5, `it has learned something: ${scores.f1}`);
    tagger.dispose();
  }));

Deno.test("trainTagger() keeps the best epoch when its signal stops it, and rejects before there is a model", () =>
  withFolder(async (folder) => {
    const encoder = await writeTinyEncoder(join(folder, "encoder"));
    const train = (stopAt: string, after: number) => {
      const stopping = new AbortController();
      return trainTagger({
        ...SETTINGS,
        encoder,
        corpus: TARGET,
        source: SOURCE,
        engine: "onnx",
        signal: stopping.signal,
        onProgress({ stage, epoch = 0 }) {
          if (stage === stopAt && epoch > after) stopping.abort(new Error("enough"));
        },
      });
    };
    const tagger = await train("target", 2);
    const { stoppedBy, epochs, bestEpoch } = tagger.training.target;
    assertEquals([stoppedBy, epochs.length], ["signal", 2]);
    assert(bestEpoch === 1 || bestEpoch === 2);
    assertEquals((await tagger.predict([["new"]])).length, 1);
    tagger.dispose();
    await assertRejects(() => train("source", 0), Error, "enough");
  }));

Deno.test("trainTagger() names what is wrong about its options", async () => {
  const corpus = TARGET;
  const cases: [() => Promise<unknown>, string][] = [
    [() => trainTagger({ corpus }), 'Cannot train laner: it needs "encoder"'],
    [() => trainTagger({ corpus, system: "lstm-crf" }), 'Cannot train lstm-crf: it needs "vectors"'],
    [() => trainTagger({ corpus, system: "lanner" }), 'Cannot use system "lanner"'],
    [
      () => trainTagger({ corpus, train: { epochs: 0 } }),
      'Cannot use "train.epochs": expected a whole number',
    ],
    [
      () => trainTagger({ corpus, train: JSON.parse('{ "epoch": 1 }') }),
      'Cannot use "train.epoch": unknown key, known here are epochs',
    ],
    [
      () => trainTagger({ corpus, encoder: "nowhere", engine: "onnx", train: { precision: "bfloat16" } }),
      'Cannot use "train.precision": must be null on the engine onnx',
    ],
    [
      () =>
        trainTagger({
          corpus,
          system: "lstm-crf",
          vectors: new URL("file:///nowhere"),
          engine: "onnx",
          pretrain: { precision: "float16" },
        }),
      'Cannot use "pretrain.precision": must be null for lstm-crf',
    ],
  ];
  for (const [call, message] of cases) await assertRejects(call, Error, message);
});

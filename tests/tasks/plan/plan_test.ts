import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, join } from "node:path";
import { createSampleCorpora } from "../../../data/sample/corpora.ts";
import { formatConll } from "../../../data/text/format_conll.ts";
import { readProfile } from "../../../tasks/config/read_profile.ts";
import { withFewerSentences } from "../../../tasks/data_sets/experiment_data.ts";
import { createSampleData } from "../../../tasks/data_sets/sample_data.ts";
import { type Plan, type PlannedRun, planProfile } from "../../../tasks/plan/plan.ts";
import { formatPlan, planStatus } from "../../../tasks/plan/plan_status.ts";
import { ensureStage, neededStages, type Stage, stagesOf } from "../../../tasks/stages/stage.ts";
import { runStage } from "../../../tasks/stages/stage_runner.ts";
import { withFolder } from "../../temporary_folder.ts";
import { NO_ENGINE } from "../no_engine.ts";

const EXPERIMENTS = new URL("../../../experiments/", import.meta.url);

/** A folder with generated files under the names of all data sets and corpora that the profiles use. */
async function withData(work: (overrides: string[], folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const names = ["conll2003", "politics", "science", "music", "literature", "ai", "movie", "restaurant"];
    for (const [seed, name] of names.entries()) {
      const { target } = createSampleCorpora(seed, {
        source: { train: 1, dev: 1, test: 1, text: 1 },
        target: { train: 100, dev: 4, test: 4, text: 1 },
      });
      await Deno.mkdir(join(folder, name));
      for (const split of ["train", "dev", "test"] as const) {
        await Deno.writeTextFile(join(folder, name, `${split}.txt`), formatConll(target[split]));
      }
      await Deno.writeTextFile(join(folder, `${name}.txt`), `A text about ${name}.\n`);
    }
    await work([`data.root=${folder}`, `dapt.corpus=${folder}/{target}.txt`], folder);
  });
}

/** The stage that makes a run's encoder, as none is given. */
function encoderOf({ encoder }: PlannedRun): Stage {
  assert(encoder !== null && "spec" in encoder);
  return encoder;
}

async function planOf(file: string, overrides: string[] = [], only?: string[]): Promise<Plan> {
  const path = new URL(file, EXPERIMENTS).pathname;
  return await planProfile(await readProfile(path, { overrides, only }), "onnx");
}

const yamlFiles = [...Deno.readDirSync(EXPERIMENTS)].map(({ name }) => name)
  .filter((name) => name.endsWith(".yaml") && name !== "paper_results.yaml");

Deno.test("every YAML of experiments/ is a profile, or an experiment of each profile", async () => {
  const profiles: string[] = [];
  const used = new Set<string>();
  for (const file of yamlFiles) {
    const text = await Deno.readTextFile(new URL(file, EXPERIMENTS));
    if (!/^experiments:/m.test(text)) continue;
    profiles.push(file);
    const { name, experiments } = await readProfile(new URL(file, EXPERIMENTS).pathname);
    assertEquals(name, basename(file, ".yaml"));
    for (const { name } of experiments) used.add(`${name}.yaml`);
    assertEquals(experiments.length, yamlFiles.length - 3, `${file} leaves experiments out`);
  }
  assertEquals(profiles.sort(), ["laptop.yaml", "paper.yaml", "sample.yaml"]);
  assertEquals([...used, ...profiles].sort(), yamlFiles.sort());
});

Deno.test("planProfile() plans every profile, without network", async () => {
  await withData(async (overrides, folder) => {
    const counts: Record<string, Record<string, number>> = {};
    for (const file of ["sample.yaml", "laptop.yaml", "paper.yaml"]) {
      const plan = await planOf(file, file === "sample.yaml" ? [] : overrides);
      const { experiments, pending } = await planStatus(plan, join(folder, "stages"));
      counts[file] = Object.fromEntries(experiments.map(({ name, nRuns }) => [name, nRuns]));
      // Each stage once, and after those that it needs.
      const keys = pending.map(({ stage }) => stage.key);
      assertEquals(new Set(keys).size, keys.length);
      for (const [i, { stage }] of pending.entries()) {
        for (const need of stagesOf(stage).slice(0, -1)) assert(keys.slice(0, i).includes(need.key));
      }
    }
    // Two seeds, with and without DAPT; laner-plus is a system of the sample's table alone.
    const nSystems = counts["sample.yaml"]!.table_3! / 4 - 1;
    assertEquals(counts["paper.yaml"], {
      table_1: 0,
      // Movie and restaurant have no corpus for DAPT. Two systems read an encoder, five do not.
      table_2: 3 * (2 * (5 * 2 + 2) + 5 * 7),
      table_3: 3 * (5 * 2 + 2) * nSystems,
      table_4: 3 * 5 * 2 * 2,
      table_5: 0,
      figure_2: 3 * 2 * 2,
      figure_3: 3 * 8 * 2,
      figure_4: 3 * 10 * 2 * 2,
      label_embeddings: 1,
    });
    assertEquals(counts["laptop.yaml"]!.figure_3, 8 * 2);
  });
});

Deno.test("planProfile() shares stages between targets, experiments and varied values", async () => {
  await withData(async (overrides) => {
    const { runs } = await planOf("paper.yaml", [...overrides, "seeds=[1]"], [
      "table_2",
      "figure_3",
      "figure_4",
    ]);
    const find = (experiment: string, ...parts: unknown[]) =>
      runs.find((run) =>
        run.experiment.name === experiment &&
        [run.target, run.system, run.adapt, run.value].every((value, i) => value === parts[i])
      )!;
    const main = find("table_2", "ai", "laner", false, null);
    // One source model for all targets; with DAPT the encoder is the target's own, and so is the source model.
    assertEquals(find("table_2", "music", "laner", false, null).pretrained!.key, main.pretrained!.key);
    const adapted = find("table_2", "ai", "laner", true, null);
    assert(find("table_2", "music", "laner", true, null).pretrained!.key !== adapted.pretrained!.key);
    // The default width and all sentences are the main run itself; other sizes share its source model.
    assertEquals(find("figure_3", "ai", "laner", false, 100).finetuned.key, main.finetuned.key);
    assert(find("figure_3", "ai", "laner", false, 50).pretrained!.key !== main.pretrained!.key);
    assertEquals(find("figure_4", "ai", "laner", false, 100).finetuned.key, main.finetuned.key);
    const few = find("figure_4", "ai", "laner", false, 10);
    assertEquals(few.pretrained!.key, main.pretrained!.key);
    assert(few.finetuned.key !== main.finetuned.key);
    assertStringIncludes(few.finetuned.label, "ai: laner, seed 1, data.trainSentences 10");
  });
});

Deno.test("planProfile() trains one source model for all settings of a target's model", async () => {
  await withData(async (overrides) => {
    const runOf = async (system: string, ...more: string[]) => {
      const few = ["seeds=[1]", `systems=[${system}]`, "adapt=[false]", "data.targets=[ai]"];
      const { runs } = await planOf("laptop.yaml", [...overrides, ...few, ...more], ["table_2"]);
      return { source: runs[0]!.pretrained!.key, target: runs[0]!.finetuned.key };
    };
    for (const system of ["laner", "bert-crf", "bartner"]) {
      const plain = await runOf(system);
      for (const key of ["legalTags=false", "newTags=random"]) {
        assertEquals(await runOf(system, `model.${key}`), plain, "what is off leaves the keys as they are");
      }
      for (
        const key of [
          ...(system === "bartner" ? [] : ["legalTags=true"]),
          "newTags=mean",
          "factoredTags=true",
        ]
      ) {
        const { source, target } = await runOf(system, `model.${key}`);
        assertEquals(source, plain.source, `${system} ${key}`);
        assert(target !== plain.target, `${system} ${key}`);
      }
    }
  });
});

Deno.test("planProfile() makes a fresh encoder of the source's sentences, and of the target's text where there is some", async () => {
  await withData(async (overrides, folder) => {
    const only = ["table_2"];
    const more = ["seeds=[1]", "encoder={}", "systems=[laner]", "data.targets=[ai, music]"];
    const withText = await planOf("laptop.yaml", [...overrides, ...more], only);
    const ai = encoderOf(withText.runs[0]!);
    const aiAdapted = encoderOf(withText.runs[1]!);
    const music = encoderOf(withText.runs[2]!);
    // One for each target, as its pieces are those of the target too; DAPT begins with it.
    assertEquals([ai.spec.stage, Object.keys(ai.spec.inputs)], ["encoder", ["text", "targetText"]]);
    assertEquals(aiAdapted.needs.encoder!.key, ai.key);
    assert(music.key !== ai.key);
    // Without text one for all targets, from the source alone.
    const without = await planOf("laptop.yaml", [
      ...[`data.root=${folder}`, "dapt.corpus=null"],
      ...[...more, "adapt=[false]"],
    ], only);
    const one = encoderOf(without.runs[0]!);
    const other = encoderOf(without.runs[1]!);
    assertEquals([one.key, Object.keys(one.spec.inputs)], [other.key, ["text"]]);
    assertEquals(one.spec.inputs.text!, ai.spec.inputs.text!);
    assertEquals(without.runs[0]!.pretrained!.key, without.runs[1]!.pretrained!.key);
  });
});

Deno.test("planProfile() plans joint and in-domain training from the encoder", async () => {
  await withData(async (overrides) => {
    const keys: string[] = [];
    for (const strategy of ["in-domain", "joint"]) {
      const plan = await planOf("laptop.yaml", [...overrides, `strategy=${strategy}`, "seeds=[1]"], [
        "table_2",
      ]);
      const { pretrained, finetuned, encoder } = plan.runs[0]!;
      assertEquals([pretrained, Object.values(finetuned.needs)[0]!.key], [null, encoder!.key]);
      keys.push(finetuned.key);
    }
    assert(keys[0] !== keys[1]);
  });
});

Deno.test("planProfile() refuses more sentences than there are, and a text that is not there", async () => {
  await withData(async (overrides) => {
    const cases: [string[], string[]][] = [
      [["data.trainSentences=101"], [
        '"data.trainSentences"',
        "100 training sentences of",
        "current value is 101",
      ]],
      [["dapt.corpus=none/{target}.txt"], ["none/politics.txt", "unlabelled text of politics"]],
    ];
    for (const [more, parts] of cases) {
      const error = await assertRejects(
        () => planOf("laptop.yaml", [...overrides, ...more], ["table_2"]),
        Error,
      );
      for (const part of parts) assertStringIncludes(error.message, part);
    }
  });
});

Deno.test("planProfile() refuses label embeddings of a system without", async () => {
  const error = await assertRejects(
    () => planOf("sample.yaml", ["systems=[laner, bert-tagger]"], ["label_embeddings"]),
    Error,
  );
  assertStringIncludes(error.message, '"systems" at label_embeddings');
  assertStringIncludes(error.message, '"bert-tagger"');
});

Deno.test("withFewerSentences() draws nested parts, others for other seeds", async () => {
  const { target } = await createSampleData({ seed: 1, target: { train: 40 } });
  const words = async (n: number, seed: number) =>
    (await withFewerSentences(target, n, seed)).splits.train.map(({ words }) => words.join(" "));
  const [ten, twenty, other] = [await words(10, 5), await words(20, 5), await words(10, 6)];
  assertEquals([ten.length, twenty.length], [10, 20]);
  assert(ten.every((sentence) => twenty.includes(sentence)));
  assert(ten.join() !== other.join() && ten.join() !== twenty.slice(0, 10).join());
  const all = target.splits.train.map(({ words }) => words.join(" "));
  assertEquals(twenty, all.filter((sentence) => twenty.includes(sentence)));
  assertEquals((await withFewerSentences(target, 10, 5)).splits.test, target.splits.test);
});

Deno.test("planStatus() counts what is stored and estimates the rest by what was measured", async () => {
  await withData(async (overrides, folder) => {
    const plan = await planOf("laptop.yaml", [...overrides, "seeds=[1, 2]", "systems=[laner]"], ["table_2"]);
    const store = join(folder, "stages");
    const unknown = formatPlan(await planStatus(plan, store));
    assertStringIncludes(unknown, "table_2  Main comparison (24 runs)");
    assertStringIncludes(unknown, "time unknown");
    const first = plan.runs[0]!;
    const second = plan.runs[1]!;
    for (const [stage, seconds] of [[first.pretrained!, 100], [first.finetuned, 40]] as const) {
      const { dir } = await runStage(store, stage.spec, () => Promise.resolve());
      const path = join(dir, "stage.json");
      const record = JSON.parse(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, JSON.stringify({ ...record, wallSeconds: seconds }));
    }
    const { pending, stored, experiments } = await planStatus(plan, store);
    assertEquals([experiments[0]!.nRuns, experiments[0]!.nStored], [24, 1]);
    const secondsOf = (key: string) => pending.find(({ stage }) => stage.key === key)?.seconds;
    assertEquals(secondsOf(first.finetuned.key), undefined);
    assertEquals(secondsOf(second.finetuned.key), 40);
    assertEquals(secondsOf(second.pretrained!.key), 100);
    // The first run's source model is not run again for other targets.
    assertEquals(pending.filter(({ stage }) => stage.key === first.pretrained!.key), []);
    // What began with another encoder says nothing.
    const other = await planOf("paper.yaml", [...overrides, "encoder=other/one"], ["table_2"]);
    assert((await planStatus(other, store)).pending.every(({ seconds }) => seconds === null));
    assertStringIncludes(
      formatPlan({ pending, stored, experiments }, { stages: true }),
      "  finetune       40 s  politics: laner, seed 2",
    );
    const guesses = [100, 40, 40].map((seconds, i) => ({ ...pending[i]!, seconds }));
    const timeOf = (nJobs: number) =>
      formatPlan({ pending: guesses, stored, experiments }, { nJobs }).match(/about .*\./)![0];
    assertEquals([1, 2, 9].map(timeOf), ["about 3:00 min.", "about 1:40 min.", "about 1:40 min."]);
  });
});

Deno.test("ensureStage() runs what is missing, and nothing behind a stored stage", async () => {
  await withFolder(async (store) => {
    const ran: string[] = [];
    const stage = (name: string, needs: Record<string, Stage>): Stage => ({
      key: name,
      label: name,
      spec: { stage: name, inputs: {}, config: {}, code: {} },
      needs,
      async work(dir, folders) {
        ran.push(name);
        for (const folder of Object.values(folders)) await Deno.stat(join(folder, "out"));
        await Deno.writeTextFile(join(dir, "out"), name);
      },
    });
    const a = stage("a", {});
    const b = stage("b", { a });
    const c = stage("c", { a, b });
    const context = {
      store,
      report: () => {},
      signal: new AbortController().signal,
      engine: NO_ENGINE,
    };
    const needed = async (stage: Stage) =>
      (await neededStages(store, stage)).map(({ stage: { key }, isStored }) =>
        isStored ? `${key}: stored` : key
      );
    assertEquals(await needed(c), ["a", "a", "b", "c"]);
    await ensureStage(context, b);
    assertEquals(ran, ["a", "b"]);
    assertEquals(await needed(c), ["a: stored", "b: stored", "c"]);
    await Deno.remove((await ensureStage(context, a)).dir, { recursive: true });
    await ensureStage(context, b);
    assertEquals(ran, ["a", "b"]);
    await ensureStage(context, c);
    assertEquals(ran, ["a", "b", "a", "c"]);
  });
});

import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { tagsToSpans } from "../../data/tags/tag_scheme.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadModelFolder } from "../../model/model_folder.ts";
import { readProfile } from "../../tasks/config/read_profile.ts";
import { DAPT, dapt } from "../../tasks/dapt.ts";
import { formatFindings } from "../../tasks/data_sets/data_finding.ts";
import { EVALUATE, evaluate } from "../../tasks/evaluate.ts";
import { FINETUNE, finetune } from "../../tasks/finetune.ts";
import { planProfile } from "../../tasks/plan/plan.ts";
import { PREDICT, predict } from "../../tasks/predict.ts";
import { PRETRAIN, pretrain } from "../../tasks/pretrain.ts";
import { REPORT, report } from "../../tasks/report.ts";
import { REPRODUCE, reproduce } from "../../tasks/reproduce.ts";
import { instructionSets } from "../../tasks/stages/instruction_sets.ts";
import { ensureStage } from "../../tasks/stages/stage.ts";
import type { RunContext } from "../../tasks/stages/stage_context.ts";
import { Interrupted } from "../../tasks/terminal/interrupt.ts";
import { systemError, watchFiles } from "../file_operations.ts";
import { SYSTEM_NAMES } from "../model/families.ts";
import { only } from "../only.ts";
import { withFolder } from "../temporary_folder.ts";
import { MINIATURE } from "./miniature.ts";
import { runForTest } from "./run_command.ts";

/** Runs `work` in a folder with the miniature experiment's file and results. */
async function withMiniature(
  work: (args: string[], results: string) => Promise<void>,
  yaml = MINIATURE,
): Promise<void> {
  await withFolder(async (folder) => {
    const config = join(folder, "miniature.yaml");
    const results = join(folder, "results");
    await Deno.writeTextFile(config, yaml);
    await work(["--config", config, "--results", results], results);
  });
}

async function stagesIn(results: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(results, "stages"))) {
    if (!name.startsWith(".")) names.push(name);
  }
  return names.sort();
}

Deno.test("every command of an experiment runs, and each stage once", async () => {
  await withMiniature(async (args, results) => {
    const first = await runForTest(REPRODUCE, reproduce, args);
    assertEquals([first.code, first.errors], [0, ""]);
    for (const row of ["bert-tagger ", "laner ", "bert-tagger + DAPT", "laner + DAPT"]) {
      assertStringIncludes(first.printed, `| ${row}`);
    }
    assertStringIncludes(first.printed, "To run: 10 stages (1 encoder, 4 pretrain, 4 finetune, 1 dapt)");
    const stages = await stagesIn(results);
    // One encoder, adapted once; two systems on two encoders, on source and target.
    const counts = Object.fromEntries(["encoder", "dapt", "pretrain", "finetune"].map((stage) => [
      stage,
      stages.filter((name) => name.startsWith(stage)).length,
    ]));
    assertEquals(counts, { encoder: 1, dapt: 1, pretrain: 4, finetune: 4 });

    const folder = join(results, "miniature");
    const { environment, experiments: [{ runs }], dataFindings } = JSON.parse(
      await Deno.readTextFile(join(folder, "results.json")),
    );
    // What is odd about the data stands before what comes of it.
    const odd = formatFindings(dataFindings).join("\n");
    assertStringIncludes(odd, "research: entity types with one training example: person");
    assertStringIncludes(first.printed, odd);
    assertStringIncludes(await Deno.readTextFile(join(folder, "report.html")), odd.split("\n")[1]!.trim());
    assertEquals(runs.length, 4);
    assertStringIncludes(environment["4 runs made on"], `instructions ${instructionSets()}`);
    assertStringIncludes(environment["4 runs made on"], `v8 ${Deno.version.v8}`);
    for (const name of ["onnxruntime-node@", "@tensorflow/tfjs@", "@huggingface/tokenizers@"]) {
      assertStringIncludes(environment.packages, name);
    }
    const table = await Deno.readTextFile(join(folder, "tables", "miniature.md"));
    for (const { result } of runs) assertStringIncludes(table, (100 * result.scores.test.f1).toFixed(2));
    assertStringIncludes(await Deno.readTextFile(join(folder, "report.html")), "4 of 4");

    // A second time everything is taken from the store; without the results the run would be another.
    const second = await runForTest(REPRODUCE, reproduce, args);
    assertStringIncludes(second.printed, "All stages are stored.");
    assertStringIncludes(
      second.printed,
      "research: laner + DAPT, seed 1: stored, not run",
    );
    const rerun = await runForTest(REPRODUCE, reproduce, [...args, "--rerun", "--dry-run"]);
    assertStringIncludes(rerun.printed, "To run: 10 stages (1 encoder, 4 pretrain, 4 finetune, 1 dapt)");
    const tables = (printed: string) => printed.slice(printed.indexOf("**miniature"));
    assertEquals(tables(second.printed), tables(first.printed));
    for (const [spec, main] of [[PRETRAIN, pretrain], [DAPT, dapt], [FINETUNE, finetune]] as const) {
      const { code, errors, printed } = await runForTest(spec, main, [
        ...args,
        "--system",
        "laner",
        "--seed",
        "1",
      ]);
      assertEquals([code, errors], [0, ""]);
      assert(printed.startsWith(`${odd}\n`), printed);
    }
    assertEquals(await stagesIn(results), stages);

    // The stored predictions give the stored score.
    const { dir, scores } = runs[0].result;
    const scored = await runForTest(EVALUATE, evaluate, [join(results, dir, "test.conll"), "--json"]);
    assertEquals(JSON.parse(scored.printed).f1, scores.test.f1);

    // The report can be written again, and says what is missing of more; that of a part takes no other's place.
    const whole = await filesIn(folder);
    const again = await runForTest(REPORT, report, [...args, "--seeds", "1,2"]);
    assertEquals([again.code, again.errors], [0, ""]);
    const more = join(folder, "selections", "seeds=1,2", "report.html");
    assertStringIncludes(again.printed, `4 of 8 runs: ${more}`);
    assertStringIncludes(await Deno.readTextFile(more), "4 of 8 runs are not done yet");
    const part = await runForTest(REPRODUCE, reproduce, [...args, "--systems", "laner"]);
    const ofPart = join(folder, "selections", "systems=laner");
    assertStringIncludes(part.printed, `Report: ${join(ofPart, "report.html")}`);
    assert(!(await Deno.readTextFile(join(ofPart, "tables", "miniature.md"))).includes("bert-tagger"));
    const now = await filesIn(folder);
    assertEquals(Object.fromEntries(Object.keys(whole).map((name) => [name, now[name]])), whole);
    assertEquals(Object.keys(now).filter((name) => !(name in whole)).map((name) => name.split("/")[0]), [
      ...new Array(Object.keys(now).length - Object.keys(whole).length).fill("selections"),
    ]);
  }, MINIATURE.replace("epochs: 3,", "epochs: 40, patience: 40,").replace("train: 20,", "train: 18,"));
});

Deno.test("a read-only results folder is read when every stage is stored, and else refused by its name", async () => {
  await withMiniature(async (miniature, results) => {
    const args = [...miniature, "--systems", "bert-tagger", "--set", "adapt=[false]"];
    const one = [...miniature, "--system", "bert-tagger"];
    const out = join(results, "..", "elsewhere");
    const before = await runForTest(REPRODUCE, reproduce, args);
    assertEquals([before.code, before.errors], [0, ""]);
    // What a run leaves that was killed between storing a stage and removing its checkpoint.
    for (const stage of await stagesIn(results)) {
      const checkpoint = join(results, "stages", ".unfinished", `${stage}.checkpoint`);
      await Deno.mkdir(checkpoint, { recursive: true });
      await Deno.writeTextFile(join(checkpoint, "state-1.safetensors"), "");
    }
    const withStages = await stagesIn(results);
    {
      using _ = watchFiles(({ path }) => {
        if (path.startsWith(results)) throw systemError("EROFS");
      });
      for (const [spec, main] of [[PRETRAIN, pretrain], [FINETUNE, finetune]] as const) {
        const { code, errors } = await runForTest(spec, main, one);
        assertEquals([code, errors], [0, ""]);
      }
      const again = await runForTest(REPRODUCE, reproduce, args);
      assertEquals([again.code, again.errors], [0, ""]);
      const tables = (printed: string) =>
        printed.slice(printed.indexOf("**miniature"), printed.indexOf("\nReport"));
      assertEquals(tables(again.printed), tables(before.printed));
      assertMatch(again.printed, /Report: none, .*Cannot write "\S*miniature\S*": .* writable.*--out DIR/);
      const reported = await runForTest(REPORT, report, [...args, "--out", out]);
      assertEquals([reported.code, reported.errors], [0, ""]);
      assertStringIncludes(await Deno.readTextFile(join(out, "report.html")), "1 of 1");
      const refused: [Promise<{ code: number; errors: string }>, string][] = [
        [runForTest(REPORT, report, args), "miniature"],
        [runForTest(REPRODUCE, reproduce, [...miniature, "--systems", "laner"]), "miniature"],
        [runForTest(FINETUNE, finetune, [...miniature, "--system", "laner"]), "stages"],
      ];
      for (const [running, folder] of refused) {
        const { code, errors } = await running;
        assertEquals(code, 1);
        assertStringIncludes(errors, `Cannot write "${join(results, folder)}`);
        assertMatch(errors, /must be writable, .*; make it writable, or name another folder/);
      }
    }
    {
      using _ = watchFiles(() => {
        throw new Deno.errors.PermissionDenied("no");
      });
      assertEquals((await runForTest(FINETUNE, finetune, one)).code, 0);
    }
    assertEquals(await stagesIn(results), withStages);
  });
});
/** The contents of all files in a folder, by path; what is added to on every run is left out. */
async function filesIn(folder: string, below = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(join(folder, below))) {
    const path = below === "" ? name : `${below}/${name}`;
    if (isDirectory) Object.assign(files, await filesIn(folder, path));
    else if (name !== "progress.jsonl") files[path] = await Deno.readTextFile(join(folder, path));
  }
  return files;
}

Deno.test("every system is trained on the source, expanded to the target and scored", async () => {
  await withMiniature(async (args, results) => {
    let known: string[] = [];
    for (const system of SYSTEM_NAMES) {
      const { code, errors } = await runForTest(FINETUNE, finetune, [...args, "--system", system]);
      assertEquals([code, errors], [0, ""], system);
      const stages = await stagesIn(results);
      const made = stages.filter((name) => !known.includes(name));
      known = stages;
      // Each system has stages of its own.
      const madeBy = (stage: string) =>
        join(results, "stages", only(made.filter((name) => name.startsWith(`${stage}-`))));
      const finetuned = madeBy("finetune");
      const [target, source] = [await loadModelFolder(finetuned), await loadModelFolder(madeBy("pretrain"))];
      assertEquals([target.system, source.system], [system, system]);
      assert(target.tags.nTags > source.tags.nTags, system);
      assert(Object.values(target.parameters).every(({ data }) => data.every(Number.isFinite)), system);
      const scored = await runForTest(EVALUATE, evaluate, [join(finetuned, "test.conll"), "--json"]);
      const { test } = JSON.parse(await Deno.readTextFile(join(finetuned, "scores.json")));
      assertEquals(JSON.parse(scored.printed).f1, test.f1, system);
    }
  });
});

Deno.test("predict prints entities with their place in the input, whatever the input is", async () => {
  await withMiniature(async (args, results) => {
    const more = ["--system", "laner", "--set", "train.epochs=12", "--set", "train.patience=12"];
    assertEquals((await runForTest(FINETUNE, finetune, [...args, ...more])).code, 0);
    const model = join(
      results,
      "stages",
      (await stagesIn(results)).find((name) => name.startsWith("finetune"))!,
    );
    const conll = await Deno.readTextFile(join(model, "test.conll"));
    const words = conll.trim().split("\n\n").map((lines) =>
      lines.split("\n").map((line) => line.split("\t")[0])
    );
    const inputs = {
      words: words.map((sentence) => sentence.join(" ")).join("\n"),
      conll,
      text: "\u{1F600} " + words.map((sentence) => sentence.join(" ")).join("\n\n"),
    };
    for (const [kind, text] of Object.entries(inputs)) {
      const file = join(results, `input.${kind}`);
      await Deno.writeTextFile(file, text);
      const predictIn = (format: string) =>
        runForTest(PREDICT, predict, ["--model", model, "--input", kind, "--format", format, file]);
      const { code, printed, errors } = await predictIn("jsonl");
      assertEquals(code, 0, errors);
      const entities = printed.split("\n").map((line) => JSON.parse(line));
      assert(entities.length > 0, "the model finds nothing: the test shows nothing");
      for (const { text: entity, start, end } of entities) assertEquals(text.slice(start, end), entity);
      assertStringIncludes((await predictIn("table")).printed, entities[0].entityType);
      if (kind === "text") continue;
      // The same words in another form have the same tags, and those are what was stored with the scores.
      const columns = (await predictIn("conll")).printed.trim().split("\n\n");
      const tags = columns.map((lines) => lines.split("\n").map((line) => line.split("\t")[1]!));
      const expected = conll.trim().split("\n\n").map((lines) =>
        lines.split("\n").map((line) => line.split("\t")[2]!)
      );
      assertEquals(tags.map((t) => tagsToSpans(t)), expected.map((t) => tagsToSpans(t)));
    }
    const unknown = await runForTest(PREDICT, predict, [
      "--model",
      model,
      "--types",
      "planet",
      join(results, "input.text"),
    ]);
    assertEquals(unknown.code, 1);
    assertStringIncludes(unknown.errors, `"planet" (--types): the model's types are`);
  });
});

Deno.test("an interrupted training stores nothing, and nothing else is begun", async () => {
  await withMiniature(async (args, results) => {
    const profile = await readProfile(args[1]!, { overrides: ["train.epochs=50", "train.patience=50"] });
    const engine = await createEngine("onnx");
    const { runs } = await planProfile(profile, engine.name);
    const controller = new AbortController();
    const store = join(results, "stages");
    const context: RunContext = {
      store,
      engine,
      signal: controller.signal,
      report: ({ stage, epoch }) => {
        if (stage.includes("research: bert-tagger") && epoch === 3) controller.abort(new Interrupted());
      },
    };
    const error = await assertRejects(() => ensureStage(context, runs[0]!.finetuned), Interrupted);
    assertStringIncludes(error.message, "the same command goes on from there");
    assertEquals((await stagesIn(results)).map((name) => name.split("-")[0]), ["encoder", "pretrain"]);
    // Whoever asks for the next stage is told to stop too, before anything is begun.
    await assertRejects(() => ensureStage(context, runs[1]!.finetuned), Interrupted);
  });
});

Deno.test("a model, an encoder and an engine that are not there are named", async () => {
  await withMiniature(async (args, results) => {
    await Deno.mkdir(results);
    const text = join(results, "text.txt");
    await Deno.writeTextFile(text, "Ann");
    const cases: [Promise<{ code: number; errors: string }>, number, string][] = [
      [
        runForTest(PREDICT, predict, ["--model", join(results, "none"), text]),
        1,
        `Cannot read "tagger.json" at file://`,
      ],
      [runForTest(PREDICT, predict, ["--model", results, join(results, "none.txt")]), 1, "none.txt"],
      [
        runForTest(REPRODUCE, reproduce, [...args, "--encoder", join(results, "none")]),
        1,
        `Cannot read "config.json" at file://`,
      ],
      [runForTest(REPRODUCE, reproduce, [...args, "--engine", "gpu"]), 2, "--engine"],
      [runForTest(FINETUNE, finetune, [...args, "--system", "laner,bert-tagger"]), 2, "one is expected"],
      [runForTest(FINETUNE, finetune, [...args, "--system", "lanr"]), 1, "laner"],
      [runForTest(PRETRAIN, pretrain, [...args, "--set", "strategy=in-domain"]), 1, "has no source stage"],
    ];
    for (const [running, code, message] of cases) {
      const result = await running;
      assertEquals(result.code, code, result.errors);
      assertStringIncludes(result.errors, message);
    }
    assertEquals(
      [...Deno.readDirSync(results)].map(({ name }) => name).filter((name) => name.startsWith("finetune")),
      [],
    );
  });
});

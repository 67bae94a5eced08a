/** What an edit of the toolkit runs again: edits are made in a copy of the tree. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SystemName } from "../../../model/systems/systems.ts";
import { changedModules } from "../../../tasks/code/module_code.ts";
import { sha256 } from "../../../tasks/files/hash.ts";
import { codeOfStage } from "../../../tasks/stages/stage_code.ts";
import { SYSTEM_NAMES } from "../../model/families.ts";
import { shareNpmCache } from "../../own_cache.ts";
import { ROOT } from "../../source_text.ts";
import { withFolder } from "../../temporary_folder.ts";
import { MINIATURE } from "../miniature.ts";

/** The modules of a system in model/: those that no other family shares. */
const OWN: Record<SystemName, string> = {
  "bert-tagger": "model/systems/bert_tagger/bert_tagger.ts",
  "bert-crf": "model/systems/bert_crf/bert_crf.ts",
  "laner": "model/systems/laner/laner.ts",
  "laner-plus": "model/systems/laner/laner.ts",
  "laner-without-label-context": "model/systems/laner/laner.ts",
  "laner-without-label-background": "model/systems/laner/laner.ts",
  "lstm-crf": "model/systems/lstm_crf/lstm_crf.ts",
  "flair": "model/systems/flair/flair.ts",
  "coach": "model/systems/coach/coach.ts",
  "cross-domain-lm": "model/systems/cross_domain_lm/cross_domain_lm.ts",
  "multi-cell-lstm": "model/systems/multi_cell_lstm/multi_cell_lstm.ts",
  "bartner": "model/systems/bartner/bartner_system.ts",
};

const moduleOf = (name: string) => pathToFileURL(join(ROOT, "tasks/stages", name)).href;

Deno.test("codeOfStage() reaches a system's own module, and no other system's", async () => {
  for (const system of SYSTEM_NAMES) {
    const names = Object.keys(await codeOfStage(moduleOf("training_stages.ts"), { system }));
    const systems = names.filter((name) => Object.values(OWN).includes(name));
    assertEquals(systems, [OWN[system]], system);
    for (const shared of ["model/training/train.ts", "data/scores/scores.ts", "model/engine/onnx_rules.ts"]) {
      assert(names.includes(shared), `${system}: ${shared}`);
    }
    // What systems of other families are made by.
    assertEquals(names.filter((name) => /systems\/(bert|word|bart)_system\.ts/.test(name)).length, 1, system);
  }
});

Deno.test("codeOfStage() reaches nothing that only shows or plans, and no system where none is used", async () => {
  const stages = [...Deno.readDirSync(join(ROOT, "tasks/stages"))].map(({ name }) => name)
    .filter((name) => /_stages?\.ts$|^given_encoder/.test(name));
  assertEquals(stages.length, 8);
  for (const stage of stages) {
    const system = /^(training|label)/.test(stage) ? "laner" : undefined;
    const names = Object.keys(await codeOfStage(moduleOf(stage), { system }));
    const others = names.filter((name) =>
      /^tasks\/(report|plan|terminal)\/|^tasks\/config\/config\.ts/.test(name)
    );
    assertEquals(others, [], stage);
    assertEquals(names.includes("model/systems/laner/predictor.ts"), system === "laner", stage);
  }
  const download = Object.keys(await codeOfStage(moduleOf("given_encoder.ts"), { engine: false }));
  assertEquals(download.filter((name) => /^model\/(engine|bert)\/(?!tf)/.test(name)), []);
});

/** A program that prints the code of the training of each system, in the tree that it stands in. */
const PRINT_CODES = `
import { codeOfStage } from "./tasks/stages/stage_code.ts";
const module = import.meta.resolve("./tasks/stages/training_stages.ts");
const codes = {};
for (const system of Deno.args) codes[system] = await codeOfStage(module, { system });
console.log(JSON.stringify(codes));
`;

async function copyTree(to: string): Promise<void> {
  for (const folder of ["data", "model", "tasks", "vendor", "deno.json", "deno.lock", "mod.ts"]) {
    await copy(join(ROOT, folder), join(to, folder));
  }
  await Deno.writeTextFile(join(to, "print_codes.ts"), PRINT_CODES);
}

async function copy(from: string, to: string): Promise<void> {
  if (!(await Deno.stat(from)).isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to, { recursive: true });
  for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await Deno.readTextFile(path);
  const changed = change(text);
  assert(changed !== text, `nothing to change in ${path}`);
  await Deno.writeTextFile(path, changed);
}

/** Runs a program, and gives what it prints and what it says beside that. */
async function runIn(
  folder: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ printed: string; said: string }> {
  const permissions = ["read", "write", "env", "ffi", "sys"].map((name) => `--allow-${name}`);
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", ...permissions, ...args],
    cwd: folder,
    env: { NO_COLOR: "1", ...env },
  }).output();
  const [printed, said] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(success, said);
  return { printed: printed!, said: said! };
}

const comment = (text: string) => `${text}\n// An edit.\n`;

Deno.test("codeOfStage() changes with what a stage reaches, and with nothing else", () =>
  withFolder(async (folder) => {
    await copyTree(folder);
    const systems = ["laner", "lstm-crf", "flair", "coach", "bartner"];
    const codes = async () => JSON.parse((await runIn(folder, ["print_codes.ts", ...systems])).printed);
    const first = await codes();
    const reached: Record<string, string[]> = {
      "model/systems/laner/predictor.ts": ["laner"],
      "model/words/word_states.ts": ["lstm-crf", "coach"],
      "model/nn/bilstm.ts": ["lstm-crf", "flair", "coach"],
      "model/char_lm/train_char_lm.ts": [],
      "model/systems/bart_system.ts": ["bartner"],
      "model/training/adam.ts": systems,
      "data/tags/tag_set.ts": systems,
      "tasks/report/sections.ts": [],
      "tasks/terminal/progress.ts": [],
      "tasks/terminal/command_help.ts": [],
      "tasks/plan/plan.ts": [],
      "tasks/config/config.ts": [],
    };
    for (const path of Object.keys(reached)) await edit(join(folder, path), comment);
    await edit(
      join(folder, "deno.json"),
      (text) => text.replace("--allow-ffi", "--allow-ffi --allow-import"),
    );
    const second = await codes();
    for (const system of systems) {
      const expected = Object.keys(reached).filter((path) => reached[path]!.includes(system)).sort();
      assertEquals(changedModules(first[system], second[system]), expected, system);
    }

    // In the table of systems, a line counts for its own system alone.
    await edit(
      join(folder, "model/systems/systems.ts"),
      (text) =>
        text.replace('"flair": FLAIR', '"flair": LSTM_CRF')
          .replace('"laner": LANER as', '"laner": LANER_WITHOUT_LABEL_CONTEXT as')
          .replace('"coach": COACH,', '"coach": COACH,\n  "coach-2": FLAIR,'),
    );
    const third = await codes();
    const changed = systems.filter((system) => changedModules(second[system], third[system]).length > 0);
    assertEquals(changed, ["laner", "flair"]);
    assertEquals(changedModules(second.laner, third.laner), ["model/systems/systems.ts"]);
    assert(changedModules(second.flair, third.flair).includes("model/systems/lstm_crf/lstm_crf.ts"));
  }));

Deno.test("codeOfStage() is the same where the toolkit is run from an address, and asks no server twice", () =>
  withFolder(async (folder) => {
    await shareNpmCache(folder);
    let nAsked = 0;
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      nAsked++;
      const { pathname } = new URL(request.url);
      const isJson = pathname.endsWith(".json");
      const text = pathname === "/print_codes.ts"
        ? PRINT_CODES
        : await Deno.readTextFile(join(ROOT, pathname));
      return new Response(text, {
        headers: { "content-type": isJson ? "application/json" : "text/typescript" },
      });
    });
    try {
      const origin = `127.0.0.1:${server.addr.port}`;
      const script = `http://${origin}/print_codes.ts`;
      const flags = ["--no-config", "--no-lock", `--allow-import=${origin}`];
      const print = async () =>
        JSON.parse((await runIn(folder, [...flags, script, "laner"], { DENO_DIR: folder })).printed);
      const here = await codeOfStage(moduleOf("training_stages.ts"), { system: "laner" });
      assertEquals(await print(), { laner: here });
      const nFirst = nAsked;
      assertEquals(await print(), { laner: here });
      assertEquals(nAsked, nFirst);
    } finally {
      await server.shutdown();
    }
  }));

Deno.test("an edit of LANER runs LANER's stages again and says why; one of the report runs nothing", () =>
  withFolder(async (folder) => {
    await copyTree(folder);
    await Deno.writeTextFile(join(folder, "miniature.yaml"), MINIATURE);
    const finetune = async (system: string, ...flags: string[]) => {
      const args = ["tasks/finetune.ts", "--config", "miniature.yaml", "--system", system, ...flags];
      const { printed, said } = await runIn(folder, args);
      return said + printed;
    };
    const modelOf = (said: string) => said.match(/^Model: (\S+)/m)![1]!;
    const laner = await finetune("laner");
    const lstmCrf = await finetune("lstm-crf");
    const stages = () => [...Deno.readDirSync(join(folder, "results/stages"))].map(({ name }) => name).sort();

    await edit(join(folder, "tasks/report/sections.ts"), comment);
    await edit(join(folder, "tasks/terminal/progress_status.ts"), comment);
    const again = await finetune("laner");
    const before = stages();
    assertStringIncludes(again, "research: laner, seed 1: stored, not run\n--rerun runs it again\n");
    assertEquals(modelOf(again), modelOf(laner));

    // The tour in docs/architecture.md: another rule in the predictor.
    await edit(
      join(folder, "model/systems/laner/predictor.ts"),
      (text) =>
        text.replace("labelContext(result.contextQueries", "labelContext(result.contextQueries.mul(0.5)"),
    );
    const changed = await finetune("laner");
    for (const label of ["news: laner, seed 1", "research: laner, seed 1"]) {
      assertStringIncludes(
        changed,
        `${label}: run again, as its code has changed: model/systems/laner/predictor.ts\n`,
      );
    }
    assertStringIncludes(changed, "encoder from nothing: stored, not run");
    const headOf = async (said: string) =>
      await sha256(await Deno.readFile(join(modelOf(said), "head.safetensors")));
    assert(await headOf(changed) !== await headOf(laner), "the new rule changes nothing");
    assertEquals(stages().filter((name) => !before.includes(name)).map((name) => name.split("-")[0]), [
      "finetune",
      "pretrain",
    ]);
    assertEquals(modelOf(await finetune("lstm-crf")), modelOf(lstmCrf));

    // --rerun replaces the stage that is asked for, and nothing that it is made from.
    const startOf = async (path: string) =>
      JSON.parse(await Deno.readTextFile(join(path, "stage.json"))).startedAt;
    const model = modelOf(changed);
    const first = await startOf(model!);
    const all = stages();
    const rerun = await finetune("laner", "--rerun");
    assertStringIncludes(rerun, "news: laner, seed 1: stored, not run");
    assert(!rerun.includes("research: laner, seed 1: stored"));
    assertEquals(modelOf(rerun), model);
    assert(await startOf(model!) > first);
    assertEquals(stages(), all);
  }));

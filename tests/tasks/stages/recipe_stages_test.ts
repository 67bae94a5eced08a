/** Stages of runs with the parts of laner-plus: what they store, and that a stopped run goes on to the same bits. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { loadEncoderFolder } from "../../../model/bert/encoder_folder.ts";
import { SHAPE_TABLE } from "../../../model/bert/word_shapes.ts";
import { loadBertModel } from "../../../model/model_folder.ts";
import { findStage } from "../../../tasks/stages/stage_results.ts";
import type { Stage } from "../../../tasks/stages/stage.ts";
import { withFolder } from "../../temporary_folder.ts";
import { type MiniatureRun, planMiniature, runMiniature, writeMiniature } from "../miniature_run.ts";

const PARTS = [
  "model.wordShapes=true",
  "model.legalTags=true",
  "model.newTags=mean",
  "pretrain.headRate=2",
  "model.factoredTags=true",
  "train.rDrop=0.5",
];

/** Runs the miniature, stopped each time that so many steps are done, until it is through. */
async function runInPieces(run: MiniatureRun, nSteps: number): Promise<Record<string, string>> {
  for (;;) {
    const controller = new AbortController();
    let left = nSteps;
    const report = () => {
      if (--left === 0) controller.abort(new Error("stopped"));
    };
    try {
      return await runMiniature(run, report, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    }
  }
}

Deno.test("a run with the parts of laner-plus goes on from where it was stopped to the same bits", () =>
  withFolder(async (folder) => {
    const config = await writeMiniature(folder);
    const run = (store: string, overrides: string[]) => ({ config, store: join(folder, store), overrides });
    const whole = await runMiniature(run("whole", PARTS));
    assertEquals(await runInPieces(run("pieces", PARTS), 7), whole);
    assert((await runMiniature(run("plain", [])))["test.conll"] !== whole["test.conll"]);
  }));

Deno.test("DAPT trains a table of word shapes, the source's model goes on from it, and the target's from that", () =>
  withFolder(async (folder) => {
    const config = await writeMiniature(folder);
    const run = { config, store: join(folder, "store"), overrides: PARTS };
    await runMiniature(run);
    const { finetuned, pretrained, encoder } = await planMiniature(run);
    const dirOf = async (stage: Stage) => (await findStage(run.store, stage.spec))!.dir;
    const adapted = encoder as Stage;
    assertEquals(adapted.spec.stage, "dapt");
    const tables = [
      (await loadEncoderFolder(await dirOf(adapted))).shapeTable![SHAPE_TABLE]!,
      ...await Promise.all(
        [pretrained!, finetuned].map(async (stage) =>
          (await loadBertModel(await dirOf(stage))).parameters[SHAPE_TABLE]!
        ),
      ),
    ];
    const distance = (a: number, b: number) =>
      Math.hypot(...tables[a]!.data.map((value, i) => value - tables[b]!.data[i]!));
    const norm = Math.hypot(...tables[0]!.data);
    assert(norm > 0 && distance(0, 1) > 0 && distance(1, 2) > 0, "each stage must train it");
    // A plain encoder is the same one for runs with shapes and without.
    const without = (await planMiniature({ ...run, overrides: [] })).encoder as Stage;
    assert(without.key !== adapted.key);
    assertEquals(without.needs.encoder!.key, adapted.needs.encoder!.key);
  }));

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import type { Sentence } from "../../../data/text/conll.ts";
import { formatConll } from "../../../data/text/format_conll.ts";
import type { LabelFindings } from "../../../model/analysis/label_analysis.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { parseConfig } from "../../../tasks/config/read_config.ts";
import { runConfigs } from "../../../tasks/config/run_config.ts";
import { loadDataSet } from "../../../tasks/data_sets/data_sets.ts";
import { blocksOf } from "../../../tasks/report/page/section.ts";
import { labelBlocks } from "../../../tasks/report/sections/label_blocks.ts";
import { byInstruction, labelStage } from "../../../tasks/stages/label_stage.ts";
import { createStage, ensureStage } from "../../../tasks/stages/stage.ts";
import { readStored } from "../../../tasks/stages/stage_results.ts";
import { LABEL_FINDINGS } from "../../../tasks/stages/label_findings.ts";
import { tinyModel } from "../../model/tiny.ts";
import { withModelFolder } from "../../model/tiny_model_folder.ts";
import { withFolder } from "../../temporary_folder.ts";
import { MINIATURE } from "../miniature.ts";

/** A sentence of so many words, the first of which are entities. */
function sentence(nWords: number, nEntities: number, word = "new"): Sentence {
  return {
    words: new Array(nWords).fill(word),
    tags: Array.from({ length: nWords }, (_, i) => i < nEntities ? "B-place" : "O"),
  };
}

/** What the stage stores of a model that takes 12 pieces, with [CLS] and [SEP]. */
async function findingsOn(test: Sentence[]): Promise<LabelFindings> {
  let findings: LabelFindings | undefined;
  await withModelFolder(tinyModel("laner", 2), (dir) =>
    withFolder(async (folder) => {
      await Deno.mkdir(join(folder, "ai"));
      for (const split of ["train", "dev", "test"]) {
        const sentences = split === "test" ? test : [sentence(3, 1)];
        await Deno.writeTextFile(join(folder, "ai", `${split}.txt`), formatConll(sentences));
      }
      const finetuned = await createStage({
        stage: "finetune",
        label: "ai",
        needs: {},
        config: {},
        engine: "onnx",
        code: {},
        async work(out) {
          for (const { name } of Deno.readDirSync(dir)) await Deno.copyFile(join(dir, name), join(out, name));
        },
      });
      const config = parseConfig(MINIATURE, { source: "miniature.yaml", overrides: ["systems=[laner]"] });
      const request = { engine: "onnx", run: runConfigs(config)[0]!, name: "laner" } as const;
      const stage = await labelStage(request, null, finetuned, await loadDataSet(folder, "ai"));
      const engine = await createEngine("onnx");
      const { signal } = new AbortController();
      const store = join(folder, "stages");
      const context = { store, engine, report: () => {}, signal, retrySeconds: 0 };
      findings = await readStored(await ensureStage(context, stage), "labels.json", LABEL_FINDINGS);
    }));
  return findings!;
}

Deno.test("labelStage() takes the sentence that is nearest to a good one among those that the encoder takes at once", async () => {
  const cases: [Sentence[], number | null][] = [
    // As ever: of 8 to 20 words, with the most entities.
    [[sentence(3, 3), sentence(8, 1), sentence(9, 2), sentence(10, 2)], 9],
    // None of 8 to 20 words.
    [[sentence(21, 1), sentence(2, 2), sentence(6, 1), sentence(6, 2), sentence(1, 1)], 6],
    [[sentence(1, 0)], 1],
    // Of 8 to 20 words, but of more pieces than the encoder takes: "newers" is a word of two.
    [[sentence(8, 8, "newers"), sentence(11, 2), sentence(4, 1)], 4],
    [[sentence(21, 1), sentence(40, 1)], null],
  ];
  for (const [test, nWords] of cases) {
    const { attention, after } = await findingsOn(test);
    assertEquals(attention?.words.length ?? null, nWords);
    assertEquals(attention?.weights.length ?? null, nWords);
    assertEquals(after.tags.length, 5);
  }
});

Deno.test("labelBlocks() says so where no sentence could be shown, and shows the embeddings all the same", async () => {
  const analysis = {
    ...await findingsOn([sentence(30, 1)]),
    target: "ai",
    system: "laner",
    adapt: false,
    seed: 1,
  };
  const blocks = blocksOf([{ blocks: await labelBlocks({ labelAnalyses: [analysis], sharedTypes: {} }) }]);
  assertEquals(blocks.map(({ kind }) => kind), ["details", "row", "figure", "table", "text"]);
  const text = blocks.flatMap((block) => block.kind === "text" ? [block.text] : [])[0]!;
  assertStringIncludes(text, "no test sentence fits the encoder");
});

Deno.test("byInstruction() has every sentence once, and none of none", () => {
  const sentences = [sentence(30, 1), sentence(8, 0), sentence(20, 0), sentence(7, 7), sentence(12, 3)];
  assertEquals(byInstruction(sentences).map(({ words }) => words.length), [12, 8, 20, 7, 30]);
  assertEquals(byInstruction([]), []);
});

/** Spoilt JSON files in a store: read as what they claim to be, or refused by an error that names file and key. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { scoreSpans } from "../../data/scores/scores.ts";
import { createEstimator } from "../../tasks/plan/estimate.ts";
import { createStage } from "../../tasks/stages/stage.ts";
import type { StageRecord } from "../../tasks/stages/stage_record.ts";
import { FINETUNE_SCORES } from "../../tasks/stages/finetune_scores.ts";
import { LABEL_FINDINGS } from "../../tasks/stages/label_findings.ts";
import { MLM_COURSE } from "../../tasks/stages/mlm_course.ts";
import { readStoredFile } from "../../tasks/stages/stored_json.ts";
import { storedRecords } from "../../tasks/stages/stored_records.ts";
import { editTokens, editValues, flipBits, pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

/** A store's own files: `stage.json`, `scores.json`, `mlm.json`, `labels.json`. */
export const STORED_FILES: Torture = {
  name: "stored-files",
  what: "spoilt files of stored stages",
  tries: { test: 600, torture: 10_000 },
  async begin(folder) {
    const stage = await createStage({
      stage: "finetune",
      label: "ai",
      needs: {},
      inputs: { start: "0", target: "1" },
      config: { system: "laner" },
      engine: "onnx",
      code: {},
      work: () => Promise.resolve(),
    });
    await Deno.mkdir(join(folder, "stage"));
    const estimate = async () => createEstimator(await storedRecords(folder))(stage);
    const record: StageRecord = {
      ...stage.spec,
      key: stage.key,
      versions: {},
      startedAt: "2026-01-01T00:00:00Z",
      wallSeconds: 12,
      files: { "scores.json": { bytes: 2, sha256: "0".repeat(64) } },
    };
    const files: File[] = [
      { path: "stage/stage.json", text: JSON.stringify(record), read: estimate },
      ...Object.entries(FORMS).map(([path, { valid, form }]) => ({
        path,
        text: JSON.stringify(valid),
        read: () => readStoredFile<unknown>(join(folder, path), form),
      })),
    ];
    const write = ({ path }: File, text: string | Uint8Array) =>
      Deno.writeFile(join(folder, path), typeof text === "string" ? new TextEncoder().encode(text) : text);
    for (const file of files) {
      await write(file, file.text);
      await file.read();
    }
    return async (random) => {
      const file = pick(random, files);
      const way = random.integer(8);
      const text = way === 0
        ? flipBits(new TextEncoder().encode(file.text), random)
        : way === 1
        ? editTokens(file.text, ["{", "]", "1e999", '"__proto__"'], random)
        : editValues(file.text, random);
      await write(file, text);
      try {
        const read = await file.read();
        assert(typeof read === "object" || Number.isFinite(read), "the estimate must be a number");
        return "read";
      } catch (error) {
        const { constructor, message } = error as Error;
        assertEquals(constructor, Error, `${(error as Error).stack}`);
        assert(
          /^Cannot (read|use|decode) /.test(message) && message.includes(join(folder, file.path)),
          message,
        );
        return "refused";
      } finally {
        await write(file, file.text);
      }
    };
  },
};

interface File {
  path: string;
  text: string;
  read(): Promise<unknown>;
}

const scores = scoreSpans([["B-person", "O"]], [["B-person", "B-place"]]);
const map = { tags: ["O"], points: [[0, 1]], explained: [0.5, 0.25], nearest: [[{ tag: "O", cosine: 1 }]] };
const FORMS = {
  "scores.json": {
    form: FINETUNE_SCORES,
    valid: {
      dev: scores,
      test: scores,
      predictSeconds: 0.5,
      nParameters: { encoder: 10, head: 2 },
      training: { epochs: [{ epoch: 1, loss: 0.5, devF1: 0.25 }], bestEpoch: 1, stoppedBy: "epochs" },
    },
  },
  "mlm.json": {
    form: MLM_COURSE,
    valid: { blocks: 3, heldOut: 1, losses: [2.5], perplexity: { before: 9.5, after: null } },
  },
  "labels.json": {
    form: LABEL_FINDINGS,
    valid: { before: null, after: map, attention: { words: ["a"], tags: ["O"], weights: [[1]] } },
  },
};

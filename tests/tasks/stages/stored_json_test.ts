import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { listOf, mapOf, maybe, objectOf, pairOf, whole } from "../../../data/schema/file_shapes.ts";
import { orNull } from "../../../data/schema/mappings.ts";
import { anyText, finite } from "../../../data/schema/shapes.ts";
import { createEstimator } from "../../../tasks/plan/estimate.ts";
import { createStage } from "../../../tasks/stages/stage.ts";
import { readStoredFile } from "../../../tasks/stages/stored_json.ts";
import { storedRecords } from "../../../tasks/stages/stored_records.ts";
import { withFolder } from "../../temporary_folder.ts";

const FORM = objectOf({
  name: anyText(),
  n: whole(0),
  loss: orNull(finite()),
  extra: maybe(finite()),
  pairs: listOf(pairOf(finite())),
  byType: mapOf(objectOf({ constructor: finite() })),
});
const VALID = {
  name: "",
  n: 0,
  loss: null,
  pairs: [[1, 2] as [number, number]],
  byType: { a: { constructor: 1 } },
};

Deno.test("readStoredFile() reads what has the form, and names file and key of what has not", () =>
  withFolder(async (folder) => {
    const path = join(folder, "scores.json");
    const read = async (text: string) => {
      await Deno.writeTextFile(path, text);
      return await readStoredFile(path, FORM);
    };
    assertEquals(await read(JSON.stringify({ ...VALID, unknown: 1 })), { ...VALID, unknown: 1 });
    const cases: [object, string][] = [
      [{ name: 1 }, `Cannot use "name" at ${path}: expected text, current value is 1`],
      [{ name: undefined }, `Cannot use "name" at ${path}: expected text`],
      [{ n: -1 }, "a whole number from 0, current value is -1"],
      [{ n: 1.5 }, "a whole number from 0"],
      [{ loss: "0" }, `Cannot use "loss" at ${path}: expected a finite number`],
      [{ extra: null }, '"extra"'],
      [{ pairs: {} }, `Cannot use "pairs" at ${path}: expected a list`],
      [{ pairs: [[1, 2], [1]] }, `Cannot use "pairs[1]" at ${path}: expected a list of 2`],
      [{ pairs: [[1, null]] }, '"pairs[0][1]"'],
      [{ byType: [] }, `Cannot use "byType" at ${path}: expected an object`],
      // That every object has a constructor does not count.
      [{ byType: { a: {} } }, `Cannot use "byType.a.constructor" at ${path}`],
    ];
    for (const [change, message] of cases) {
      await assertRejects(() => read(JSON.stringify({ ...VALID, ...change })), Error, message);
    }
    await assertRejects(() => read(JSON.stringify(VALID).replace('"n":0', '"n":1e999')), Error, '"n"');
    for (const text of ["", "{", "[".repeat(1e5)]) {
      await assertRejects(() => read(text), Error, `Cannot read "${path}"`);
    }
    await assertRejects(
      () => read("[".repeat(1e5) + "]".repeat(1e5)),
      Error,
      `Cannot use "the document" at ${path}`,
    );
    await assertRejects(() => readStoredFile(join(folder, "none"), FORM), Error, "no such file");
  }));

Deno.test("createEstimator() comes to an end when stored stages claim to be made from each other", () =>
  withFolder(async (store) => {
    const stage = await createStage({
      stage: "finetune",
      label: "ai",
      needs: {},
      inputs: { sourceModel: "a" },
      config: {},
      engine: "onnx",
      code: {},
      work: () => Promise.resolve(),
    });
    for (const [key, sourceModel] of [["a", "b"], ["b", "a"]]) {
      const record = {
        ...stage.spec,
        key,
        inputs: { sourceModel },
        versions: {},
        startedAt: "",
        wallSeconds: 5,
        files: {},
      };
      await Deno.mkdir(join(store, key!));
      await Deno.writeTextFile(join(store, key!, "stage.json"), JSON.stringify(record));
    }
    assertEquals(createEstimator(await storedRecords(store))(stage), 5);
  }));

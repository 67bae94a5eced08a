/** Data sets in other formats: how their files are found, and what is said of them. */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import type { ReadOptions } from "../../../data/formats/read_settings.ts";
import { DataSetError } from "../../../tasks/data_sets/data_set_problems.ts";
import { dataFindings } from "../../../tasks/data_sets/data_findings.ts";
import { listDataSets, loadDataSet } from "../../../tasks/data_sets/data_sets.ts";
import { withShots } from "../../../tasks/data_sets/experiment_data.ts";
import { withFolder } from "../../temporary_folder.ts";

async function withFiles<T>(files: Record<string, string>, work: (root: string) => Promise<T>): Promise<T> {
  let result: T;
  await withFolder(async (root) => {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    result = await work(root);
  });
  return result!;
}

/** Sentences with an entity each. */
const columns = (name: string, n: number) =>
  Array.from({ length: n }, (_, i) => `${name}${i}\tB-x\nsat\tO\n\n`).join("");
const doccano = (name: string, n: number, label: unknown = [[0, 2, "x"]]) =>
  Array.from(
    { length: n },
    (_, i) => JSON.stringify({ id: `${name}${i}`, text: `${name}${i} sat`, label }) + "\n",
  ).join("");

const load = (files: Record<string, string>, read: ReadOptions) =>
  withFiles(
    files,
    async (root) => ({ names: await listDataSets(root, read), set: await loadDataSet(root, "my", { read }) }),
  );
const messagesOf = async (files: Record<string, string>, read: ReadOptions) =>
  dataFindings(null, [(await load(files, read)).set]).map(({ message }) => message);

Deno.test("loadDataSet() finds files by the endings of their format, and by the names that are given", async () => {
  const { names, set } = await load(
    {
      "my/train.jsonl": doccano("a", 4),
      "my/dev.json": doccano("b", 2),
      "my/test.txt": doccano("c", 3),
      "other/train.csv": "",
    },
    { format: "doccano" },
  );
  assertEquals(names, ["my"]);
  assertEquals([set.splits.train.length, set.splits.dev.length, set.splits.test.length], [4, 2, 3]);
  assertEquals(set.splits.test[0], { words: ["c0", "sat"], tags: ["B-x", "O"] });
  const fileNames = { train: "eng.train", dev: "eng.testa", test: "eng.testb" };
  const named = await load(
    { "my/eng.train": columns("a", 4), "my/eng.testa": columns("b", 2), "my/eng.testb": columns("c", 3) },
    { fileNames },
  );
  assertEquals([named.names, named.set.devOrigin, named.set.splits.train.length], [["my"], "file", 4]);
});

Deno.test("loadDataSet() reads folders of brat, one for each part", async () => {
  const document = (path: string, word: string) => ({
    [`${path}.txt`]: `${word} sat.\n`,
    [`${path}.ann`]: `T1\tx 0 ${word.length}\t${word}\n`,
  });
  const files = {
    ...document("my/train/1", "Ona"),
    ...document("my/train/2", "Ulm"),
    ...document("my/dev/1", "Vale"),
    ...document("my/test/1", "Glim"),
  };
  const { set } = await load(files, { format: "brat" });
  assertEquals(set.splits.train.map(({ words }) => words[0]), ["Ona", "Ulm"]);
  const all = { ...document("my/1", "Ona"), ...document("my/2", "Ulm"), ...document("my/3", "Vale") };
  const one = await load(all, { format: "brat", split: "80/10/10" });
  assertEquals([one.names, Object.values(one.set.splits).map(({ length }) => length)], [["my"], [1, 1, 1]]);
});

Deno.test("loadDataSet() divides one file, by seed, and says so", async () => {
  const files = { "my/all.txt": columns("a", 20) };
  const { set, names } = await load(files, { split: "80/10/10" });
  assertEquals([names, set.splits.train.length, set.splits.dev.length, set.splits.test.length], [
    ["my"],
    16,
    2,
    2,
  ]);
  const again = await load({ "my/train.txt": columns("a", 20) }, { split: "80/10/10", splitSeed: 13 });
  assertEquals(again.set.fingerprint, set.fingerprint);
  const other = await load(files, { split: "80/10/10", splitSeed: 14 });
  assertEquals(other.set.fingerprint === set.fingerprint, false);
  assertEquals(
    (await messagesOf(files, { split: "80/10/10" }))[0],
    "train, dev and test are taken from one file: 16, 2 and 2 sentences",
  );
  const both = { ...files, "my/test.txt": columns("b", 2) };
  await assertRejects(() => load(both, { split: "80/10/10" }), Error, "must have one file, all or train");
});

Deno.test("loadDataSet() takes the names of tags from label.json, or from a file that is named", async () => {
  const record = JSON.stringify({ tokens: ["Ona", "sat"], ner_tags: [1, 0] }) + "\n";
  const files = {
    "my/train.jsonl": record.repeat(3),
    "my/dev.jsonl": record.repeat(2),
    "my/test.jsonl": record,
  };
  for (const labels of ['{"O": 0, "B-x": 1}', '["O", "B-x"]', '{"0": "O", "1": "B-x"}']) {
    const { set } = await load({ ...files, "my/label.json": labels }, { format: "hf" });
    assertEquals(set.splits.test, [{ words: ["Ona", "sat"], tags: ["B-x", "O"] }]);
  }
  await assertRejects(
    () => load({ ...files, "my/label.json": '{"O": 5}' }, { format: "hf" }),
    Error,
    "numbers from 0",
  );
  await withFiles({ ...files, "names.json": '["O", "B-y"]' }, async (root) => {
    const read: ReadOptions = { format: "hf", tagNames: [join(root, "names.json")] };
    assertEquals((await loadDataSet(root, "my", { read })).splits.test[0]!.tags, ["B-y", "O"]);
  });
});

Deno.test("dataFindings() says what was converted, mended, renamed, widened and left out", async () => {
  const rest = { "my/dev.txt": "Ulm\tI-x\n\nVale\tI-x\n", "my/test.txt": "Glim\tI-x\n\nOna\tI-x\n" };
  const converted = await messagesOf({ "my/train.txt": "Ona\tI-x\nUlm\tB-x\n", ...rest }, {
    scheme: "IOB1",
    labels: { x: "z", y: "q" },
  });
  assertEquals(converted.slice(0, 3), [
    "tags converted from IOB1 to IOB2: 5",
    "entities whose type has another name or is left out (labels): x (6)",
    "entity types that labels names and no entity has: y",
  ]);
  const mended = await messagesOf({ "my/train.txt": "Ona\tI-x\n\nUlm\tO\n", ...rest }, { mendTags: true });
  assertEquals(mended[0], "tags mended that the scheme does not allow: 5");
  const parts = { "my/dev.jsonl": doccano("b", 2), "my/test.jsonl": doccano("c", 2) };
  const off = { "my/train.jsonl": doccano("a", 2) + doccano("d", 2, [[0, 1, "x"]]), ...parts };
  const widened = (await messagesOf(off, { format: "doccano", onSpan: "widen" }))[0]!;
  assertEquals(widened.startsWith('spans widened to whole words: 2: "d" at '), true);
  assertStringIncludes(widened, "train.jsonl:3 (d0)");
  assertStringIncludes(
    (await messagesOf(off, { format: "doccano", onSpan: "leave-out" }))[0]!,
    "spans left out: 2",
  );
  const skipped = (await messagesOf(off, { format: "doccano", onError: "skip-sentence" }))[0]!;
  assertStringIncludes(skipped, "sentences left out because of errors: 2, the first: Cannot use span");
});

Deno.test("loadDataSet() lists the first 20 errors of every file, of any kind, and counts the others", async () => {
  const bad = "a\tB-x\n\n" + "one\n\n".repeat(15) + "b\tI-x\n\n".repeat(15);
  const files = { "my/train.txt": bad, "my/test.txt": "a\tO\nb\n" };
  const error = await assertRejects(() => load(files, {}), DataSetError);
  assertEquals(error.problems.length, 22);
  assertStringIncludes(error.problems[20]!, "Besides, tags of");
  assertStringIncludes(error.problems[20]!, "not of IOB2: 10");
  const { set } = await load(files, { onError: "skip-sentence" }).catch((error) => ({ set: error as Error }));
  // What is left is too little for a dev set, and that is an error of its own.
  assertStringIncludes(String(set), 'Cannot read "');
});

Deno.test("withShots() keeps training sentences with so many entities of each type", () =>
  withFiles({
    "my/train.txt": columns("a", 9) + "Ulm\tB-y\n\nO\tO\n",
    "my/dev.txt": columns("b", 2),
    "my/test.txt": columns("c", 2),
  }, async (root) => {
    const whole = await loadDataSet(root, "my");
    const some = await withShots(whole, 3, 1);
    assertEquals([some.splits.train.length, some.splits.test.length], [4, 2]);
    assertEquals(some.fingerprint === whole.fingerprint, false);
    assertEquals((await withShots(whole, 3, 1)).fingerprint, some.fingerprint);
  }));

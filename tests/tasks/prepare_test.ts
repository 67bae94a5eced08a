import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { loadDataSet } from "../../tasks/data_sets/data_sets.ts";
import { PREPARE, prepare } from "../../tasks/prepare.ts";
import { systemError, watchFiles } from "../file_operations.ts";
import { withFolder } from "../temporary_folder.ts";
import { runForTest } from "./run_command.ts";

const run = (...args: string[]) => runForTest(PREPARE, prepare, args);

const namesIn = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();

/** A data set without dev, with CRLF line ends and further columns. */
async function writeMovie(root: string): Promise<void> {
  await Deno.mkdir(join(root, "movie"), { recursive: true });
  const text = (name: string, n: number) =>
    Array.from({ length: n }, (_, i) => `${name}${i} NN B-actor\r\nacts VB O\r\n\r\n`).join("");
  await Deno.writeTextFile(join(root, "movie/train.txt"), text("t", 20));
  await Deno.writeTextFile(join(root, "movie/test.txt"), text("e", 5));
}

Deno.test("prepare prints statistics and writes clean files with dev held out", () =>
  withFolder(async (folder) => {
    await writeMovie(join(folder, "raw"));
    const out = join(folder, "clean");
    const { code, printed, errors } = await run("--data", join(folder, "raw"), "--out", out);
    assertEquals([code, errors], [0, ""]);
    assertStringIncludes(printed, "movie: dev is held out of train (no dev.txt)");
    assertEquals(await namesIn(out), ["movie"]);
    assertEquals(await namesIn(join(out, "movie")), ["dev.txt", "test.txt", "train.txt"]);
    assertStringIncludes(await Deno.readTextFile(join(out, "movie/test.txt")), "e0\tB-actor\nacts\tO\n\n");
    const raw = await loadDataSet(join(folder, "raw"), "movie");
    const clean = await loadDataSet(out, "movie");
    assertEquals([clean.splits, clean.devOrigin], [raw.splits, "file"]);
  }));

Deno.test("prepare --sample writes corpora that read back as they were made", () =>
  withFolder(async (folder) => {
    const config = join(folder, "tiny.yaml");
    const sizes = "{ train: 20, dev: 5, test: 5, text: 7 }";
    await Deno.writeTextFile(
      config,
      `name: tiny\nencoder: {}\ndata: { source: news, targets: [research], sample: { source: ${sizes}, target: ${sizes} } }`,
    );
    const out = join(folder, "out");
    const { code, printed } = await run(
      "--config",
      config,
      "--set",
      "data.sample.seed=2",
      "--out",
      out,
      "--json",
    );
    assertEquals(code, 0);
    assertEquals(JSON.parse(printed).map(({ name }: { name: string }) => name), ["news", "research"]);
    assertEquals((await loadDataSet(out, "research")).splits.train.length, 20);
    assertEquals((await Deno.readTextFile(join(out, "news/text.txt"))).trimEnd().split("\n").length, 7);
  }));

Deno.test("prepare takes the data sets of an experiment", () =>
  withFolder(async (folder) => {
    await writeMovie(folder);
    const config = join(folder, "e.yaml");
    await Deno.writeTextFile(
      config,
      "name: e\nencoder: x\ndata: { source: news, targets: [movie], devFraction: 0.5 }",
    );
    const { code, errors } = await run("--config", config, "--data", folder);
    assertEquals(code, 1);
    assertStringIncludes(errors, 'Cannot read data set "news"');
    await Deno.rename(join(folder, "movie"), join(folder, "news"));
    await writeMovie(folder);
    const { printed } = await run("--config", config, "--data", folder, "--json");
    const [, movie] = JSON.parse(printed);
    assertEquals([movie.splits.train.nSentences, movie.splits.dev.nSentences], [10, 10]);
  }));

Deno.test("prepare checks every data set, lists all that is wrong with some and counts the others", () =>
  withFolder(async (folder) => {
    await writeMovie(folder);
    const write = async (path: string, text: string) => {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    };
    await write("iob1/train.txt", "Ann\tI-person\nsings\tO\n\nBo\tI-person\n");
    await write("iob1/test.txt", "Kim\tI-person\n");
    await write("short/train.txt", "Ann\tB-person\nsings\n");
    const { code, printed, errors } = await run("--data", folder, "--out", join(folder, "out"));
    assertEquals(code, 1);
    assertStringIncludes(printed, "movie     train         18");
    assertStringIncludes(printed, "movie: dev is held out of train (no dev.txt): 2 of 20 sentences, seed 13");
    assertStringIncludes(errors, "Cannot use 2 of 3 data sets");
    for (
      const part of [
        ...['iob1/train.txt:1: IOB2 has "B-person"', "iob1/train.txt:4", "iob1/test.txt:1"],
        ...["short/train.txt:2: a line must have 2", "short/test.txt", "must exist"],
      ]
    ) assertStringIncludes(errors, part);
    assertEquals((await namesIn(folder)).includes("out"), false);
    const json = await run("--data", folder, "--json");
    const [{ name, findings }] = JSON.parse(json.printed);
    assertEquals([json.code, name], [1, "movie"]);
    assertEquals(findings.map(({ kind }: { kind: string }) => kind), ["held-out-dev"]);
  }));

Deno.test("prepare says what is odd about data sets, the source of the others among them", () =>
  withFolder(async (folder) => {
    const texts = { train: "a\tB-x\n\nb\tB-x\n", dev: "c\tB-x\n", test: "a\tB-x\n\nd\tB-x\n" };
    for (const [name, type] of [["conll2003", "PER"], ["my", "person"]]) {
      await Deno.mkdir(join(folder, name!));
      for (const [split, text] of Object.entries(texts)) {
        await Deno.writeTextFile(join(folder, name!, `${split}.txt`), text.replaceAll("x", type!));
      }
    }
    const { code, printed } = await run("--data", folder);
    assertEquals(code, 0);
    assertEquals(printed.split("\n").slice(7), [
      "About the data:",
      "  conll2003: test sentences that are in train, too: 1 of 2 (50.0 %)",
      "  my: test sentences that are in train, too: 1 of 2 (50.0 %)",
      "  my: no entity type is the source's, so that all tags are learned anew: conll2003 has PER; my has person",
      "  my: test sentences that are in train of conll2003, too: 1 of 2 (50.0 %)",
    ]);
    const config = join(folder, "e.yaml");
    await Deno.writeTextFile(config, "name: e\nencoder: x\ndata: { source: my, targets: [conll2003] }");
    const turned = await run("--data", folder, "--config", config);
    assertStringIncludes(turned.printed, "conll2003: no entity type is the source's");
  }));

Deno.test("prepare writes nothing when a file is wrong or the output is there already", () =>
  withFolder(async (folder) => {
    await writeMovie(folder);
    const out = join(folder, "out");
    await Deno.mkdir(join(out, "movie"), { recursive: true });
    const there = await run("--data", folder, "--out", out);
    assertEquals([there.code, there.printed], [1, ""]);
    assertStringIncludes(there.errors, `Cannot write "${join(out, "movie")}": must not be there yet`);
    assertEquals(await namesIn(join(out, "movie")), []);

    await Deno.writeTextFile(join(folder, "movie/test.txt"), "a NN B-actor\nb NN\n");
    const wrong = await run("--data", folder, "--out", join(folder, "other"));
    assertEquals([wrong.code, wrong.printed], [1, ""]);
    assertStringIncludes(wrong.errors, "movie/test.txt:2");
    assertEquals((await namesIn(folder)).includes("other"), false);
  }));

Deno.test("prepare cleans up when it cannot write", () =>
  withFolder(async (folder) => {
    await writeMovie(join(folder, "raw"));
    await Deno.writeTextFile(join(folder, "file"), "");
    const { code, errors } = await run("--data", join(folder, "raw"), "--out", join(folder, "file"));
    assertEquals(code, 1);
    assertStringIncludes(errors, "Cannot write");
    const out = join(folder, "out");
    for (const failing of ["mkdir", "open", "write half", "sync", "rename"]) {
      using _ = watchFiles(({ name }) => {
        if (name === failing) throw systemError("ENOSPC");
      });
      const full = await run("--data", join(folder, "raw"), "--out", out);
      assertStringIncludes(full.errors, "there must be space left on the disk, there is none", failing);
    }
    assertEquals(await namesIn(out), []);
  }));

Deno.test("prepare ends with 2 when flags do not go together", async () => {
  for (
    const [args, part] of [
      [["--set", "a=1"], "--config"],
      [["--sample", "--data", "x"], "--data"],
      [["x"], "flags only"],
    ] as const
  ) {
    const { code, errors } = await run(...args);
    assertEquals(code, 2);
    assertStringIncludes(errors, part);
  }
});

Deno.test("prepare names a folder that is not there or holds no data sets", () =>
  withFolder(async (folder) => {
    const nowhere = await run("--data", join(folder, "nowhere"));
    assertStringIncludes(nowhere.errors, "nowhere");
    const empty = await run("--data", folder);
    assertStringIncludes(empty.errors, "there are none");
    assertEquals([nowhere.code, empty.code], [1, 1]);
  }));

Deno.test("prepare reads a source and a target that are written in different ways, and writes both alike", () =>
  withFolder(async (folder) => {
    const write = async (path: string, text: string) => {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    };
    for (const [split, word] of [["train", "Ona"], ["dev", "Ulm"], ["test", "Vale"]]) {
      await write(
        `conll2003/${split}.txt`,
        `${word} NNP I-NP I-PER\nsat VB O O\n\nGlim${word} NNP I-NP I-PER\n`,
      );
      await write(`my/${split}.txt`, `1,${word},person-B\n2,x,person-I\n\n1,${word}${word},O\n`);
    }
    const flags = [
      "--word-column",
      "1",
      "--separator",
      "comma",
      "--tag-order",
      "PER-B",
      "--labels",
      "person=PER",
    ];
    const out = join(folder, "out");
    const { code, printed, errors } = await run(
      "--data",
      folder,
      "--source-format",
      "conll2003",
      ...flags,
      "--out",
      out,
    );
    assertEquals([code, errors], [0, ""]);
    assertStringIncludes(printed, "conll2003: tags converted from IOB1 to IOB2: 6");
    assertStringIncludes(
      printed,
      "my: entities whose type has another name or is left out (labels): person (3)",
    );
    assertEquals(printed.includes("no entity type is the source's"), false);
    assertEquals(await Deno.readTextFile(join(out, "my/train.txt")), "Ona\tB-PER\nx\tI-PER\n\nOnaOna\tO\n");
    assertEquals(
      await Deno.readTextFile(join(out, "conll2003/train.txt")),
      "Ona\tB-PER\nsat\tO\n\nGlimOna\tB-PER\n",
    );
    const wrong = await run("--data", folder, "--mend-tags", "--tag-column", "7");
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.errors, "a line must have tag column 7");
  }));

Deno.test("prepare reads the sets of an experiment as its YAML says, each in its own way", () =>
  withFolder(async (folder) => {
    for (const [name, text] of [["news", "a\tI-x\n"], ["my", "x-B a\n"]]) {
      await Deno.mkdir(join(folder, name!));
      for (const [split, word] of [["train", "b"], ["dev", "c"], ["test", "d"]]) {
        await Deno.writeTextFile(join(folder, name!, `${split}.txt`), text!.replace("a", word!));
      }
    }
    const config = join(folder, "e.yaml");
    const yaml = (perSet: string) =>
      `name: e\nencoder: x\ndata: { source: news, targets: [my], read: { mendTags: true }, perSet: ${perSet} }`;
    await Deno.writeTextFile(config, yaml("{ my: { wordColumn: 1, tagColumn: 0, tagOrder: PER-B } }"));
    const { code, printed, errors } = await run("--data", folder, "--config", config);
    assertEquals([code, errors], [0, ""]);
    assertStringIncludes(printed, "news: tags mended that the scheme does not allow: 3");
    await Deno.writeTextFile(config, yaml("{ myy: { wordColumn: 1 } }"));
    const { errors: unknown } = await run("--data", folder, "--config", config);
    assertStringIncludes(unknown, "data.perSet.myy");
    assertStringIncludes(unknown, 'did you mean "my"?');
    await Deno.writeTextFile(config, yaml("{ my: { wordColum: 1 } }"));
    assertStringIncludes(
      (await run("--data", folder, "--config", config)).errors,
      'did you mean "data.perSet.my.wordColumn"?',
    );
  }));

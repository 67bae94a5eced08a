/** Every command of README and docs/, of the experiments' headers and of `--help` works as it is written. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { BENCH, bench } from "../tasks/bench.ts";
import { BENCH_GPU } from "../tasks/bench_gpu.ts";
import { BENCH_GROWTH } from "../tasks/bench_growth.ts";
import { CONVERT, convert } from "../tasks/convert.ts";
import { DAPT, dapt } from "../tasks/dapt.ts";
import { DOWNLOAD } from "../tasks/download_data.ts";
import { ENGINES, engines } from "../tasks/engines.ts";
import { EVALUATE, evaluate } from "../tasks/evaluate.ts";
import { FINETUNE, finetune } from "../tasks/finetune.ts";
import { PREDICT, predict } from "../tasks/predict.ts";
import { PREPARE, prepare } from "../tasks/prepare.ts";
import { PRETRAIN, pretrain } from "../tasks/pretrain.ts";
import { REPORT, report } from "../tasks/report.ts";
import { REPRODUCE, reproduce } from "../tasks/reproduce.ts";
import { parseCommand } from "../tasks/terminal/command.ts";
import type { CommandMain, CommandSpec, Flag } from "../tasks/terminal/command_spec.ts";
import { readDocuments } from "./docs/documents.ts";
import { COMMANDS, flagsOf } from "./permissions.ts";
import { ROOT } from "./source_text.ts";
import { writeInputs } from "./tasks/configurations.ts";
import { MINIATURE } from "./tasks/miniature.ts";
import { runForTest } from "./tasks/run_command.ts";
import { withFolder } from "./temporary_folder.ts";

// deno-lint-ignore no-explicit-any
const SPECS: Record<string, { spec: CommandSpec<any>; main?: CommandMain<any> }> = {
  reproduce: { spec: REPRODUCE, main: reproduce },
  report: { spec: REPORT, main: report },
  pretrain: { spec: PRETRAIN, main: pretrain },
  dapt: { spec: DAPT, main: dapt },
  finetune: { spec: FINETUNE, main: finetune },
  predict: { spec: PREDICT, main: predict },
  engines: { spec: ENGINES, main: engines },
  evaluate: { spec: EVALUATE, main: evaluate },
  prepare: { spec: PREPARE, main: prepare },
  convert: { spec: CONVERT, main: convert },
  bench: { spec: BENCH, main: bench },
  // Run, at small sizes, by their own tests.
  "bench:growth": { spec: BENCH_GROWTH },
  "bench:gpu": { spec: BENCH_GPU },
  download: { spec: DOWNLOAD },
};

/** Commands that are read, their flags too, but not run, and why. */
const NOT_RUN: readonly [RegExp, string][] = [
  [/^download /, "asks a server; tests/tasks/download_data_test.ts asks one of this machine"],
  [/^bench(?!.*--script)/, "as the one with --script, of whose flags it has some"],
  [
    /^bench .*--script FILE/,
    "says how figures were taken; it is the one that is run, with names for its files",
  ],
];

/** Tasks without flags to read, and why they are not run. */
const OTHERS: Record<string, string> = {
  test: "is what runs this",
  "test:oracle": "is run by tests/permissions_test.ts",
  "test:tensorflow": "builds an engine from npm and PyPI",
  "test:node": "installs packages with npm",
  "test:std": "asks JSR",
  docs: "is run by tests/permissions_test.ts, and what it writes compared by tests/docs/documents_test.ts",
  ok: "runs the tests",
  torture: "takes an hour; tests/torture/torture_test.ts makes some of its tries",
  soak: "takes half an hour; tests/torture/soak_test.ts runs some rounds",
};

/** The commands of a text: lines of shell blocks, and what stands in backquotes or comments. */
function commandsIn(text: string): string[] {
  const joined = text.replace(/ *\\\n[ *]*/g, " ");
  const blocks = [...joined.matchAll(/^```sh\n([^]*?)^```/gm)].flatMap(([, block]) => block!.split("\n"));
  const inline = [
    ...joined.replace(/^```[^]*?^```/gm, "").matchAll(/`([^`\n]*\bdeno (?:task|run) [^`\n]*)`/g),
  ].map((
    [, command],
  ) => command);
  const comments = [...joined.matchAll(/^(?:#| \*) +((?:deno task|deno run) .*)$/gm)].map(([, command]) =>
    command
  );
  return [...blocks, ...inline, ...comments].map((line) => line!.replace(/ +# .*/, "").trim())
    .filter((line) => line.includes("deno "));
}

/** Everything that tells people to run something, and the commands in it. */
async function writtenCommands(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const add = (command: string, place: string) => found.has(command) || found.set(command, place);
  const experiments = [...Deno.readDirSync(join(ROOT, "experiments"))].map(({ name }) =>
    `experiments/${name}`
  );
  for (const { path, text } of await readDocuments()) {
    for (const command of commandsIn(text)) add(command, path);
  }
  for (const path of experiments.filter((path) => /\.(yaml|ts)$/.test(path)).sort()) {
    for (const command of commandsIn(await Deno.readTextFile(join(ROOT, path)))) add(command, path);
  }
  for (const [name, { spec }] of Object.entries(SPECS)) {
    for (const command of spec.examples ?? []) add(command, `${name} --help`);
  }
  return found;
}

/** The words of a command line, quotes taken off. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, plain]) =>
    single ?? double ?? plain!
  );
}

/** Files and folders under the names that the commands use; a trained model is added later. */
async function writeSurroundings(folder: string): Promise<void> {
  await writeInputs(folder);
  const names = [
    "conll2003",
    "politics",
    "science",
    "music",
    "literature",
    "ai",
    "movie",
    "restaurant",
    "recipes",
  ];
  await Deno.mkdir(join(folder, "corpora"));
  for (const name of names) {
    const from = name === "conll2003" ? "news" : "research";
    await Deno.mkdir(join(folder, "ner_data", name), { recursive: true });
    for (const split of ["train", "dev", "test"]) {
      const path = join(folder, "data-IOB2", from, `${split}.txt`);
      const text = (await Deno.readTextFile(path)).trimEnd() + "\n\n";
      // A hundred and more to train on, of which Figure 4 takes parts.
      const times = split === "train" ? 9 : 1;
      await Deno.writeTextFile(join(folder, "ner_data", name, `${split}.txt`), text.repeat(times));
    }
    await Deno.copyFile(join(folder, "text.txt"), join(folder, "corpora", `${name}.txt`));
  }
  await Deno.copyFile(join(folder, "text.txt"), join(folder, "ai.txt"));
  for (const name of ["notes.txt", "mail.txt"]) {
    await Deno.writeTextFile(join(folder, name), "LeNet was built at Bell Labs.\n");
  }
  const test = await Deno.readTextFile(join(folder, "data-IOB2", "research", "test.txt"));
  for (const name of ["A", "B", "test.conll", "predicted.conll"]) {
    await Deno.writeTextFile(join(folder, name), test);
  }
  await Deno.writeTextFile(join(folder, "both_columns.txt"), test.replace(/\t(\S+)$/gm, "\t$1\t$1"));
  await Deno.writeTextFile(join(folder, "both_columns.csv"), test.replace(/\t(\S+)$/gm, ";$1;$1"));
  await writeExports(folder);
  await Deno.writeTextFile(join(folder, "my.yaml"), MINIATURE);
  await Deno.mkdir(join(folder, "experiments"));
  for (const { name } of Deno.readDirSync(join(ROOT, "experiments"))) {
    if (!name.endsWith(".yaml")) continue;
    await Deno.copyFile(join(ROOT, "experiments", name), join(folder, "experiments", name));
  }
  const line = (system: string) =>
    `echo '{"system": "${system}", "epoch_s_median": 1, "predict_words_per_s": 9}'\n`;
  await Deno.writeTextFile(join(folder, "torch_laner.py"), line("tagger") + line("laner"));
}

/** The same sentences as tools export them, and as corpora are published. */
async function writeExports(folder: string): Promise<void> {
  const doccano = (n: number) =>
    Array.from({ length: n }, (_, i) => {
      const words = [`Word${i}`, "Holt-Ulm", "left", "Glim", "."];
      const label = [[0, words[0]!.length, "PER"], [words[0]!.length + 1, words[0]!.length + 5, "PER"]];
      return JSON.stringify({ id: i, text: words.join(" "), label }) + "\n";
    }).join("");
  const iob1 = (n: number) =>
    Array.from({ length: n }, (_, i) => `Name${i} NNP I-NP I-PER\nleft VB O O\n\n`).join("");
  const germeval = (n: number) =>
    Array.from({ length: n }, (_, i) => `#\tx\n1\tName${i}\tB-PER\tO\n2\tging\tO\tO\n\n`).join("");
  const files: Record<string, string> = {
    "export.jsonl": doccano(5),
    "eng.train": iob1(3),
    "annotated/a.txt": "Holt left.\n",
    "annotated/a.ann": "T1\tPER 0 4\tHolt\n",
    "one_file/recipes/all.jsonl": doccano(30),
    "test.tsv":
      "TOKEN\tNE-COARSE-LIT\tMISC\n# hipe2022:document_id = a\nHolt\t_\tEndOfSentence\nleft\t_\t_\n",
  };
  for (const [split, n] of [["train", 24], ["dev", 4], ["test", 4]] as const) {
    files[`exports/recipes/${split}.jsonl`] = doccano(n);
    files[`exports/conll2003/${split}.txt`] = iob1(n);
    files[`germeval/de/${split}.tsv`] = germeval(n);
  }
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  }
}

/** What DIR stands for after a flag. */
const DIRS: Record<string, string> = {
  "--data": "ner_data",
  "--encoder": "encoder",
  "--corpora": "corpora",
  "--model": "model",
};

/** Arguments that make a command small: its DIRs given, one epoch, one round; a plan alone of many runs. */
function small(name: string, args: readonly string[]): string[] {
  const given = args.map((arg, i) => {
    if (arg === "DIR") return DIRS[args[i - 1]!]!;
    if (arg === "my_data") return "ner_data";
    if (arg === "FILE") return "notes.txt";
    // The files here are of this scheme, and with --strict no other may be named.
    if (args[i - 1]! === "--scheme") return "IOB2";
    return args[i - 1]! === "--epochs" ? "2" : args[i - 1]! === "--rounds" ? "1" : arg;
  });
  const sets = (...texts: string[]) => texts.flatMap((text) => ["--set", text]);
  const epochs = sets(
    "dapt.epochs=1",
    "pretrain.epochs=1",
    "train.epochs=1",
    "dapt.blockLength=16",
    "model.maxPieces=12",
  );
  if (name === "reproduce") return given.includes("--dry-run") ? given : [...given, "--dry-run"];
  if (["pretrain", "dapt", "finetune"].includes(name)) {
    // One that is only named runs the profile "sample", which takes minutes.
    return given.length === 0 ? ["--config", "my.yaml"] : [...given, ...epochs];
  }
  // Whoever has no Python with PyTorch has a shell.
  if (name === "bench") {
    const python = given.indexOf("--python");
    if (python >= 0) given.splice(python, 2);
    return [...given, "--target", "ai", "--python", "sh"];
  }
  return given;
}

Deno.test("commandsIn() finds what people are told to run", () => {
  const text =
    "Run `deno task a --b`:\n\n```sh\ndeno task c \\\n  --d   # e\n```\n\n```ts\n// deno task no\n```\n# deno task f\n";
  assertEquals(commandsIn(text), ["deno task c --d", "deno task a --b", "deno task f"]);
});

Deno.test("every command of README and docs/, of the experiments and of --help works", () =>
  withFolder(async (folder) => {
    const before = Deno.cwd();
    const found = await writtenCommands();
    const used = new Set<unknown>();
    await writeSurroundings(folder);
    try {
      Deno.chdir(folder);
      // A model of what finetune's own example says, so that predict has one.
      const example = FINETUNE.examples![0]!;
      const made = await runForTest(FINETUNE, finetune, small("finetune", wordsOf(example).slice(3)));
      assertEquals([made.code, made.errors], [0, ""]);
      await Deno.rename(made.printed.match(/^Model: (\S+)/m)![1]!, join(folder, "model"));
      for (const [line, place] of found) {
        const tests = /^deno test -A (tests\/\S+)$/.exec(line);
        if (tests) {
          assert((await Deno.stat(join(ROOT, tests[1]!))).isDirectory);
          continue;
        }
        const [, name = "", rest = ""] = line.match(/\bdeno (?:task|run) (\S+)(.*)$/)!;
        const where = `${place}: ${line}`;
        // "deno task …" and "deno run …" stand for any; a script's own command is run below.
        if (name === "…" || line.startsWith("deno run")) continue;
        if (Object.hasOwn(OTHERS, name)) {
          assert(Object.hasOwn(COMMANDS, name), where);
          continue;
        }
        assert(Object.hasOwn(SPECS, name), `${where}: there is no such task`);
        const { spec, main } = SPECS[name]!;
        const args = small(name, wordsOf(rest));
        // A task that is only named, as in a table.
        if (rest.trim() === "" && Object.values<Flag>(spec.flags).some(({ required }) => required)) continue;
        parseCommand(spec, args);
        const reason = NOT_RUN.find(([form]) => form.test(`${name}${rest}`));
        if (reason !== undefined || main === undefined) {
          used.add(reason);
          continue;
        }
        const operands = line.startsWith("echo ") ? ["notes.txt"] : [];
        // As where NER_DATA is set.
        if (name === "prepare" && args.length === 0) args.push("--data", "ner_data");
        const { code, errors, printed } = await runForTest(spec, main, [...args, ...operands]);
        assertEquals([code, name === "bench" ? "" : errors], [0, ""], where);
        assert(printed !== "", where);
      }
      assertEquals(NOT_RUN.filter((one) => !used.has(one)).map(String), [], "reasons that nothing needs");
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("the script of a sweep runs by the command of its header", () =>
  withFolder(async (folder) => {
    await writeSurroundings(folder);
    const line = commandsIn(await Deno.readTextFile(join(ROOT, "experiments", "dim_sweep.ts")))[0]!;
    const sets = [
      "dapt.epochs=1",
      "pretrain.epochs=1",
      "train.epochs=1",
      "dapt.blockLength=16",
      "model.maxPieces=12",
    ];
    const dirs = ["data=ner_data", "encoder=encoder", "corpora=corpora"].map((flag) =>
      `--${flag.replace("=", `=${folder}/`)}`
    );
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", ...flagsOf(line), join(ROOT, line.match(/\S+\.ts/)![0])],
        ...["--profile", "laptop", ...dirs, "--results", join(folder, "results"), "--jobs", "1"],
        ...["--targets", "ai", "--seeds", "1", "--widths", "2", ...sets.flatMap((set) => ["--set", set])],
      ],
      env: { NO_COLOR: "1" },
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, said);
    assert(said.includes("| 2 "), said);
  }));

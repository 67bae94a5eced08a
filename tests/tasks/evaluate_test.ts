import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { parseConll } from "../../data/text/conll.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { loadTagger } from "../../model/tagger.ts";
import { EVALUATE, evaluate } from "../../tasks/evaluate.ts";
import { tinyModel } from "../model/tiny.ts";
import { withModelFolder } from "../model/tiny_model_folder.ts";
import { runForTest } from "./run_command.ts";

const GOLD = "EU\tB-org\nrejects\tO\nGerman\tB-misc\ncall\tO\n\nAnn\tB-person\nLee\tI-person\n";
const PREDICTED = "EU\tB-org\nrejects\tO\nGerman\tO\ncall\tB-misc\n\nAnn\tI-person\nLee\tI-person\n";

/** Writes files into a folder, runs the command on them; "gold" in an argument stands for that file's path. */
async function run(files: Record<string, string | Uint8Array>, args: string[]) {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, content] of Object.entries(files)) {
      await Deno.writeFile(
        join(folder, name),
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    const paths = args.map((arg) => arg in files || arg === "nowhere" ? join(folder, arg) : arg);
    const { code, printed, errors } = await runForTest(EVALUATE, evaluate, paths);
    return { code, printed, errors: errors.replaceAll(folder + "/", "") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const BOTH = ["--gold", "gold", "--predicted", "predicted"];

Deno.test("evaluate prints conlleval's report", async () => {
  const { code, printed } = await run({ gold: GOLD, predicted: PREDICTED }, BOTH);
  assertEquals(code, 0);
  assertEquals(printed.split("\n").slice(0, 2), [
    "processed 6 tokens with 3 phrases; found: 3 phrases; correct: 2.",
    "accuracy:  50.00%; precision:  66.67%; recall:  66.67%; FB1:  66.67",
  ]);
});

Deno.test("evaluate reads both tags from the last two columns of one file, as conlleval does", async () => {
  const lines = GOLD.split("\n").map((line, i) =>
    line && `${line.replace("\t", " x ")} ${PREDICTED.split("\n")[i]!.split("\t")[1]}`
  );
  const one = await run({ both: lines.join("\n") }, ["both"]);
  const two = await run({ gold: GOLD, predicted: PREDICTED }, BOTH);
  assertEquals(one, two);
});

Deno.test("evaluate --strict counts only what the scheme allows and reports as seqeval does", async () => {
  const { printed } = await run({ gold: GOLD, predicted: PREDICTED }, [...BOTH, "--strict"]);
  const micro = printed.split("\n").find((line) => line.includes("micro avg"))!;
  assertEquals(micro.trim().split(/ +/), ["micro", "avg", "0.5000", "0.3333", "0.4000", "3"]);
});

Deno.test("evaluate --json prints every count", async () => {
  const { printed } = await run({ gold: GOLD, predicted: PREDICTED }, [...BOTH, "--json"]);
  const scores = JSON.parse(printed);
  assertEquals([scores.nGold, scores.nFound, scores.nCorrect, scores.nWords, scores.mode], [
    3,
    3,
    2,
    6,
    "conlleval",
  ]);
  assertEquals(scores.perType.person.f1, 1);
});

Deno.test("evaluate reads the scheme that it is told", async () => {
  const files = { gold: "a\tS-x\nb\tB-x\nc\tE-x\n", predicted: "a\tS-x\nb\tB-x\nc\tI-x\n" };
  const strict = await run(files, [...BOTH, "--scheme", "IOBES", "--strict", "--json"]);
  const { nGold, nFound, nCorrect } = JSON.parse(strict.printed);
  assertEquals([nGold, nFound, nCorrect], [2, 1, 1]);
  const refused = await run(files, [...BOTH, "--strict"]);
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.errors, "gold:1");
});

Deno.test("evaluate --strict refuses gold tags of another scheme, which would not be counted, and names their own", async () => {
  const iob1 = "EU\tI-org\nrejects\tO\nGerman\tI-misc\nLamb\tB-misc\n";
  const iobes = "EU\tS-org\nrejects\tO\nGerman\tB-misc\nLamb\tE-misc\n";
  const cases: [gold: string, args: string[], ...parts: string[]][] = [
    [
      iob1,
      [],
      "gold:1",
      'IOB2 has "B-org" at the start of a sentence',
      "written in IOB1: name it with --scheme",
    ],
    [GOLD, ["--scheme", "IOB1"], "gold:1", 'IOB1 has "I-org"', "written in IOB2"],
    [GOLD, ["--scheme", "IOBES"], "gold:1", 'IOBES has "S-org"', "written in IOB2"],
    [iobes, ["--scheme", "BILOU"], "gold:1", "BILOU (O B- I- L- U-)", "written in IOBES"],
    // Of no scheme: an I- after O beside B- that begins an entity of its own.
    [iob1.replace("EU\tI", "EU\tB"), [], "gold:3", 'IOB2 has "B-misc" after "O"', "mend them"],
    [GOLD.replace("Lee\tI-person", "Lee\tI-place"), [], "gold:7", 'IOB2 has "B-place" after "B-person"'],
  ];
  for (const [gold, args, ...parts] of cases) {
    for (
      const [files, how] of [
        [{ gold, predicted: gold }, BOTH],
        [{ gold: gold.replace(/\t(.*)/g, " $1 $1") }, ["gold"]],
      ] as const
    ) {
      const { code, printed, errors } = await run(files, [...how, "--strict", ...args]);
      assertEquals([code, printed], [1, ""], gold);
      for (const part of parts) assertStringIncludes(errors, part);
    }
  }
  // What is well-formed is scored, tags without a type too, and so are predictions of any form.
  const wellFormed = { IOB1: iob1, IOBES: iobes, IOB2: "a\tB\nb\tI\nc\tO\n" };
  for (const [scheme, gold] of Object.entries(wellFormed)) {
    const args = [...BOTH, "--strict", "--json", "--scheme", scheme];
    const { code, printed } = await run({ gold, predicted: gold.replaceAll("B-", "I-") }, args);
    assertEquals(code, 0);
    assertEquals(JSON.parse(printed).nGold, scheme === "IOB1" ? 3 : scheme === "IOBES" ? 2 : 1);
  }
});

Deno.test("evaluate says on standard error when F1 is 0 for want of a type in both, or of gold entities", async () => {
  const cases = [
    [
      GOLD,
      PREDICTED.toUpperCase(),
      "No entity type is in both: gold has org, misc, person, predicted has ORG",
    ],
    [GOLD.replace(/\t.*/g, "\tO"), PREDICTED, "The gold tags hold no entity"],
    [GOLD, PREDICTED.replace(/\t.*/g, "\tO"), ""],
  ];
  for (const [gold, predicted, message] of cases) {
    const words = predicted!.split("\n").map((line, i) =>
      line && `${gold!.split("\n")[i]!.split("\t")[0]!}\t${line.split("\t")[1]!}`
    );
    const { code, printed, errors } = await run({ gold: gold!, predicted: words.join("\n") }, [
      ...BOTH,
      "--json",
    ]);
    assertEquals([code, JSON.parse(printed).f1], [0, 0]);
    if (message === "") assertEquals(errors, "");
    else assertStringIncludes(errors, message!);
  }
});

Deno.test("evaluate --model scores as Tagger.evaluate() does, and compares int8 with float32", () =>
  withModelFolder(tinyModel("bert-tagger", 6), async (model) => {
    const words = ["new", "york", "like", "eee", "ooo", "yorkers", "."];
    const sentences = Array.from(
      { length: 60 },
      (_, i) => Array.from({ length: 1 + i % 7 }, (_, w) => words[(i * i + w) % 7]!),
    );
    const columns = (tag: (i: number, w: number) => string) =>
      sentences.map((words, i) => words.map((word, w) => `${word}\t${tag(i, w)}\n`).join("")).join("\n");
    const gold = join(model, "gold");
    await Deno.writeTextFile(gold, columns((i, w) => i % 3 === 0 && w === 0 ? "B-place" : "O"));
    const both = join(model, "both");
    await Deno.writeTextFile(both, columns((i, w) => i % 3 === 0 && w === 0 ? "B-place\tO" : "O\tB-person"));

    const common = ["--model", model, "--engine", "onnx", "--threads", "1"];
    const engine = await createEngine("onnx", { nThreads: 1 });
    const tagger = await loadTagger(model, { engine });
    const { scores: own } = await tagger.evaluate(parseConll(await Deno.readTextFile(gold)));
    tagger.dispose();
    const expected = JSON.stringify({ mode: "conlleval", scheme: null, ...own }, null, 2);
    const evaluated = (...args: string[]) => runForTest(EVALUATE, evaluate, args);
    for (const files of [["--gold", gold], [both]]) {
      const found = await evaluated(...common, ...files, "--json");
      assertEquals(found, { code: 0, printed: expected, errors: "" });
    }

    const int8 = JSON.parse((await evaluated(...common, "--int8", both, "--json")).printed);
    const { agreement, float32, ...scores } = int8;
    assertEquals({ mode: "conlleval", scheme: null, ...float32 }, JSON.parse(expected));
    assertEquals(agreement.nWords, sentences.flat().length);
    assertEquals(agreement.share, agreement.nEqual / agreement.nWords);
    assert(agreement.share > 0.8 && agreement.share < 1, String(agreement.share));
    const lines = (await evaluated(...common, "--int8", both)).printed.split("\n");
    const percent = (share: number) => (100 * share).toFixed(2);
    assertEquals(
      lines.at(-1),
      `In int8 ${agreement.nEqual} of ${agreement.nWords} tags (${
        percent(agreement.share)
      } %) are those of ` +
        `float32. F1 is ${percent(scores.f1)} in int8, ${percent(float32.f1)} in float32.`,
    );
    assertEquals(lines[1]!.split(" ").at(-1), percent(scores.f1));
  }));

Deno.test("evaluate names file and line, prints nothing and ends with 1 when the files are wrong", async () => {
  const cases: [Record<string, string | Uint8Array>, ...string[]][] = [
    [
      { gold: GOLD, predicted: PREDICTED.replace("German", "French") },
      "predicted:3",
      '"German" at gold:3',
      '"French"',
    ],
    [
      { gold: GOLD, predicted: PREDICTED.replace("Lee\tI-person\n", "") },
      '"Lee" at gold:7',
      "end of sentence 2",
    ],
    [{ gold: GOLD, predicted: PREDICTED + "Kim\tO\n" }, "predicted:8", "a sentence end"],
    [{ gold: GOLD, predicted: PREDICTED + "\nKim\tO\n" }, "predicted:9", "a sentence end"],
    [{ gold: GOLD + "\nKim\tO\n", predicted: PREDICTED }, '"Kim" at gold:9'],
    [{ gold: GOLD, predicted: PREDICTED.replace("\n\n", "\n") }, "predicted:5", "a sentence end"],
    [{ gold: GOLD, predicted: PREDICTED.replace("B-misc", "Q-misc") }, "predicted:4", "Q-misc"],
    [
      { gold: GOLD.replace("B-misc", "S-misc").replace("I-", "L-"), predicted: PREDICTED },
      "gold:7",
      "L-person",
    ],
    [{ gold: GOLD, predicted: PREDICTED + "Kim\n" }, "predicted:8", "2 tab-separated columns"],
    [{ gold: "", predicted: PREDICTED }, "gold"],
    [{ gold: GOLD, predicted: PREDICTED.replace("Ann", "A\0n") }, "predicted:6", "U+0000"],
    [{ gold: GOLD.replaceAll("\n", "\r"), predicted: PREDICTED }, "gold:1", "LF or CRLF"],
    [{ gold: GOLD, predicted: PREDICTED.replace("Ann", "\uFEFFAnn") }, "predicted:6", "byte order mark"],
    [{ gold: GOLD, predicted: PREDICTED.replace("Ann", "A\u00a0nn") }, "predicted:6", '"Ann" at gold:6'],
    [{ gold: GOLD, predicted: new Uint8Array([0x61, 0x09, 0x4f, 0x0a, 0xc3, 0x28]) }, "predicted:2", "UTF-8"],
  ];
  for (const [files, ...parts] of cases) {
    const { code, printed, errors } = await run(files, BOTH);
    assertEquals([code, printed], [1, ""]);
    assertEquals(errors.trim().split("\n").length, 1);
    for (const part of parts) assertStringIncludes(errors, part);
  }
  const missing = await run({ gold: GOLD }, ["--gold", "gold", "--predicted", "nowhere"]);
  assertEquals(missing.code, 1);
  assertStringIncludes(missing.errors, 'Cannot read "nowhere": the column file must exist');
});

Deno.test("evaluate ends with 2 when it is called wrongly", async () => {
  const files = { gold: GOLD, predicted: PREDICTED };
  for (
    const [args, part] of [
      [[], "--gold and --predicted"],
      [["--gold", "gold"], "--predicted must be given"],
      [["--predicted", "predicted"], "--gold must be given"],
      [[...BOTH, "gold"], "instead of"],
      [[...BOTH, "--scheme", "iobes"], 'did you mean "IOBES"?'],
      [[...BOTH, "--int8"], "--model is missing"],
      [[...BOTH, "--jobs", "2"], "--model is missing"],
      [[...BOTH, "--model", "nowhere"], "no other file"],
      [["--model", "nowhere"], "need --gold, or one FILE"],
      [["--model", "nowhere", "--gold", "gold", "gold"], "no other file"],
      [["--model", "nowhere", "--gold", "gold", "--jobs", "0"], "expected 1 or more"],
    ] as const
  ) {
    const { code, errors } = await run(files, [...args]);
    assertEquals(code, 2);
    assertStringIncludes(errors, part);
  }
});

Deno.test("evaluate reads tags without prefixes as conlleval.pl -r does, and as runs of one type", async () => {
  // conlleval.pl -r counts each word of an entity: 3 phrases, 2 found, both right.
  const both = "Ona PER PER\nVale PER O\nleft O O\nGlim LOC LOC\n";
  const scored = async (...args: string[]) => {
    const { code, printed } = await run({ both }, ["both", "--json", ...args]);
    assertEquals(code, 0);
    const { nGold, nFound, nCorrect } = JSON.parse(printed);
    return [nGold, nFound, nCorrect];
  };
  assertEquals(await scored("--scheme", "raw"), [3, 2, 2]);
  assertEquals(await scored("--scheme", "bare"), [2, 2, 1]);
  assertEquals(await scored("--scheme", "IO", "--labels", "PER=,LOC=place"), [1, 1, 1]);
  assertEquals(await scored("--scheme", "raw", "--gold-column", "2", "--tag-column", "1"), [2, 3, 2]);
});

Deno.test("evaluate takes files with other columns, separators and suffixes, and lists all their errors", async () => {
  const gold = "# c\n1,EU,org-B\n2,rejects,O\n";
  const predicted = "1,EU,org-B\n2,rejects,org-B\n";
  const args = [
    ...BOTH,
    "--separator",
    "comma",
    "--word-column",
    "1",
    "--tag-order",
    "PER-B",
    "--comments",
    "#",
    "--json",
  ];
  const { code, printed } = await run({ gold, predicted }, args);
  assertEquals([code, JSON.parse(printed).nFound], [0, 2]);
  const { errors } = await run({ gold: "a O\nb\n\nc\u001b O\n", predicted: "a O\n" }, BOTH);
  assertStringIncludes(errors, "gold:2");
  assertStringIncludes(errors, "gold:4");
});

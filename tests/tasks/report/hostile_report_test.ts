/** From hostile data files and titles on disk to a report on disk: everything in it is text. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { marked } from "npm:marked@16.4.0";
import { tinyModel } from "../../model/tiny.ts";
// @ts-types="npm:@types/d3-dsv@3.0.7"
import { csvParseRows } from "npm:d3-dsv@3.0.2";
import type { Sentence } from "../../../data/text/conll.ts";
import { formatConll } from "../../../data/text/format_conll.ts";
import { scoreSpans } from "../../../data/scores/scores.ts";
import { writeModelFolder } from "../../../model/model_folder.ts";
import { loadDataSet } from "../../../tasks/data_sets/data_sets.ts";
import { planProfile } from "../../../tasks/plan/plan.ts";
import { readProfile } from "../../../tasks/config/read_profile.ts";
import { writeReport } from "../../../tasks/report/write_report.ts";
import { printable } from "../../../data/text/printable.ts";
import { runStage } from "../../../tasks/stages/stage_runner.ts";
import { tinyTokenizerJson } from "../../data/tiny_tokenizer.ts";
import { withFolder } from "../../temporary_folder.ts";
import { openPage } from "./open_page.ts";

/** Words and entity types of the data, and with spaces titles of experiments. */
const HOSTILE = [
  "<script>alert(1)</script>",
  `"><img/src=x/onerror=alert(2)>`,
  "</style></script></textarea>",
  "{{constructor.constructor('alert(3)')()}}",
  "a|b|`c`",
  "\\input{/etc/passwd}",
  "\\\\}$^#&%~",
  "=cmd|'/C'!A0",
  "@SUM(A1)",
  "+1+1",
  "](javascript:alert(4))",
  "datum.value",
  "https://evil.example/a_b",
  "www.evil.example",
  "someone@evil.example",
  "＝1+1",
  "\u200b=1+1",
  "\u202egnp.exe",
];

/** Each word tagged with the type of the same text; in between, words without one. */
const SENTENCES: Sentence[] = HOSTILE.map((text) => ({
  words: [text, "is", text],
  tags: [`B-${text}`, "O", `B-${text}`],
}));

Deno.test("writeReport() writes whatever stands in data files and titles as text, in every format", () =>
  withFolder(async (folder) => {
    const { html, tables, names, figures } = await reportOf(folder);

    const { document, errors } = openPage(html, { scripts: true });
    assertEquals(errors, []);
    assertEquals(document.querySelectorAll("script").length, 3);
    assertEquals(document.querySelectorAll("style").length, 1);
    assertEquals(
      document.querySelectorAll("img, iframe, link, base, object, svg script, svg image").length,
      0,
    );
    const all = [...document.querySelectorAll("*")];
    assertEquals(
      all.flatMap((element) => element.getAttributeNames()).filter((name) => /^on/i.test(name)),
      [],
    );
    assertEquals(all.filter((element) => /^\s*javascript:/i.test(element.getAttribute("href") ?? "")), []);
    const textOf = (selector: string) =>
      [...document.querySelectorAll(selector)].map((one) => one.textContent).join(" ");
    const shownTexts = ["main table", "main h2", "figure svg text", "#browser-sentences", "#browser-form"]
      .map(textOf);
    for (const text of HOSTILE) {
      const inTables = shownTexts[0]!;
      const inTitles = shownTexts[1]!;
      const inFigures = shownTexts[2]!;
      const inSentences = shownTexts[3]!;
      const inForm = shownTexts[4]!;
      const shown = printable(text);
      assert(inTables.includes(shown), `a table has ${text}`);
      assert(inTitles.includes(shown), `a title has ${text}`);
      // Long labels are cut.
      assert(inFigures.includes(shown.slice(0, 25)), `a figure has ${text}`);
      // The script of the page has drawn the sentences, and their types.
      assert(inSentences.includes(text), `a sentence has ${text}`);
      assert(inSentences.includes(`(${shown})`), `an error has ${text}`);
      assert(inForm.includes(shown), `a choice has ${text}`);
    }
    const isUnseen = (text: string) => printable(text) !== text;
    assertEquals(shownTexts.filter((_, i) => i !== 3).filter(isUnseen), []);
    assertEquals(isUnseen(html), false);
    assertEquals(Object.entries({ ...tables, ...figures }).filter(([, text]) => isUnseen(text)), []);

    assertEquals(names.filter((name) => !/^[\w-]+\.(md|csv|tex)$/.test(name)), []);
    const textsOf = (ending: string) => Object.entries(tables).filter(([name]) => name.endsWith(ending));
    const counts = { md: textsOf(".md").length, csv: textsOf(".csv").length, tex: textsOf(".tex").length };
    assert(counts.md > 3 && counts.md === counts.csv && counts.md === counts.tex, JSON.stringify(counts));
    for (const [name, text] of textsOf(".md")) {
      assert(!/<(?!\/?sup>)/.test(text), `${name} has an element`);
      assert(!/(?<!\\)\]\(/.test(text), `${name} has a link`);
      assert(!/<(a|img)\b/.test(marked.parse(text, { async: false })), `${name} has a link`);
      const bars = text.split("\n").filter((line) => line.startsWith("|")).map((line) =>
        line.match(/(?<!\\)\|/g)!.length
      );
      assertEquals(new Set(bars).size, 1, name);
    }
    for (const [name, text] of textsOf(".csv")) {
      const cells = csvParseRows(text).flat();
      assertEquals(
        cells.filter((cell) => /^[\s\p{C}]*[=+\-@＝]/u.test(cell) && !Number.isFinite(Number(cell))),
        [],
        name,
      );
    }
    for (const [name, text] of textsOf(".tex")) assert(!/\\(input|\\})/.test(text), name);
    assert(Object.keys(figures).length > 3);
    for (const [name, svg] of Object.entries(figures)) {
      assert(/^[\w-]+\.svg$/.test(name), name);
      const root = openPage(svg).document.querySelector("svg")!;
      assertEquals(root.querySelectorAll("script, image, a, foreignObject").length, 0, name);
      assertEquals(root.querySelectorAll("style").length, 1, name);
    }
    const shown = (ending: string) => textsOf(ending).map(([, text]) => text).join("\n");
    assert(shown(".md").includes("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert(shown(".csv").includes("'=cmd|'/C'!A0"));
    assert(shown(".tex").includes("\\textbackslash{}input\\{/etc/passwd\\}"));
  }));

/** Writes data, encoder, profile and results as they would lie on a disk, and the report of them. */
async function reportOf(folder: string) {
  const root = join(folder, "data");
  const encoder = join(folder, "encoder");
  const results = join(folder, "results");
  const write = async (path: string, content: string | Uint8Array) => {
    await Deno.mkdir(join(path, ".."), { recursive: true });
    await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
  };
  for (const name of ["source", "target"]) {
    for (const split of ["train", "dev", "test"]) {
      const order = split === "test" ? SENTENCES : SENTENCES.toReversed();
      await write(join(root, name, `${split}.txt`), formatConll(order));
    }
  }
  const files = {
    ...writeModelFolder(tinyModel("laner", 1)),
    "tokenizer.json": JSON.stringify(tinyTokenizerJson()),
  };
  for (const [name, content] of Object.entries(files)) await write(join(encoder, name), content);
  const shows = ["table", "types", "lines", "data"];
  const titled = HOSTILE.map((text, i) => ({ name: `e${i}`, title: text, show: shows[i % shows.length] }));
  const settings = {
    name: "hostile",
    seeds: [1],
    systems: ["bert-tagger", "laner"],
    encoder,
    data: { root, source: "source", targets: ["target"] },
    experiments: Object.fromEntries(titled.map(({ name }) => [name, {}])),
  };
  // JSON is YAML.
  await write(join(folder, "hostile.yaml"), JSON.stringify(settings));
  for (const { name, title, show } of titled) {
    const vary = show === "lines" ? { vary: { "data.trainSentences": [4, 8] } } : {};
    await write(join(folder, `${name}.yaml`), JSON.stringify({ title, show, ...vary }));
  }
  const plan = await planProfile(await readProfile(join(folder, "hostile.yaml")), "onnx");
  const { splits: { test } } = await loadDataSet(root, "target");
  const gold = test.map(({ tags }) => tags);
  for (const { finetuned, system } of plan.runs) {
    // Every system is wrong in another way: another type, or none.
    const predicted = gold.map((tags, i) => [system === "laner" ? "O" : gold.at(i - 1)![0]!, "O", tags[2]!]);
    const scores = scoreSpans(gold, predicted);
    const training = { epochs: [{ epoch: 1, loss: 1, devF1: scores.f1 }], bestEpoch: 1, stoppedBy: "epochs" };
    const all = {
      dev: scores,
      test: scores,
      training,
      predictSeconds: 1,
      nParameters: { encoder: 1, head: 1 },
    };
    await runStage(join(results, "stages"), finetuned.spec, async (dir) => {
      await write(join(dir, "scores.json"), JSON.stringify(all));
      await write(join(dir, "test.conll"), formatConll(test, { columns: [predicted] }));
    });
  }
  const { path } = await writeReport(plan, results);
  const textsIn = (folder: string): Record<string, string> => {
    const path = join(results, "hostile", folder);
    const names = [...Deno.readDirSync(path)].map(({ name }) => name);
    return Object.fromEntries(names.map((name) => [name, Deno.readTextFileSync(join(path, name))]));
  };
  const tables = textsIn("tables");
  const names = Object.keys(tables);
  const figures = textsIn("figures");
  JSON.parse(await Deno.readTextFile(join(results, "hostile", "results.json")));
  return { html: await Deno.readTextFile(path), tables, names, figures };
}

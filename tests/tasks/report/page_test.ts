import { assert, assertEquals } from "@std/assert";
import { renderReport } from "../../../tasks/report/page.tsx";
import { blocksOf } from "../../../tasks/report/page/section.ts";
import type { ReportData, ReportRun } from "../../../tasks/report/report_data.ts";
import { reportSections } from "../../../tasks/report/sections.ts";
import { HOSTILE_WORDS, makeMinimalData, makeReportData } from "./make_report_data.ts";
import { openPage } from "./open_page.ts";

const OPTIONS = { nResamples: 20 };
const data = makeReportData();
const html = await pageOf(data);

/** The page of a report. */
async function pageOf(data: ReportData): Promise<string> {
  return await renderReport(data, await reportSections(data, OPTIONS));
}

/** The page without its scripts. */
function parse(html: string): Document {
  return openPage(html).document;
}

/** Text as a reader sees it. */
function textOf(element: Element | null | undefined): string {
  return (element?.textContent ?? "").replace(/\s+/g, " ").trim();
}

function section(page: Document, id: string): string {
  const element = page.getElementById(id);
  assert(element, `there is no section ${id}`);
  return textOf(element);
}

function assertShows(text: string, parts: readonly string[]): void {
  assertEquals(parts.filter((part) => !text.includes(part)), []);
}

const f1 = (run: ReportRun) => (100 * run.result!.scores.test.f1).toFixed(2);

Deno.test("renderReport() shows the score, stage, seconds and best epoch of every run", () => {
  const rows = [...parse(html).querySelectorAll("#runs tr")].map((row) =>
    [...row.children].map((cell) => textOf(cell))
  );
  const runs = data.experiments.flatMap(({ runs }) => runs.filter(({ result }) => result));
  const stages = new Set(runs.map(({ result }) => result!.dir));
  assertEquals(rows.filter((row) => row.some((cell) => cell.startsWith("stages/"))).length, stages.size);
  for (const run of runs) {
    const { dir, seconds, scores: { training } } = run.result!;
    const row = rows.find((cells) => cells.includes(dir))!;
    assertEquals(row[1], run.target);
    assertEquals(row[2], String(run.seed));
    assertEquals(row[3], f1(run));
    assertEquals(row[5], `${training.bestEpoch} of ${training.epochs.length}`);
    assertEquals(row[7], String(seconds));
  }
});

Deno.test("renderReport() shows the paper's numbers, and ours of one seed as they are", async () => {
  const one = makeReportData({ seeds: [777], targets: ["ai"] });
  const page = parse(await pageOf(one));
  for (const name of ["table_2", "table_4"]) {
    const { runs } = one.experiments.find((experiment) => experiment.name === name)!;
    const text = section(page, `experiment-${name}`);
    assertShows(text, runs.filter(({ result }) => result).map(f1));
    // A deviation of one seed does not exist.
    assert(!/\d ± \d/.test(text));
  }
  assertShows(section(page, "experiment-table_2"), ["61.72", "58.88", "65.79", "52.48"]);
  assertShows(section(page, "experiment-table_3"), ["61.72", "58.88", "65.79", "52.48"]);
});

Deno.test("renderReport() shows data counts, settings, adaptation, labels, environment and configuration", () => {
  const page = parse(html);
  assertShows(section(page, "experiment-table_1"), ["30 (0.1k)", "21 (0.4k)", "4,321", "5,678", "(14)"]);
  assertShows(section(page, "experiment-table_5"), ["train.batchSize", "16", "5e-5", "120", "100"]);
  assertShows(section(page, "adaptation"), [
    "17.31",
    "9.87",
    "10.87",
    "12,345",
    "251",
    "2.913",
    "2.417",
    "3.417",
  ]);
  assertShows(section(page, "experiment-labels"), [
    "31 %",
    "17 %",
    "0.80",
    "67",
    "11",
    "START",
    "Ada B-person",
  ]);
  assertShows(section(page, "runs"), [...Object.values(data.environment), "labelWidth: 100", "epochs: 0"]);
  assertShows(section(page, "data"), [`SHA-256 ${"c0ffee".repeat(10)}`, "ai/test.txt"]);
  for (const { splits } of data.dataSets) {
    assertShows(section(page, "data"), Object.values(splits.train.entityTypes).map(String));
  }
});

Deno.test("renderReport() writes every table and figure of its sections, as they are and in their order", async () => {
  const sections = await reportSections(data, OPTIONS);
  const page = parse(html);
  const blocks = blocksOf(sections);
  const tables = blocks.flatMap((block) => block.kind === "table" ? [block.table] : []);
  const shown = [...page.querySelectorAll("main table")];
  assert(tables.length > 20);
  assertEquals(shown.length, tables.length);
  const cellsOf = (row: Element) => [...row.children].map((cell) => textOf(cell));
  tables.forEach((table, i) => {
    const found = shown[i]!;
    const [head, ...body] = [...found.querySelectorAll("tr")];
    assertEquals(textOf(found.querySelector("caption")), table.caption);
    assertEquals(cellsOf(head!), table.header);
    assertEquals(body.map(cellsOf), table.rows.map((row) => row.map(({ text }) => text)));
    assertEquals(
      [...found.querySelectorAll("strong")].map(textOf),
      table.rows.flat().filter(({ strong }) => strong).map(({ text }) => text),
    );
    const notes = textOf(found.closest(".table")!.querySelector(".notes"));
    assertShows(notes, table.notes.map((note) => note.replace(/\s+/g, " ").trim()));
  });
  const figures = blocks.flatMap((block) => block.kind === "figure" ? [block.svg] : []);
  const drawn = [...page.querySelectorAll("figure > svg")];
  assert(drawn.length > 5);
  assertEquals(
    drawn.map((svg) => svg.querySelectorAll("text").length),
    figures.map((svg) => svg.split("<text").length - 1),
  );
});

Deno.test("renderReport() compares the errors of the systems that the paper compares", () => {
  const text = section(parse(html), "errors");
  for (
    const pair of [
      "laner, not bert-tagger",
      "laner + DAPT, not laner",
      "bert-tagger + DAPT, not laner + DAPT",
    ]
  ) {
    assertShows(text, [pair]);
  }
});

Deno.test("renderReport() says up front and at each experiment which runs are missing", () => {
  const page = parse(html);
  const head = textOf(page.querySelector("header"));
  const runs = data.experiments.flatMap(({ runs }) => runs);
  const done = runs.filter(({ result }) => result);
  assertShows(head, [
    `${done.length} of ${runs.length} planned runs of 5 experiments are done.`,
    "Table 3: Ablation",
  ]);
  assertShows(head, ["Table 3: Ablation: 4 of 48 runs"]);
  assertShows(section(page, "experiment-table_3"), [
    "laner-without-label-background on ai (seed 777), politics (seed 777)",
  ]);
  assertShows(section(page, "experiment-figure_2"), ["2 of 18 runs are not done yet"]);
  assertShows(head, ["2026-03-01 12:00 UTC", "sentence-transformers/all-MiniLM-L6-v2", "555, 666, 777"]);
  assert(!head.includes("Table 2"), "an experiment without missing runs is not listed");
  assertShows(section(page, "experiment-table_3"), ["4 of 48 runs are not done yet", "(2 of 3)"]);
  assertShows(section(page, "experiment-table_4"), ["18 of 24 runs are not done yet"]);
  assertShows(section(page, "experiment-figure_3"), ["6 of 30 runs are not done yet"]);
});

Deno.test("renderReport() is short when there is hardly any data", async () => {
  const minimal = makeMinimalData();
  const page = parse(await pageOf(minimal));
  const ids = [...page.querySelectorAll("section")].map(({ id }) => id);
  assertEquals(ids, [
    "experiment-table_2",
    "curves",
    "types",
    "confusion",
    "errors",
    "error-browser",
    "runs",
  ]);
  assertShows(textOf(page.querySelector("header")), ["1 of 1 planned runs of one experiment are done."]);
  assertShows(section(page, "experiment-table_2"), [f1(minimal.experiments[0]!.runs[0]!)]);
  assert(!/NaN|undefined|null|Infinity/.test(textOf(page.querySelector("main")).replace(/: null/g, "")));
});

Deno.test("renderReport() is a page without results when nothing was run", async () => {
  const minimal = makeMinimalData();
  const experiment = minimal.experiments[0]!;
  const runs = experiment.runs.map((run) => ({ ...run, result: null }));
  const page = parse(await pageOf({ ...minimal, experiments: [{ ...experiment, runs }] }));
  assertEquals([...page.querySelectorAll("section")].map(({ id }) => id), ["experiment-table_2", "runs"]);
  assertShows(section(page, "experiment-table_2"), ["None of the 1 runs is done yet"]);
  assertEquals(page.getElementById("browser-data"), null);
  const empty = parse(await pageOf({ ...minimal, experiments: [] }));
  assertEquals([...empty.querySelectorAll("section")].map(({ id }) => id), ["runs"]);
});

/** The report with every name in it replaced by something that is not harmless in HTML. */
function hostileData(): ReportData {
  const names: Record<string, string> = {
    ai: `"><script>alert(2)</script>`,
    organisation: "</style></script><img src=x onerror=alert(3)>",
    laptop: "</title><script>alert(4)</script>",
    onnx: "<svg onload=alert(5)>",
    "Ablation": "&lt;i&gt;<script>alert(6)</script>",
    "key-0": "' onclick='alert(7)",
    "stages/finetune-0": `" onmouseover="alert(8)" x="`,
    "The paper prints a figure without numbers.": "<!-- </p><script>alert(9)</script>",
  };
  const replace = (value: unknown): unknown => {
    if (typeof value === "string") {
      const tag = /^([BI])-(.*)$/s.exec(value);
      return tag ? `${tag[1]}-${names[tag[2]!] ?? tag[2]}` : names[value] ?? value;
    }
    if (value instanceof Set || typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(replace);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [names[key] ?? key, replace(one)]));
  };
  return replace(data) as ReportData;
}

Deno.test("renderReport() shows hostile names and words as text, and has no script but its own", async () => {
  const hostile = hostileData();
  const text = await pageOf(hostile);
  const page = parse(text);
  const own = parse(html);
  const scripts = (page: Document) => [...page.querySelectorAll("script")];
  assertEquals(scripts(page).map(({ type }) => type), ["application/json", "", ""]);
  assertEquals(scripts(page).slice(1).map(textOf), scripts(own).slice(1).map(textOf));
  // Text makes no elements: there are as many as with harmless names. But resamples depend on names, and with them
  // which p values are bold; and figures may break long titles into lines.
  const count = (page: Document) =>
    [...page.querySelectorAll("*:not(svg *, strong)")].reduce<Record<string, number>>(
      (counts, { localName }) => ({ ...counts, [localName]: (counts[localName] ?? 0) + 1 }),
      {},
    );
  assertEquals(count(page), count(own));
  const drawn = (page: Document) =>
    new Set([...page.querySelectorAll("svg *")].map(({ localName }) => localName));
  assertEquals([...drawn(page).difference(drawn(own))], ["tspan"]);
  const attributes = [...page.querySelectorAll("*")].flatMap((element) => element.getAttributeNames());
  assertEquals(attributes.filter((name) => /^on/i.test(name)), []);
  assertEquals(page.title, `${hostile.name}: cross-domain named entity recognition`);
  assertShows(textOf(page.querySelector("main")), [
    `"><script>alert(2)</script>`,
    "</style></script><img src=x onerror=alert(3)>",
    "&lt;i&gt;<script>alert(6)</script>",
    `" onmouseover="alert(8)" x="`,
    "<svg onload=alert(5)>",
    "</title>",
  ]);
});

Deno.test("renderReport() embeds the sentences as JSON that parses back, whatever their words are", () => {
  const json = parse(html).getElementById("browser-data")!.textContent!;
  assert(!json.includes("<"));
  const { targets } = JSON.parse(json);
  const { runs } = data.experiments[2]!;
  for (const { name, sentences } of targets) {
    const { test } = runs.find(({ target, result }) => target === name && result)!.result!;
    assertEquals(sentences.map(([words]: [string[]]) => words), test.map(({ words }) => words));
  }
  const words = new Set(targets[0].sentences.flatMap(([words]: [string[]]) => words));
  assertEquals(HOSTILE_WORDS.filter((word) => !words.has(word)), []);
});

Deno.test("renderReport() loads nothing: no address but anchors of the page", () => {
  const page = parse(html);
  const links = [...page.querySelectorAll("*")].flatMap((element) =>
    ["src", "href", "xlink:href", "srcset", "data", "action", "poster", "background"].flatMap((name) => {
      const value = element.getAttribute(name);
      return value === null ? [] : [value];
    })
  );
  assert(links.length > 10);
  assertEquals(links.filter((link) => !link.startsWith("#")), []);
  const style = page.querySelector("style")!.textContent!;
  assert(style.length > 1000 && !/url\(|@import|https?:/.test(style));
  assertEquals(page.querySelectorAll("link, base, iframe, object, embed, img").length, 0);
});

Deno.test("renderReport() allows exactly its own style and scripts to the browser", async () => {
  const page = parse(html);
  const policy = page.querySelector("meta[http-equiv=Content-Security-Policy]")!.getAttribute("content")!;
  const rules = new Map(policy.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));
  const hashOf = async (element: Element) => {
    const bytes = new TextEncoder().encode(element.textContent!);
    return `'sha256-${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toBase64()}'`;
  };
  const scripts = [...page.querySelectorAll("script:not([type])")];
  const styles = [...page.querySelectorAll("style")];
  assertEquals(rules.get("default-src"), ["'none'"]);
  assertEquals(rules.get("script-src"), await Promise.all(scripts.map(hashOf)));
  assertEquals(rules.get("style-src"), await Promise.all(styles.map(hashOf)));
});

Deno.test("renderReport() has ids that are unique, and links and labels that lead to them", () => {
  const page = parse(html);
  const ids = [...page.querySelectorAll("[id]")].map(({ id }) => id);
  assertEquals(ids.filter((id, i) => ids.indexOf(id) !== i), []);
  const hrefs = [...page.querySelectorAll("a")].map((link) => decodeURIComponent(link.hash.slice(1)));
  const urls = [...html.matchAll(/url\(#?([^)]*)\)/g)].map(([, id]) => id!.replace(/^#/, ""));
  const labels = [...page.querySelectorAll("[aria-labelledby]")].map((element) =>
    element.getAttribute("aria-labelledby")!
  );
  assertEquals([...hrefs, ...labels, ...urls].filter((id) => !ids.includes(id)), []);
  const contents = [...page.querySelectorAll("nav a")].map((link) =>
    decodeURIComponent((link as HTMLAnchorElement).hash.slice(1))
  );
  assertEquals(contents, [...page.querySelectorAll("section")].map(({ id }) => id));
});

Deno.test("renderReport() is well-formed for readers who do not see it", () => {
  const page = parse(html);
  assertEquals(page.documentElement.lang, "en");
  assertEquals(page.querySelectorAll("h1").length, 1);
  for (const section of page.querySelectorAll("section")) {
    assertEquals(section.querySelectorAll("h2").length, 1);
  }
  for (const heading of page.querySelectorAll("th")) {
    assertEquals(heading.scope, heading.closest("thead") ? "col" : "row");
  }
  for (const table of page.querySelectorAll("table")) {
    assert(textOf(table.caption) !== "");
    const columns = table.tHead!.rows[0]!.cells.length;
    assertEquals([...table.tBodies[0]!.rows].filter(({ cells }) => cells.length !== columns), []);
  }
  for (const svg of page.querySelectorAll("figure > svg")) {
    assertEquals(svg.getAttribute("role"), "img");
    assert(svg.getAttribute("aria-label"));
  }
  for (const control of page.querySelectorAll("select, input")) assert(control.closest("label"));
});

Deno.test("renderReport() writes the same page for the same data", async () => {
  assertEquals(await pageOf(makeReportData()), html);
});

/** What the page shows is in files, too: every table, every figure, every number. */
import { assert, assertEquals } from "@std/assert";
// @ts-types="npm:@types/d3-dsv@3.0.7"
import { csvParseRows } from "npm:d3-dsv@3.0.2";
import { reportFiles } from "../../../tasks/report/report_files.ts";
import type { JsonCell, JsonTable } from "../../../tasks/report/results_json.ts";
import { makeReportData } from "./make_report_data.ts";
import { openPage } from "./open_page.ts";

const data = makeReportData();
const files = await reportFiles(data, { nResamples: 20 });
const results = JSON.parse(files.get("results.json")!);
const tables: Record<string, JsonTable> = results.tables;

/** A page without scripts, and without what is data or drawn. */
function withoutFigures(document: Document): Document {
  for (const element of document.querySelectorAll("script, style, svg, pre, .browser, nav")) element.remove();
  return document;
}

const { document: page } = openPage(files.get("report.html")!);
const titles = [...page.querySelectorAll("figure > svg > title")].map(textOf);
withoutFigures(page);

function textOf(element: Element): string {
  return (element.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** The numbers in a text that stand alone: not those of a name such as "F1" or "table_3". */
function numbersIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w.,:/-])[−-]?\d[\d,]*(\.\d+)?(e-?\d+)?k?(?![\w/:-]|\.\d)/g)].map((
    [number],
  ) => number.replaceAll(",", "").replace("−", "-"));
}

/** Whether a number is what is shown of another one, rounded, or in thousands (k). */
function isShownAs(value: number, text: string): boolean {
  const shown = text.replace("k", "");
  const decimals = shown.split(".")[1]?.length ?? 0;
  const size = Math.abs(value) / (shown === text ? 1 : 1000);
  return Math.abs(size - Math.abs(Number(shown))) <= 0.5 * 10 ** -decimals + 1e-9;
}

function numbersOf(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}

Deno.test("reportFiles() has a file in each form for every table of the page, and the table in results.json", () => {
  const shown = [...page.querySelectorAll("main table")];
  assert(shown.length > 40);
  assertEquals(Object.keys(tables).length, shown.length);
  shown.forEach((table, t) => {
    const [name, { caption, header, rows, notes }] = Object.entries(tables)[t]!;
    assertEquals(caption, textOf(table.querySelector("caption")!));
    const texts = [...table.querySelectorAll("tr")].map((row) => [...row.children].map(textOf));
    assertEquals(header, texts[0]);
    assertEquals(rows.length, texts.length - 1);
    const shownNotes = [...table.closest(".table")!.querySelectorAll(".notes li")].map(textOf);
    assertEquals(notes, shownNotes);
    for (const ending of ["md", "csv", "tex"]) assert(files.has(`tables/${name}.${ending}`), name);
    assertEquals(csvParseRows(files.get(`tables/${name}.csv`)!).length, texts.length);
    assert(files.get(`tables/${name}.md`)!.split("\n").filter((line) => line.startsWith("|")).length > 2);
  });
  for (const part of ["significance_ai", "confusion_ai_laner", "errors_ai", "error_classes_politics"]) {
    assert(`table_3_${part}` in tables, part);
  }
  for (const name of ["dapt", "dapt_losses", "runs", "types_ai"]) assert(name in tables, name);
});

Deno.test("reportFiles() has every number in a cell of the page in the same cell of results.json, in full", () => {
  let nNumbers = 0;
  [...page.querySelectorAll("main table")].forEach((table, t) => {
    const [name, { rows }] = Object.entries(tables)[t]!;
    [...table.querySelectorAll("tbody tr")].forEach((row, r) =>
      [...row.children].forEach((element, c) => {
        const cell: JsonCell = rows[r]![c]!;
        const text = textOf(element);
        if (typeof cell === "string") return assertEquals(cell, text, `${name}, row ${r}`);
        const numbers = numbersOf(cell);
        for (const shown of numbersIn(text)) {
          nNumbers++;
          const isThere = numbers.some((number) => isShownAs(number, shown));
          const isLimit = text === "< 0.001" && numbers[0]! < 0.001;
          assert(isThere || isLimit, `${name}, row ${r}: ${text} is ${JSON.stringify(cell)}`);
        }
      })
    );
  });
  assert(nNumbers > 2000, `${nNumbers}`);
});

Deno.test("reportFiles() has every number that stands elsewhere on the page in results.json", () => {
  const numbers = numbersOf(results);
  const texts = textsOf(results).join("\n");
  const rest = page.cloneNode(true) as Document;
  for (const table of rest.querySelectorAll("table")) table.remove();
  const shown = numbersIn([...rest.querySelectorAll("header, main")].map(textOf).join(" "));
  assert(shown.length > 30, `${shown.length}`);
  const missing = shown.filter((number) =>
    !texts.includes(number) && !numbers.some((value) => isShownAs(value, number))
  );
  assertEquals([...new Set(missing)], []);
  assertEquals(results.claims.length > 0, true);
  for (const key of ["adaptations", "labelAnalyses", "dataSets", "sharedTypes", "paper"] as const) {
    assertEquals(results[key], JSON.parse(JSON.stringify(data[key])));
  }
});

Deno.test("reportFiles() has a file for every figure of the page", () => {
  const svgs = [...files].filter(([path]) => path.startsWith("figures/")).map(([, text]) =>
    textOf(openPage(text).document.querySelector("svg > title")!)
  );
  assert(titles.length > 10, `${titles.length}`);
  assertEquals(svgs, titles);
});

Deno.test("reportFiles() writes no table over another, whatever experiments, systems and targets are called", async () => {
  const { experiments, ...rest } = data;
  const table = experiments[1]!;
  const long = "京".repeat(100);
  const named = ["runs", "Runs", "dapt", "a b", "a+b", `${long}1`, `${long}2`].map((name) => ({
    ...table,
    name,
  }));
  const odd = await reportFiles({ ...rest, experiments: [table, ...named, ...experiments.slice(2, 3)] }, {
    nResamples: 2,
  });
  const shown = [
    ...withoutFigures(openPage(odd.get("report.html")!).document).querySelectorAll("main table"),
  ];
  const names = Object.keys(JSON.parse(odd.get("results.json")!).tables);
  assertEquals(names.length, shown.length);
  assertEquals(new Set(names.map((name) => name.toLowerCase())).size, shown.length);
  const nBytes = [...odd.keys()].map((path) => new TextEncoder().encode(path.split("/").at(-1)!).length);
  assertEquals(nBytes.filter((n) => n > 210), []);
  const captions = names.map((name) =>
    /\*\*(.*)\*\*/.exec(odd.get(`tables/${name}.md`)!)![1]!.replaceAll("\\", "")
  );
  assertEquals(captions, shown.map((one) => textOf(one.querySelector("caption")!)));
});

import { assert, assertEquals } from "@std/assert";
import { DOMParser } from "npm:@xmldom/xmldom@0.9.12";
import { reportFigures, standaloneSvg } from "../../../tasks/report/report_figures.ts";
import { reportSections } from "../../../tasks/report/sections.ts";
import { makeReportData } from "./make_report_data.ts";

const data = makeReportData();

Deno.test("reportFigures() has the figures of the page's experiments, each by a name of its own", async () => {
  const figures = await reportFigures(data), names = figures.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  const targets = [...new Set(data.experiments.flatMap(({ runs }) => runs.map(({ target }) => target)))];
  for (const name of ["table_2", "figure_3_ai"]) assert(names.includes(name), names.join());
  assertEquals(names.filter((name) => !/^(table|figure)_\d(_\w+)?$/.test(name)), []);
  assert(names.every((name) => name.startsWith("table") || targets.some((target) => name.endsWith(target))));
  const sections = (await reportSections(data, { nResamples: 20 })).filter(({ id }) =>
    id.startsWith("experiment-") && id !== "experiment-label_embeddings"
  );
  const shown = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.kind === "figure" ? [block.svg] : [])
  );
  assertEquals(figures.map(({ svg }) => svg), shown);
});

Deno.test("standaloneSvg() gives a figure a size and colours for light and dark", async () => {
  for (const { svg } of await reportFigures(data)) {
    const text = standaloneSvg(svg), onError = (_level: string, message: string) => assert(false, message);
    const root = new DOMParser({ onError }).parseFromString(text, "image/svg+xml").documentElement!;
    assertEquals(root.getAttribute("width"), root.getAttribute("viewBox")!.split(" ")[2]);
    const style = root.firstChild!;
    assertEquals(style.nodeName, "style");
    assert(
      /^svg\{color:#\w+\}@media \(prefers-color-scheme:dark\)\{svg\{color:#\w+\}\}$/.test(style.textContent!),
    );
    // What is drawn stays as it is.
    const drawn = (text: string) => text.slice(text.indexOf("<title>")).trim();
    assertEquals(drawn(text), drawn(svg));
  }
});

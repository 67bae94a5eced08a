import { assert, assertEquals } from "@std/assert";
import { DOMParser } from "npm:@xmldom/xmldom@0.9.12";
import { blocksOf } from "../../../tasks/report/page/section.ts";
import { figuresOf, standaloneSvg } from "../../../tasks/report/report_figures.ts";
import { reportSections } from "../../../tasks/report/sections.ts";
import { makeExperiment } from "./make_experiment.ts";
import { makeReportData } from "./make_report_data.ts";

const data = makeReportData();

Deno.test("figuresOf() has the figures of the page's experiments, each by a name of its own", async () => {
  const figures = (await Promise.all(data.experiments.map((experiment) => figuresOf(experiment, data))))
    .flat();
  const names = figures.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  const targets = [...new Set(data.experiments.flatMap(({ runs }) => runs.map(({ target }) => target)))];
  for (const name of ["table_2", "figure_3_ai"]) assert(names.includes(name), names.join());
  assertEquals(names.filter((name) => !/^(table|figure)_\d(_\w+)?$/.test(name)), []);
  assert(names.every((name) => name.startsWith("table") || targets.some((target) => name.endsWith(target))));
  const sections = (await reportSections(data, { nResamples: 20 })).filter(({ id }) =>
    id.startsWith("experiment-") && id !== "experiment-label_embeddings"
  );
  const shown = sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => block.kind === "figure" ? [{ name: block.name, svg: block.svg }] : [])
  );
  assertEquals(figures, shown);
});

Deno.test("figuresOf() draws one figure of all targets of a table, one of each target of lines", async () => {
  const runs = ["ai", "music"].flatMap((target) =>
    [10, 50].map((value) => ({ target, value, f1: target === "ai" ? 40 : 60 }))
  );
  const vary = { key: "model.labelWidth", values: [10, 50] };
  const lines = makeExperiment(runs, { name: "widths", show: "lines", vary });
  const figures = await figuresOf(lines, data);
  assertEquals(figures.map(({ name }) => name), ["widths_ai", "widths_music"]);
  for (const [k, figure] of figures.entries()) {
    const alone = await figuresOf({ ...lines, runs: lines.runs.slice(2 * k, 2 * k + 2) }, data);
    assertEquals([figure], alone);
  }
  const table = makeExperiment(runs, { name: "scores", show: "table" });
  assertEquals((await figuresOf(table, data)).map(({ name }) => name), ["scores"]);
});

Deno.test("standaloneSvg() gives a figure a size and colours for light and dark", async () => {
  const blocks = blocksOf(await reportSections(data, { nResamples: 20 }));
  for (const { svg } of blocks.filter((block) => block.kind === "figure")) {
    const text = standaloneSvg(svg);
    const onError = (_level: string, message: string) => assert(false, message);
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

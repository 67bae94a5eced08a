import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { type Document, DOMParser } from "npm:@xmldom/xmldom@0.9.12";
import {
  experimentFigure,
  heatMap,
  labelMap,
  learningCurves,
  lineChart,
  scoreDots,
  typeBars,
} from "../../../tasks/report/charts.ts";
import { makeExperiment, makePaper } from "./make_experiment.ts";

const HOSTILE = `a|b "c", d & 50% x_y <script>alert(1)</script> 'q' \u2028 שלום datum.value {"signal":"1"}`;

/** What must hold for every figure; gives its parsed elements. */
function check(svg: string, title: string): Document {
  const fail = (_level: string, message: string) => {
    throw new Error(message);
  };
  const document = new DOMParser({ onError: fail }).parseFromString(svg, "image/svg+xml");
  const root = document.documentElement!;
  assertEquals(root.tagName, "svg");
  assertEquals(root.getAttribute("role"), "img");
  // XML reads some line ends as others.
  const spaced = (text: string | null) => text!.replace(/\s/g, " ");
  assertEquals(spaced(root.getAttribute("aria-label")), spaced(title));
  assertEquals(spaced(document.getElementsByTagName("title")[0]!.textContent), spaced(title));
  assertEquals([root.getAttribute("width"), root.hasAttribute("height")], ["100%", false]);
  const viewBox = root.getAttribute("viewBox")!.split(" ").map(Number);
  assert(viewBox.length === 4 && viewBox.every((n) => n >= 0) && viewBox[2]! >= 460, String(viewBox));
  const elements = [...document.getElementsByTagName("*")];
  for (const element of elements) {
    assert(
      ["svg", "title", "desc", "g", "path", "line", "rect", "text", "tspan"].includes(element.tagName),
      element.tagName,
    );
    for (const { name, value } of element.attributes) {
      assert(!/NaN|Infinity|undefined|null/.test(value) || name === "aria-label", `${name}="${value}"`);
      assert(!/^(id|href|style|on.*)$/.test(name), name);
      // Nothing has a colour that only a light or only a dark page can show.
      const isColour = name === "fill" || name === "stroke";
      assert(
        !isColour || /^(none|transparent|currentColor|var\(--series-\d, #[0-9a-f]{6}\))$/.test(value),
        value,
      );
    }
  }
  return document;
}

/** The texts that are drawn. */
function textsOf(document: Document): string[] {
  const texts = [...document.getElementsByTagName("text")];
  return texts.map((text) => text.textContent!);
}

/** The paths of a kind of mark: Vega puts them in a group with its class. */
function marksOf(document: Document, kind: string): number {
  const groups = [...document.getElementsByTagName("g")];
  return groups.filter((g) => g.getAttribute("class")?.startsWith(`mark-${kind} role-mark`))
    .reduce((n, g) => n + g.getElementsByTagName(kind === "rule" ? "line" : "path").length, 0);
}

const point = (x: number, mean: number, std: number | null = null) => ({
  x,
  mean,
  std,
  n: std === null ? 1 : 3,
});

Deno.test("lineChart() draws every series with its points and deviations", async () => {
  const series = [
    { name: "laner", points: [point(10, 55, 1), point(100, 61.7, 2), point(1000, 60)] },
    { name: "laner + DAPT", points: [point(10, 60, 1)] },
  ];
  const chart = {
    title: "Width of labels",
    x: { title: "width", log: true },
    y: { title: "F1 (%)" },
    series,
  };
  const document = check(await lineChart(chart), "Width of labels");
  const texts = textsOf(document);
  for (const text of ["Width of labels", "width", "F1 (%)", "laner", "laner + DAPT", "10", "100", "1000"]) {
    assert(texts.includes(text), text);
  }
  assertEquals([marksOf(document, "line"), marksOf(document, "symbol"), marksOf(document, "rule")], [
    2,
    4,
    4,
  ]);
  assert(texts.includes("mean ± standard deviation over 1 to 3 seeds"));
});

Deno.test("lineChart() spaces a logarithmic axis by ratios", async () => {
  const places = async (log: boolean) => {
    const series = [{ name: "a", points: [point(10, 1), point(100, 2), point(1000, 3)] }];
    const svg = await lineChart({ title: "t", x: { title: "x", log }, y: { title: "y" }, series });
    const symbols = [...svg.matchAll(/<path transform="translate\(([\d.]+),[\d.]+\)"/g)].map(([, x]) =>
      Number(x)
    );
    return (symbols[1]! - symbols[0]!) / (symbols[2]! - symbols[0]!);
  };
  assertEquals([(await places(true)).toFixed(2), (await places(false)).toFixed(2)], ["0.50", "0.09"]);
});

Deno.test("lineChart() tells twelve series apart by colour, form and dash", async () => {
  const series = Array.from(
    { length: 12 },
    (_, i) => ({ name: `s${i}`, points: [point(1, i), point(2, i)] }),
  );
  const svg = await lineChart({ title: "t", x: { title: "x" }, y: { title: "y" }, series });
  const lines = [
    ...svg.matchAll(/<path d="M[^"]*" stroke="([^"]*)" stroke-width="2"(?: stroke-dasharray="([^"]*)")?/g),
  ];
  assertEquals(lines.length, 12);
  assertEquals(new Set(lines.map(([, colour, dash]) => `${colour} ${dash}`)).size, 12);
  // Points, also those of the legend, are drawn without dashes.
  assert(!/fill="var[^>]*stroke-dasharray/.test(svg));
  const symbols = [...svg.matchAll(/<path transform="translate[^"]*" d="([^"]*)" fill="([^"]*)"/g)];
  assertEquals(new Set(symbols.map(([, form, colour]) => `${colour} ${form}`)).size >= 12, true);
});

Deno.test("lineChart() and heatMap() refuse what cannot be drawn", async () => {
  const lines = (x: number, mean: number) =>
    lineChart({
      title: "Sweep",
      x: { title: "width", log: true },
      y: { title: "F1" },
      series: [{ name: "a", points: [point(x, mean)] }],
    });
  assertEquals(
    assertThrows(() => lines(0, 1), Error).message,
    'Cannot draw "Sweep": width must be above 0 on a logarithmic axis, current value is 0',
  );
  const error = await assertRejects(() => lines(1, NaN), Error);
  assert(error.message.startsWith('Cannot draw "Sweep": mean must be finite'), error.message);
  const axis = { title: "t", labels: ["a"] };
  assertThrows(
    () => heatMap({ title: "Map", rows: axis, columns: axis, values: [[-1]] }),
    Error,
    'Cannot draw "Map": no value may be below 0, current value is -1',
  );
});

const estimate = (mean: number, std: number | null = null) => ({ mean, std, n: 1, nPlanned: 1 });

Deno.test("typeBars() draws a bar a system and type, marks shared types and leaves out missing runs", async () => {
  const types = [
    { entityType: "person", shared: true, nGold: 5, f1: [estimate(80, 2), null, estimate(99, 3)] },
    { entityType: "task", shared: false, nGold: 5, f1: [estimate(0), null, estimate(50)] },
    { entityType: "metrics", shared: false, nGold: 5, f1: [null, null, null] },
  ];
  const systems = ["bert-tagger", "bert-crf", "laner"];
  const document = check(await typeBars({ title: "By type", systems, types }), "By type");
  const texts = textsOf(document);
  for (const text of ["person *", "task", ...systems, "test F1 (%)", "* type shared with the source"]) {
    assert(texts.includes(text), text);
  }
  assertEquals([marksOf(document, "rect"), marksOf(document, "symbol")], [4, 4]);
});

Deno.test("learningCurves() draws a line a run and a mark at the epoch that was kept", async () => {
  const training = (n: number, bestEpoch: number) => ({
    epochs: Array.from({ length: n }, (_, e) => ({ epoch: e + 1, loss: 1 / (e + 1), devF1: e / n })),
    bestEpoch,
  });
  const runs = [
    { name: "laner", training: training(5, 3) },
    { name: "laner", training: training(7, 7) },
    { name: "bert-tagger", training: training(1, 1) },
  ];
  const document = check(await learningCurves({ title: "Training", runs }), "Training");
  const texts = textsOf(document);
  for (const text of ["laner", "bert-tagger", "epoch", "dev F1 (%)", "training loss"]) {
    assert(texts.includes(text), text);
  }
  assertEquals([marksOf(document, "line"), marksOf(document, "symbol")], [6, 6]);
});

Deno.test("learningCurves() draws the loss alone when there is no dev", async () => {
  const training = { epochs: [{ epoch: 1, loss: 2 }, { epoch: 2, loss: 1 }], bestEpoch: 2 };
  const document = check(await learningCurves({ title: "T", runs: [{ name: "laner", training }] }), "T");
  assert(!textsOf(document).includes("dev F1 (%)"));
  assertEquals([marksOf(document, "line"), marksOf(document, "symbol")], [1, 1]);
});

Deno.test("heatMap() draws a cell a value with its number, shaded within its row", async () => {
  const values = [[8, 2, null], [0, 100]];
  const rows = { title: "gold", labels: ["the", "the"] };
  const columns = { title: "found", labels: ["x", "y", "x"] };
  const svg = await heatMap({ title: "Map", rows, columns, values, shade: "row" });
  const document = check(svg, "Map");
  const texts = textsOf(document);
  assertEquals(marksOf(document, "rect"), 4);
  assertEquals(
    ["the", "x", "y", "8", "2", "100", "0", "gold", "found"].map((text) =>
      texts.filter((t) => t === text).length
    ),
    [
      ...[2, 2, 1],
      ...[1, 1, 1, 0],
      ...[1, 1],
    ],
  );
  const shades = (svg: string) =>
    [...svg.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, shade]) => Number(Number(shade).toFixed(4)));
  assertEquals(shades(svg), [0.65, 0.1625, 0, 0.65]);
  const overall = await heatMap({ title: "Map", rows, columns, values, digits: null });
  assertEquals(shades(overall), [0.052, 0.013, 0, 0.65]);
  assert(!textsOf(check(overall, "Map")).includes("100"));
});

const MAP = {
  tags: ["O", "B-person", "I-person", "B-task", "START"],
  points: [[0, 0], [1, 1], [1, 1.01], [-1, 0.5], [0.2, 0.1]] as [number, number][],
  explained: [0.432, 0.21] as [number, number],
  nearest: [[], [], [], [], []],
};

Deno.test("labelMap() names every tag and tells shared and new types apart", async () => {
  const document = check(await labelMap(MAP, { title: "Labels", sharedTypes: ["person"] }), "Labels");
  const texts = textsOf(document);
  const legend = ["shared type", "new type", "no entity"];
  for (const text of [...MAP.tags, ...legend, "component 1 (43 % of the variance)"]) {
    assert(texts.includes(text), text);
  }
  assertEquals(marksOf(document, "symbol"), 5);
});

Deno.test("labelMap() draws labels that all lie on one place, or a single one", async () => {
  const points = MAP.points.map((): [number, number] => [3, -2]);
  check(
    await labelMap({ ...MAP, points, explained: [0, 0] }, { title: "One place", sharedTypes: [] }),
    "One place",
  );
  const single = {
    tags: ["O"],
    points: [[0, 0]] as [number, number][],
    explained: [0, 0] as [number, number],
    nearest: [[]],
  };
  check(await labelMap(single, { title: "One", sharedTypes: [] }), "One");
});

Deno.test("every figure says that there is nothing yet when it has no data", async () => {
  const title = "Empty";
  const axis = { title: "t", labels: [] };
  const figures = [
    lineChart({ title, x: { title: "x", log: true }, y: { title: "y" }, series: [] }),
    lineChart({ title, x: { title: "x" }, y: { title: "y" }, series: [{ name: "a", points: [] }] }),
    typeBars({ title, systems: ["a"], types: [] }),
    learningCurves({ title, runs: [{ name: "a", training: { epochs: [], bestEpoch: 0 } }] }),
    heatMap({ title, rows: axis, columns: axis, values: [] }),
    labelMap({ tags: [], points: [], explained: [0, 0], nearest: [] }, { title, sharedTypes: [] }),
    scoreDots({ title, rows: [{ name: "a", ours: null }] }),
  ];
  for (const svg of await Promise.all(figures)) {
    assertEquals(textsOf(check(svg, title)).sort(), [title, "no results yet"]);
  }
});

Deno.test("every figure shows text as text, whatever it looks like", async () => {
  const title = HOSTILE;
  const h = HOSTILE;
  const series = [{ name: h, points: [point(1, 1), point(2, 2)] }, { name: "b", points: [point(1, 1)] }];
  const types = [{ entityType: h, shared: false, nGold: 1, f1: [estimate(1), estimate(2)] }];
  const run = { training: { epochs: [{ epoch: 1, loss: 1, devF1: 1 }], bestEpoch: 1 } };
  const axis = { title: h, labels: [h, "b"] };
  const figures = {
    lines: await lineChart({ title, x: { title: h }, y: { title: h }, series }),
    types: await typeBars({ title, systems: [h, "b"], types }),
    curves: await learningCurves({ title, runs: [{ name: h, ...run }, { name: "b", ...run }] }),
    heat: await heatMap({ title, rows: axis, columns: axis, values: [[1, 2], [3, 4]] }),
    labels: await labelMap({ ...MAP, tags: [h, "a", "b", "c", "d"] }, { title, sharedTypes: [] }),
    dots: await scoreDots({ title, rows: [{ name: h, ours: estimate(1), paper: 2 }] }),
  };
  const least = { lines: 3, types: 2, curves: 1, heat: 4, labels: 1, dots: 1 };
  for (const [kind, svg] of Object.entries(figures)) {
    const texts = textsOf(check(svg, title));
    // Long labels are cut, so their beginnings are counted; the title is broken into lines.
    const shown = texts.filter((text) => text.startsWith('a|b "c", d & 50% x_y <')).length;
    assert(shown >= least[kind as keyof typeof least], `${kind}: ${shown} in ${JSON.stringify(texts)}`);
  }
});

Deno.test("figures are the same bytes for the same data", async () => {
  const draw = () => labelMap(MAP, { title: "Labels", sharedTypes: ["person"] });
  assertEquals(await draw(), await draw());
});

const PAPER = makePaper({
  tables: { table_2: [{ system: "laner", adapt: false, f1: { ai: 61.72, movie: 72.41 } }] },
});

Deno.test("experimentFigure() draws the average of a table beside the paper's, or one target", async () => {
  const experiment = makeExperiment([
    { f1: 50 },
    { target: "movie", f1: 60 },
    { system: "bert-tagger", f1: 40 },
    { system: "bert-tagger", target: "movie", f1: null },
  ]);
  const average = check((await experimentFigure(experiment, PAPER))!, "Main results (average of 2)");
  assertEquals(marksOf(average, "symbol"), 2);
  for (const text of ["laner", "ours", "paper"]) assert(textsOf(average).includes(text), text);
  const ai = check((await experimentFigure(experiment, PAPER, { target: "ai" }))!, "Main results (ai)");
  assertEquals(marksOf(ai, "symbol"), 3);
  assertEquals(await experimentFigure(experiment, PAPER, { target: "music" }), null);
  // Without an average the first target that has a result is drawn.
  const partial = makeExperiment([{ f1: null }, { target: "movie", f1: 60 }]);
  check((await experimentFigure(partial, PAPER))!, "Main results (movie)");
});

Deno.test("experimentFigure() draws a sweep over the key that varies, from the runs that are done", async () => {
  const vary = { key: "model.labelWidth", values: [10, 1000] };
  const experiment = makeExperiment([
    ...[10, 1000].flatMap((value) => [1, 2].map((seed) => ({ value, seed, f1: 50 + seed }))),
    { value: 10, adapt: true, f1: 60 },
    { value: 1000, adapt: true, f1: null },
    { value: 10, target: "movie", f1: 70 },
  ], { show: "lines", vary, title: "Width" });
  const document = check((await experimentFigure(experiment, PAPER))!, "Width (ai)");
  assertEquals([marksOf(document, "line"), marksOf(document, "symbol")], [2, 3]);
  for (const text of ["model.labelWidth", "laner", "laner + DAPT"]) {
    assert(textsOf(document).includes(text), text);
  }
  const movie = check((await experimentFigure(experiment, PAPER, { target: "movie" }))!, "Width (movie)");
  assertEquals(marksOf(movie, "symbol"), 1);
});

Deno.test("experimentFigure() draws types, with the shared ones of the target", async () => {
  const experiment = makeExperiment([{ f1: 50, types: { task: 40, person: 80 } }], {
    show: "types",
    title: "Types",
  });
  const svg = await experimentFigure(experiment, PAPER, { sharedTypes: { ai: ["person"], movie: ["task"] } });
  const texts = textsOf(check(svg!, "Types (ai)"));
  assert(texts.includes("person *") && texts.includes("task"));
});

Deno.test("experimentFigure() is null when there is nothing to draw", async () => {
  const vary = { key: "a", values: [] };
  for (const show of ["table", "lines", "types", "data", "settings", "labels"] as const) {
    const done = show === "data" || show === "settings" || show === "labels";
    assertEquals(
      await experimentFigure(makeExperiment([{ f1: done ? 1 : null, value: 1 }], { show, vary }), PAPER),
      null,
    );
    assertEquals(await experimentFigure(makeExperiment([], { show, vary }), PAPER), null);
  }
});

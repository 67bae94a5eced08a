/** The figure of a soak: its memory over time. */
import { lineChart } from "../../tasks/report/charts/line_chart.ts";
import { renderPage } from "../../tasks/report/page.tsx";
import { figureBlock } from "../../tasks/report/page/section.ts";
import type { Measure, Sample, Trend } from "./soak.ts";

/** Points of a line; more would hide it. */
const POINTS = 40;

const TITLES: Record<Measure, string> = {
  tensors: "Tensors",
  heap: "JavaScript heap after collection (MB)",
  external: "Arrays outside the heap (MB)",
  process: "Memory of the process (MB)",
};

/** Renders samples and trends as one self-contained page. */
export async function renderSoak(samples: readonly Sample[], trends: readonly Trend[]): Promise<string> {
  const figures = await Promise.all(trends.map(({ measure }) =>
    lineChart({
      title: TITLES[measure],
      x: { title: "minutes" },
      y: { title: TITLES[measure] },
      series: [{ name: measure, points: thinOut(samples).map((sample) => pointOf(sample, measure)) }],
    })
  ));
  const table = {
    name: "trends",
    caption: "After the first third",
    header: ["measure", "median", "slope an hour", "growth"],
    nRowHeaders: 1,
    notes: [
      "slope: Theil-Sen, the median of the slopes of all pairs; growth: over the last two thirds of the soak",
    ],
    rows: trends.map(({ measure, level, slope, growth }) => [
      { text: TITLES[measure] },
      { text: level.toFixed(1), value: level },
      { text: slope.toFixed(2), value: slope },
      { text: `${(100 * growth).toFixed(1)} %`, value: growth },
    ]),
  };
  const minutes = (samples.at(-1)!.seconds / 60).toFixed(0);
  const intro = `${samples.length} rounds of training and predicting in ${minutes} minutes, in one process.`;
  const blocks = [
    { kind: "table" as const, table },
    ...figures.flatMap((svg, i) => figureBlock(`memory_${i + 1}`, svg)),
  ];
  return await renderPage({
    title: "Soak: memory over time",
    head: (
      <header>
        <h1>Soak: memory over time</h1>
      </header>
    ),
    sections: [{ id: "memory", title: "Memory", intro, blocks }],
    footer: <p>deno task soak --minutes {minutes}</p>,
  });
}

function pointOf(sample: Sample, measure: Measure) {
  return { x: Math.round(sample.seconds / 6) / 10, mean: sample[measure], std: null, n: 1 };
}

function thinOut(samples: readonly Sample[]): Sample[] {
  const every = Math.max(1, Math.ceil(samples.length / POINTS));
  return samples.filter((_, i) => i % every === 0);
}

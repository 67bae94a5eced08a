/** What went on inside: learning curves, errors, label embeddings, adaptation. */
import type { VNode } from "npm:preact@10.28.2";
import { adaptationTable } from "../adaptation_table.ts";
import { heatMap, labelMap, learningCurves } from "../charts.ts";
import { confusionFigure } from "../confusion.ts";
import { errorDifferenceTable, errorTables } from "../error_tables.ts";
import { nearestTagsTable } from "../nearest_tags_table.ts";
import type { LabelAnalysis, ReportData, ReportExperiment } from "../report_data.ts";
import { distinct, doneRuns, systemName } from "../run_groups.ts";
import { systemRuns } from "../system_runs.ts";
import { Details, Figures, type Section, TableView } from "./elements.tsx";

/** The experiment that compares most systems: errors and curves are those of its runs. */
function mainExperiment({ experiments }: ReportData): ReportExperiment | undefined {
  const nSystems = (experiment: ReportExperiment) => distinct(doneRuns(experiment).map(systemName)).length;
  return experiments.filter(({ show, vary }) => show === "table" && vary === null)
    .toSorted((a, b) => nSystems(b) - nSystems(a))[0];
}

function targetsOf(experiment: ReportExperiment): string[] {
  return distinct(doneRuns(experiment).map(({ target }) => target));
}

/** Loss and dev F1 by epoch, a figure a target, with and without DAPT. */
export async function curvesSection(data: ReportData): Promise<Section | null> {
  const experiment = mainExperiment(data);
  if (!experiment || doneRuns(experiment).length === 0) return null;
  const parts: VNode[] = [];
  for (const target of targetsOf(experiment)) {
    const svgs: string[] = [];
    for (const adapt of [false, true]) {
      const runs = doneRuns(experiment).filter((run) => run.target === target && run.adapt === adapt);
      if (runs.length === 0) continue;
      const title = `${target}${adapt ? ", with DAPT" : ""}`;
      const named = runs.map((run) => ({ name: systemName(run), training: run.result.scores.training }));
      svgs.push(await learningCurves({ title, runs: named }));
    }
    parts.push(
      <Details summary={target}>
        <Figures svgs={svgs} />
      </Details>,
    );
  }
  return { id: "curves", title: "Learning curves", body: <>{parts}</> };
}

/** Which errors systems make, and which of them LANER does not make or makes alone. */
export async function errorsSection(data: ReportData): Promise<Section | null> {
  const experiment = mainExperiment(data);
  if (!experiment || doneRuns(experiment).length === 0) return null;
  const parts: VNode[] = [];
  for (const target of targetsOf(experiment)) {
    const options = {
      seenForms: data.seenForms[target] ?? new Set<string>(),
      sharedTypes: new Set(data.sharedTypes[target] ?? []),
    };
    const systems = systemRuns(experiment, target).filter(({ runs }) => runs.length > 0).map(({ name }) =>
      name
    );
    const pairs = comparedPairs(systems);
    const tables = [
      ...errorTables(experiment, target, options),
      ...pairs.map((pair) => errorDifferenceTable(experiment, target, pair, options)),
    ].filter((table) => table !== null);
    const svgs: string[] = [];
    for (const system of systems) {
      const svg = await confusionFigure(experiment, target, system);
      if (svg) svgs.push(svg);
    }
    parts.push(
      <>
        <h3>{target}</h3>
        {tables.map((table) => <TableView table={table} />)}
        <Details summary={`Confusion of entity types on ${target}`}>
          <Figures svgs={svgs} />
        </Details>
      </>,
    );
  }
  const lead =
    "Each gold entity is matched with at most one predicted entity. Seen forms are those of the target's " +
    "training entities, shared types those that the source has, too.";
  return {
    id: "errors",
    title: "Errors",
    body: (
      <>
        <p class="lead">{lead}</p>
        {parts}
      </>
    ),
  };
}

/** LANER against the tagger, with DAPT and without; the first two systems where one of them is missing. */
function comparedPairs(systems: readonly string[]): [string, string][] {
  const wanted: [string, string][] = [["bert-tagger", "laner"], ["bert-tagger + DAPT", "laner + DAPT"]];
  const found = wanted.filter((pair) => pair.every((name) => systems.includes(name)));
  return found.length > 0 || systems.length < 2 ? found : [[systems[0], systems[1]]];
}

/** Maps of the label embeddings, nearest tags, attention on the tags of a sentence. */
export async function labelsSection({ labelAnalyses, sharedTypes }: ReportData): Promise<Section | null> {
  if (labelAnalyses.length === 0) return null;
  const parts: VNode[] = [];
  for (const analysis of labelAnalyses) {
    parts.push(await labelsPart(analysis, sharedTypes[analysis.target] ?? []));
  }
  const lead =
    "The table of tag embeddings of a trained LANER, on its first two principal components: of the " +
    "source's model, and after training on the target, whose new tags began at random.";
  return {
    id: "label-embeddings",
    title: "Label embeddings",
    body: (
      <>
        <p class="lead">{lead}</p>
        {parts}
      </>
    ),
  };
}

async function labelsPart(analysis: LabelAnalysis, sharedTypes: readonly string[]): Promise<VNode> {
  const { target, seed, before, after, attention } = analysis,
    name = `${systemName(analysis)}, ${target}, seed ${seed}`;
  const maps = [
    ...(before ? [await labelMap(before, { title: "before the transfer", sharedTypes })] : []),
    await labelMap(after, { title: "after the transfer", sharedTypes }),
  ];
  const tables = [nearestTagsTable(analysis, "before"), nearestTagsTable(analysis, "after")];
  const { words, tags, weights } = attention;
  const figure = await heatMap({
    title: "Label context",
    subtitle: "weights of the tags before a word (columns) when its tag is predicted (rows)",
    rows: { title: "word", labels: words },
    columns: {
      title: "history",
      labels: ["START", ...words.slice(0, -1).map((word, i) => `${word} ${tags[i]}`)],
    },
    values: weights,
    digits: null,
  });
  return (
    <>
      <h3>{name}</h3>
      <Figures svgs={maps} />
      <Figures svgs={[figure]} />
      <Details summary="Nearest tags">
        {tables.map((table) => table && <TableView table={table} />)}
      </Details>
    </>
  );
}

/** Perplexity before and after the adaptation of encoders. */
export function adaptationSection({ adaptations }: ReportData): Section | null {
  const table = adaptationTable(adaptations);
  return table && { id: "dapt", title: "Adaptation of the encoder", body: <TableView table={table} /> };
}

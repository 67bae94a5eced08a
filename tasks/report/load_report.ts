/** Fills a report from a plan and the stage store: the stored results, and the runs that are missing. */
import { cpus } from "node:os";
import { join, relative } from "node:path";
import { surfaceForms } from "../../data/scores/error_classes.ts";
import { parseConll } from "../../data/text/conll.ts";
import toolkit from "../../deno.json" with { type: "json" };
import type { LabelFindings } from "../../model/analysis/label_analysis.ts";
import { type DataStatistics, dataStatistics } from "../data_sets/data_statistics.ts";
import { keepOnce } from "../files/keep_once.ts";
import type { Plan, PlannedRun } from "../plan/plan.ts";
import { dataOfPlan, findingsOfPlan } from "../plan/plan_data.ts";
import type { AdaptationResult } from "../stages/mlm_course.ts";
import { instructionSets } from "../stages/instruction_sets.ts";
import { isStage, type Stage } from "../stages/stage.ts";
import { findStage, readStored, readStoredText, type StoredStage } from "../stages/stage_results.ts";
import { LABEL_FINDINGS } from "../stages/label_findings.ts";
import { MLM_COURSE } from "../stages/mlm_course.ts";
import { readScores } from "../stages/training_stages.ts";
import { readPaperResults } from "./paper_results.ts";
import type {
  LabelAnalysis,
  ReportData,
  ReportExperiment,
  RunResult,
  ScoredSentence,
} from "./report_data.ts";

/**
 * Collects everything that a report shows.
 *
 * @param plan The planned experiments.
 * @param results The results folder, in which `stages` is the store.
 * @param createdAt ISO 8601.
 * @throws As `findStage` does, and if a stored file cannot be read.
 */
export async function loadReport(plan: Plan, results: string, createdAt: string): Promise<ReportData> {
  const store = join(results, "stages");
  const { profile, runs } = plan;
  // Experiments share runs.
  const once = keepOnce();
  const resultOf = ({ finetuned }: PlannedRun) =>
    once(finetuned.key, () => loadRun(store, results, finetuned));
  const experiments: ReportExperiment[] = [];
  for (const { name, title, config, vary } of profile.experiments) {
    const own = runs.filter(({ experiment }) => experiment.name === name);
    const withResults = await Promise.all(own.map(async (run) => {
      const { target, system, adapt, seed, value } = run;
      return { target, system, adapt, seed, value, result: await resultOf(run) };
    }));
    experiments.push({ name, title, show: config.show, config, vary, runs: withResults });
  }
  return {
    name: profile.name,
    selection: profile.selection,
    createdAt,
    environment: { ...environmentOf(plan), ...await madeOn(store, runs) },
    config: profile.config,
    experiments,
    ...await loadData(plan),
    adaptations: await loadAdaptations(store, runs),
    labelAnalyses: await loadLabels(store, runs),
    paper: await readPaperResults(),
  };
}

async function loadRun(store: string, results: string, stage: Stage): Promise<RunResult | null> {
  const stored = await findStage(store, stage.spec);
  if (!stored) return null;
  const { dir, record } = stored;
  return {
    dir: relative(results, dir),
    key: record.key,
    seconds: record.wallSeconds,
    scores: await readScores(stored),
    test: await readPredictions(stored),
  };
}

/** Reads words with gold and predicted tags, as `tagAndScore` writes them. */
async function readPredictions(stored: StoredStage): Promise<ScoredSentence[]> {
  const text = await readStoredText(stored, "test.conll");
  const path = join(stored.dir, "test.conll");
  const gold = parseConll(text, { source: path, tagColumn: -2 });
  const predicted = parseConll(text, { source: path });
  return gold.map(({ words, tags }, i) => ({ words, gold: tags, predicted: predicted[i]!.tags }));
}

function environmentOf({ engine }: Plan): Record<string, string> {
  const { deno, v8 } = Deno.version;
  const { os, arch } = Deno.build;
  const processors = cpus();
  return {
    toolkit: toolkit.version,
    deno: `${deno} (V8 ${v8})`,
    engine,
    system: `${os} ${arch}`,
    processor: `${processors[0]?.model ?? "unknown"}, ${processors.length} cores`,
    instructions: instructionSets(),
  };
}

/** Lists the machines and packages that stored runs were made with; the machines may be others than this one. */
async function madeOn(store: string, runs: readonly PlannedRun[]): Promise<Record<string, string>> {
  const stages = new Map(runs.map(({ finetuned }) => [finetuned.key, finetuned]));
  const found = await Promise.all([...stages.values()].map(({ spec }) => findStage(store, spec)));
  const records = found.flatMap((stored) => stored?.record ?? []);
  const kinds = [
    ...Map.groupBy(
      records,
      ({ versions }) => Object.entries(versions).map(([name, value]) => `${name} ${value}`).join(", "),
    ),
  ];
  const packages = records.flatMap(({ code = {} }) => Object.keys(code))
    .filter((name) => name.startsWith("npm:")).map((name) => name.slice("npm:".length));
  return {
    ...Object.fromEntries(kinds.map(([kind, { length }], i) => {
      const of = kinds.length === 1 ? "" : ` (${i + 1} of ${kinds.length})`;
      return [`${length} run${length === 1 ? "" : "s"} made on${of}`, kind];
    })),
    ...(packages.length > 0 ? { packages: [...new Set(packages)].sort().join(", ") } : {}),
  };
}

/**
 * Collects statistics and findings of all data sets, the types that targets share with the source, and the surface
 * forms that training shows.
 */
async function loadData(
  plan: Plan,
): Promise<Pick<ReportData, "dataSets" | "dataFindings" | "sharedTypes" | "seenForms">> {
  const { source, targets } = await dataOfPlan(plan);
  const dataSets: DataStatistics[] = source ? [dataStatistics(source)] : [];
  const sourceTypes = new Set(dataSets.flatMap(typesOf));
  const sharedTypes: Record<string, string[]> = {};
  const seenForms: Record<string, Set<string>> = {};
  for (const target of targets) {
    const statistics = dataStatistics(target);
    const { name } = target;
    dataSets.push(statistics);
    sharedTypes[name] = typesOf(statistics).filter((type) => sourceTypes.has(type));
    seenForms[name] = surfaceForms(target.splits.train);
  }
  return { dataSets, dataFindings: await findingsOfPlan(plan), sharedTypes, seenForms };
}

function typesOf({ splits }: DataStatistics): string[] {
  return [...new Set(Object.values(splits).flatMap(({ entityTypes }) => Object.keys(entityTypes)))].sort();
}

type MlmCourse = Omit<AdaptationResult, "target" | "seconds">;

/** Reads the results of adapted encoders, each once. */
async function loadAdaptations(store: string, runs: readonly PlannedRun[]): Promise<AdaptationResult[]> {
  const found = new Map<string, AdaptationResult>();
  for (const { encoder, target } of runs) {
    if (encoder === null || !isStage(encoder) || encoder.spec.stage !== "dapt" || found.has(encoder.key)) {
      continue;
    }
    const stored = await findStage(store, encoder.spec);
    if (!stored) continue;
    const course = await readStored<MlmCourse>(stored, "mlm.json", MLM_COURSE);
    found.set(encoder.key, { target, seconds: stored.record.wallSeconds, ...course });
  }
  return [...found.values()];
}

async function loadLabels(store: string, runs: readonly PlannedRun[]): Promise<LabelAnalysis[]> {
  const analyses: LabelAnalysis[] = [];
  for (const { labels, target, system, adapt, seed } of runs) {
    const stored = labels && await findStage(store, labels.spec);
    if (!stored) continue;
    const found = await readStored<LabelFindings>(stored, "labels.json", LABEL_FINDINGS);
    analyses.push({ target, system, adapt, seed, ...found });
  }
  return analyses;
}

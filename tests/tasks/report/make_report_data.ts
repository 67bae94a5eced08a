/** A whole report for tests: generated sentences with errors in them, scored as real ones are. */
import { createRandom, type Random } from "../../../data/random.ts";
import { surfaceForms } from "../../../data/scores/error_classes.ts";
import { scoreSpans } from "../../../data/scores/scores.ts";
import { spansToTags, tagsToSpans } from "../../../data/tags/tag_scheme.ts";
import { parseConfig } from "../../../tasks/config/read_config.ts";
import type {
  LabelAnalysis,
  PaperResults,
  ReportData,
  ReportExperiment,
  ReportRun,
  RunResult,
} from "../../../tasks/report/report_data.ts";

/** Words that a page must show as they are. */
export const HOSTILE_WORDS = [
  "<script>alert(1)</script>",
  "</script>",
  "<!--<script>",
  "]]>",
  `"quoted"`,
  "it's",
  "R&D",
  "&lt;b&gt;",
  "<img/src=x/onerror=alert(1)>",
  "שלום",
  "مرحبا",
  "\u202eevil",
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
  "${alert(1)}",
  "{{x}}",
  "\\u003c/script\\u003e",
];

/** A test sentence. */
interface GoldSentence {
  words: string[];
  gold: string[];
}

type LabelMap = NonNullable<LabelAnalysis["before"]>;

/** How large the report is. */
export interface ReportSize {
  targets?: string[];
  seeds?: number[];
  nSentences?: number;
}

const CONFIG = `
name: laptop
encoder: sentence-transformers/all-MiniLM-L6-v2
data: { source: conll2003, targets: [ai, politics] }
systems: [bert-tagger, laner]
`;

const SHARED = ["person", "organisation", "location", "misc"];
const OTHERS = [
  "algorithm",
  "conference",
  "field",
  "metrics",
  "product",
  "programlang",
  "task",
  "university",
];
const TYPES = [...SHARED, ...OTHERS];

/** How often a system finds an entity. */
const SKILL: Readonly<Record<string, number>> = {
  "bert-tagger": 0.5,
  "laner": 0.62,
  "laner-without-label-context": 0.58,
  "laner-without-label-background": 0.57,
};

/** A full report: tables, a sweep, types, data, settings, labels, DAPT; some runs missing. */
export function makeReportData(size: ReportSize = {}): ReportData {
  const { targets = ["ai", "politics"], seeds = [555, 666, 777], nSentences = 30 } = size;
  const random = createRandom(5);
  const gold = new Map(targets.map((target) => [target, goldSentences(random.fork(target), nSentences)]));
  const config = parseConfig(CONFIG, { source: "laptop.yaml" });
  const results = new Map<string, RunResult>();
  /** The same run of two experiments has the same result, as in the store. */
  const run = (sketch: Partial<ReportRun>, setting: string, missing = false): ReportRun => {
    const { target = "ai", system = "laner", adapt = false, seed = 555, value = null } = sketch;
    const planned = { target, system, adapt, seed, value };
    if (missing) return { ...planned, result: null };
    const key = JSON.stringify([planned, setting]);
    const made = results.get(key) ?? makeResult(random.fork(key), planned, gold.get(target)!, results.size);
    results.set(key, made);
    return { ...planned, result: made };
  };
  const all = { target: targets, system: Object.keys(SKILL), adapt: [false, true], seed: seeds };
  const experiment = (
    rest: Pick<ReportExperiment, "name" | "title" | "show"> & Partial<ReportExperiment>,
  ): ReportExperiment => ({ config, vary: null, runs: [], ...rest });
  const widths = [10, 50, 100, 150, 500];
  const last = seeds.at(-1)!;
  return {
    name: "laptop",
    selection: null,
    createdAt: "2026-03-01T12:00:00Z",
    environment: { toolkit: "0.1.0", engine: "onnx", processor: `A <fast> & "quiet" one`, deno: "2.9.6" },
    config,
    experiments: [
      experiment({ name: "table_1", title: "Data sets", show: "data" }),
      experiment({
        name: "table_2",
        title: "Main comparison",
        show: "table",
        runs: product({ ...all, system: ["laner"] }).map((one) => run(one, "transfer")),
      }),
      experiment({
        name: "table_3",
        title: "Ablation",
        show: "table",
        runs: product(all).map((one) =>
          run(one, "transfer", one.seed === last && one.system === "laner-without-label-background")
        ),
      }),
      experiment({
        name: "table_4",
        title: "In-domain",
        show: "table",
        config: { ...config, pretrain: { ...config.pretrain, epochs: 0 } },
        runs: product({ ...all, system: ["bert-tagger", "laner"] }).map((one) =>
          run(one, "in-domain", one.target !== targets[0] || one.adapt)
        ),
      }),
      experiment({
        name: "figure_2",
        title: "F1 by entity type",
        show: "types",
        runs: product({
          ...all,
          target: targets.slice(0, 1),
          system: ["bert-tagger", "laner", "laner-without-label-background"],
        }).map((one) =>
          run(one, "transfer", one.seed === last && one.system === "laner-without-label-background")
        ),
      }),
      experiment({
        name: "figure_3",
        title: "Label width",
        show: "lines",
        vary: { key: "model.labelWidth", values: widths },
        runs: product({ ...all, target: targets.slice(0, 1), system: ["laner"], value: widths })
          .map((one) => run(one, "sweep", one.value === 500)),
      }),
      experiment({ name: "labels", title: "Label embeddings", show: "labels" }),
      experiment({ name: "table_5", title: "Settings", show: "settings" }),
    ],
    dataFindings: targets.map((dataSet) => ({
      kind: "test-in-train",
      dataSet,
      message: "test sentences that are in train, too: 1 of 30 (3.3 %)",
      counts: { nShared: 1, nSentences: 30 },
    })),
    dataSets: targets.map((name) => dataSet(name, gold.get(name)!)),
    sharedTypes: Object.fromEntries(targets.map((target) => [target, SHARED])),
    seenForms: Object.fromEntries(
      targets.map((target) => [
        target,
        surfaceForms(gold.get(target)!.slice(0, 10).map(({ words, gold }) => ({ words, tags: gold }))),
      ]),
    ),
    adaptations: targets.map((target, i) => ({
      target,
      seconds: 3601 + i,
      blocks: 12_345 + i,
      heldOut: 251 + i,
      losses: [2.913 + i, 2.417 + i],
      perplexity: { before: i === 0 ? 17.31 : null, after: 9.87 + i },
    })),
    labelAnalyses: [{
      target: targets[0]!,
      system: "laner",
      adapt: false,
      seed: seeds[0]!,
      before: labelMap(random.fork("before"), SHARED),
      after: labelMap(random.fork("after"), TYPES),
      attention: {
        words: ["Ada", "</title>", "&", "met", "him"],
        tags: ["B-person", "I-person", "O", "O", "O"],
        weights: [[1], [0.25, 0.75], [0.11, 0.22, 0.67], [0.1, 0.2, 0.3, 0.4], [0.05, 0.15, 0.2, 0.25, 0.35]],
      },
    }],
    paper: makePaperResults(),
  };
}

/** A report of which hardly anything is there: one run of one system, no paper, nothing else. */
export function makeMinimalData(): ReportData {
  const full = makeReportData({ targets: ["ai"], seeds: [555], nSentences: 3 });
  const table = full.experiments[1]!;
  return {
    ...full,
    environment: {},
    experiments: [{ ...table, runs: table.runs.slice(0, 1) }],
    dataFindings: [],
    dataSets: [],
    adaptations: [],
    labelAnalyses: [],
    paper: { source: "none", dataSets: {}, tables: {}, remarks: {}, settings: {} },
  };
}

function makePaperResults(): PaperResults {
  const rows: [string, boolean, number, number][] = [
    ["laner", false, 61.72, 71.65],
    ["bert-tagger", false, 58.88, 68.71],
    ["laner", true, 65.79, 74.06],
    ["flair", false, 52.48, 69.54],
  ];
  const table = rows.map(([system, adapt, ai, politics]) => ({ system, adapt, f1: { ai, politics } }));
  return {
    source: "Hu et al., Findings of NAACL 2022",
    dataSets: {
      ai: {
        sentences: [0.1, 0.4, 0.4],
        entities: [0.5, 1.5, 1.8],
        types: 14,
        remark: "counted with <others>.",
      },
    },
    tables: { table_2: table, table_3: table },
    remarks: {
      figure_2: "The paper prints a figure without numbers.",
      table_2: "The paper says that LANER is best.",
    },
    settings: { "train.batchSize": 16, "train.learningRate": 5e-5, "model.labelWidth": 120 },
  };
}

/** Every combination of some values, the first key varying slowest. */
function product(values: Record<string, readonly unknown[]>): Partial<ReportRun>[] {
  return Object.entries(values).reduce<Record<string, unknown>[]>(
    (rows, [key, list]) => rows.flatMap((row) => list.map((value) => ({ ...row, [key]: value }))),
    [{}],
  );
}

function goldSentences(random: Random, nSentences: number): GoldSentence[] {
  const plain = "the model of a new network was shown by them in 2019 and trained on data".split(" ");
  return Array.from({ length: nSentences }, (_, s) => {
    const words = Array.from({ length: 8 + random.integer(20) }, () => plain[random.integer(plain.length)]!);
    const spans = [];
    for (let start = random.integer(4); start + 3 < words.length; start += 3 + random.integer(5)) {
      const end = start + 1 + random.integer(3);
      for (let i = start; i < end; i++) words[i] = `Name${random.integer(40)}`;
      spans.push({ start, end, entityType: TYPES[Math.floor(TYPES.length * random.uniform() ** 2)]! });
    }
    // One after another, inside and outside of entities.
    words[s % words.length] = HOSTILE_WORDS[s % HOSTILE_WORDS.length]!;
    return { words, gold: spansToTags(spans, words.length) };
  });
}

function makeResult(
  random: Random,
  { system, adapt, value }: Omit<ReportRun, "result">,
  gold: readonly GoldSentence[],
  index: number,
): RunResult {
  const skill = SKILL[system]! + (adapt ? 0.08 : 0) +
    (typeof value === "number" ? 0.02 * Math.log10(value) : 0);
  const test = gold.map((sentence) => ({ ...sentence, predicted: predict(random, sentence.gold, skill) }));
  const scores = scoreSpans(test.map(({ gold }) => gold), test.map(({ predicted }) => predicted));
  const nEpochs = 5 + random.integer(20);
  const epochs = Array.from({ length: nEpochs }, (_, i) => ({
    epoch: i + 1,
    loss: 2 / (i + 1) + 0.05 * random.uniform(),
    devF1: scores.f1 * (1 - 0.7 / (i + 1)) + 0.02 * random.uniform(),
  }));
  return {
    dir: `stages/finetune-${index}`,
    key: `key-${index}`,
    seconds: 180 + index,
    scores: {
      dev: scores,
      test: scores,
      training: { epochs, bestEpoch: nEpochs - 2, stoppedBy: "patience" },
      predictSeconds: 2.5,
      nParameters: {
        encoder: 22_000_000,
        head: system === "bert-tagger" ? 11_165 : 20_000 + 900 * (typeof value === "number" ? value : 100),
      },
    },
    test,
  };
}

/** Finds some entities, and makes every kind of error on the others. */
function predict(random: Random, gold: readonly string[], skill: number): string[] {
  const spans = tagsToSpans(gold).flatMap((span) => {
    if (random.uniform() < skill) return [span];
    const entityType = TYPES[random.integer(TYPES.length)]!;
    switch (random.integer(4)) {
      case 0:
        return [];
      case 1:
        return [{ ...span, entityType }];
      case 2:
        return [{ ...span, end: Math.max(span.start + 1, span.end - 1) }];
      default:
        return [{ ...span, start: Math.min(span.end - 1, span.start + 1), entityType }];
    }
  });
  const isFree = gold.at(-1) === "O" && random.uniform() > skill;
  const place = gold.length - 1;
  return spansToTags(
    isFree ? [...spans, { start: place, end: place + 1, entityType: "misc" }] : spans,
    gold.length,
  );
}

function labelMap(random: Random, types: readonly string[]): LabelMap {
  const tags = ["O", ...types.flatMap((type) => [`B-${type}`, `I-${type}`])];
  return {
    tags,
    points: tags.map(() => [random.normal(), random.normal()] as const),
    explained: [0.31, 0.17],
    nearest: tags.map((_, t) =>
      [1, 2, 3].map((i) => ({ tag: tags[(t + i) % tags.length]!, cosine: 0.9 - i / 10 }))
    ),
  };
}

function dataSet(
  name: string,
  gold: readonly GoldSentence[],
): ReportData["dataSets"][number] {
  const entityTypes: Record<string, number> = {};
  for (const { entityType } of gold.flatMap(({ gold }) => tagsToSpans(gold))) {
    entityTypes[entityType] = (entityTypes[entityType] ?? 0) + 1;
  }
  const split = { nSentences: gold.length, nWords: 1234, nEntities: 5678, entityTypes };
  return {
    name,
    devOrigin: "file",
    nTypes: Object.keys(entityTypes).length,
    files: { test: { path: `${name}/test.txt`, sha256: "c0ffee".repeat(10) } },
    splits: { train: split, dev: { ...split, nSentences: 21 }, test: { ...split, nSentences: 4321 } },
  };
}

/** The error browser: a form, and the sentences as data, which a script in the page filters and shows. */
import type { VNode } from "npm:preact@10.28.2";
import { ERROR_KINDS, type ErrorKind, matchTags } from "../../../data/entity_errors.ts";
import { tagsToSpans } from "../../../data/tag_scheme.ts";
import type { ReportData, ScoredSentence } from "../report_data.ts";
import { doneRuns, systemName } from "../run_groups.ts";
import type { Section } from "./elements.tsx";

/** [start, end, entity type] */
type SpanTuple = [number, number, string];

/** The sentences of a target with all that was predicted on them. */
export interface BrowserTarget {
  types: string[];
  systems: string[];
  seeds: string[];
  /** Words and gold entities. */
  sentences: [words: readonly string[], gold: SpanTuple[]][];
  /** By "system/seed": entities and kinds of errors of each sentence. */
  runs: Record<string, [spans: SpanTuple[], kinds: ErrorKind[]][]>;
}

/** What the script reads: sentences by target. Runs of sweeps are left out, as there are too many. */
export function browserData({ experiments }: ReportData): Record<string, BrowserTarget> {
  const targets: Record<string, BrowserTarget> = {};
  for (
    const experiment of experiments.filter(({ vary, config }) =>
      vary === null && config.strategy !== "in-domain"
    )
  ) {
    for (const run of doneRuns(experiment)) {
      const { test } = run.result;
      const own = targets[run.target] ??= {
        ...{ types: [], systems: [], seeds: [], runs: {} },
        sentences: test.map(({ words, gold }) => [words, tuplesOf(gold)]),
      };
      const name = systemName(run), seed = String(run.seed);
      own.runs[`${name}/${seed}`] = test.map((sentence) => [tuplesOf(sentence.predicted), kindsOf(sentence)]);
      own.systems = distinct([...own.systems, name]);
      own.seeds = distinct([...own.seeds, seed]);
      const spans = test.flatMap(({ gold, predicted }) => [...tuplesOf(gold), ...tuplesOf(predicted)]);
      own.types = distinct([...own.types, ...spans.map(([, , type]) => type)]).sort();
    }
  }
  return targets;
}

function tuplesOf(tags: readonly string[]): SpanTuple[] {
  return tagsToSpans(tags).map(({ start, end, entityType }) => [start, end, entityType]);
}

function kindsOf(sentence: ScoredSentence): ErrorKind[] {
  const kinds = new Set(matchTags(sentence).map(({ kind }) => kind));
  return ERROR_KINDS.filter((kind) => kinds.has(kind));
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** The section; null without any predictions. */
export function errorBrowser(data: ReportData): Section | null {
  const targets = browserData(data);
  if (Object.keys(targets).length === 0) return null;
  // A "<" could end the script element; in JSON it may be written as an escape anywhere it can stand.
  const json = JSON.stringify(targets).replaceAll("<", "\\u003c");
  const select = (name: string, label: string, options: VNode[] = []) => (
    <label>
      {label}
      <select name={name}>{options}</select>
    </label>
  );
  const option = (value: string, text = value) => <option value={value}>{text}</option>;
  const body = (
    <div class="browser">
      <p class="lead">
        Test sentences with gold and predicted entities. A dashed frame and a ✗ mark what gold does not have.
      </p>
      <p class="needs-script">This part needs JavaScript; everything else on this page does without.</p>
      <form hidden>
        {select("target", "target")}
        {select("a", "system A")}
        {select("b", "system B")}
        {select("seed", "seed")}
        {select("kind", "errors of A", [
          option("", "any or none"),
          option("any", "some error"),
          option("none", "no error"),
          ...ERROR_KINDS.map((kind) => option(kind)),
        ])}
        {select("type", "entity type")}
        {select("only", "A against B", [
          option("", "all sentences"),
          option("differ", "A and B differ"),
          option("a-wrong", "A wrong, B right"),
          option("b-wrong", "A right, B wrong"),
        ])}
        <label>
          text<input name="text" type="search" />
        </label>
      </form>
      <div class="pages">
        <button type="button" disabled>Previous</button>
        <span class="status" role="status"></span>
        <button type="button" disabled>Next</button>
      </div>
      <div class="results"></div>
      <script id="sentences" type="application/json" dangerouslySetInnerHTML={{ __html: json }} />
    </div>
  );
  return { id: "sentences-browser", title: "Error browser", body };
}

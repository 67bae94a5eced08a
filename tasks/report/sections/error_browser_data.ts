/** The sentences of the error browser with gold entities and every system's errors, compact enough for one page. */
import { ERROR_KINDS, matchTags } from "../../../data/scores/entity_errors.ts";
import { tagsToSpans } from "../../../data/tags/tag_scheme.ts";
import { errorMessage } from "../../errors.ts";
import { rowName } from "../comparison.ts";
import type { ReportExperiment, ScoredSentence } from "../report_data.ts";
import { type DoneRun, doneRuns, groupRuns } from "../run_groups.ts";
import { detailParts } from "./detail_experiments.ts";

/** The data of the page's script; indices stand for kinds, types and entities. */
export interface ErrorBrowserData {
  kinds: readonly string[];
  targets: BrowserTarget[];
}

/** A target's test sentences, and the runs that were scored on them. */
export interface BrowserTarget {
  name: string;
  /** Entity types, the most frequent first. */
  types: string[];
  sentences: BrowserSentence[];
  runs: BrowserRun[];
}

/** Words, and gold entities as start, end (exclusive) and index of the type. */
export type BrowserSentence = [words: readonly string[], gold: [number, number, number][]];

/** The errors of a run by sentence; an entity without an error was found. */
export interface BrowserRun {
  /** The experiment, if a target has runs of several. */
  group: string;
  system: string;
  seed: number;
  errors: BrowserError[][];
}

/**
 * An error: the index of a gold entity (-1 for none) and its predicted counterpart, left out if the entity was missed.
 */
export type BrowserError =
  | [kind: number, gold: number]
  | [kind: number, gold: number, start: number, end: number, type: number];

/** Collects the sentences and errors of all runs that have sentences; null if none has. */
export function errorBrowserData(experiments: readonly ReportExperiment[]): ErrorBrowserData | null {
  const parts = Map.groupBy(
    detailParts(experiments).flatMap(({ experiment, target, title }) =>
      groupRuns(experiment).filter((group) => group.target === target).flatMap((group) =>
        doneRuns(group).filter(({ result }) => result.test.length > 0)
          .map((run) => ({ target, group: title, system: rowName(experiment, group), run }))
      )
    ),
    ({ target }) => target,
  );
  const targets = [...parts].map(([name, entries]) => browserTarget(name, entries));
  return targets.length === 0 ? null : { kinds: ERROR_KINDS, targets };
}

type Entry = { group: string; system: string; run: DoneRun };

function browserTarget(name: string, entries: readonly Entry[]): BrowserTarget {
  const first = entries[0]!;
  const sentences = first.run.result.test;
  const types = typesOf(entries.map(({ run }) => run.result.test));
  const idOf = new Map(types.map((type, id) => [type, id]));
  return {
    name,
    types,
    sentences: sentences.map(({ words, gold }) => [
      words,
      tagsToSpans(gold).map(({ start, end, entityType }) => [start, end, idOf.get(entityType)!]),
    ]),
    runs: entries.map(({ group, system, run }) => {
      checkSame(name, first.run, run);
      const errors = run.result.test.map((sentence) => errorsOf(sentence, idOf));
      return { group, system, seed: run.seed, errors };
    }),
  };
}

function errorsOf(sentence: ScoredSentence, idOf: ReadonlyMap<string, number>): BrowserError[] {
  const order = tagsToSpans(sentence.gold).map(({ start }) => start);
  return matchTags(sentence).flatMap(({ kind, gold, predicted }): BrowserError[] => {
    if (kind === "correct") return [];
    const place = gold ? order.indexOf(gold.start) : -1;
    const kindId = ERROR_KINDS.indexOf(kind);
    if (!predicted) return [[kindId, place]];
    return [[kindId, place, predicted.start, predicted.end, idOf.get(predicted.entityType)!]];
  });
}

/** Lists the types of gold and predicted entities, those with most gold entities first. */
function typesOf(runs: readonly (readonly ScoredSentence[])[]): string[] {
  const counts = new Map<string, number>();
  const add = (tags: readonly string[], n: number) => {
    for (const { entityType } of tagsToSpans(tags)) counts.set(entityType, (counts.get(entityType) ?? 0) + n);
  };
  for (const { gold } of runs[0]!) add(gold, 1);
  for (const { predicted } of runs.flat()) add(predicted, 0);
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([type]) => type);
}

/** Checks that two runs have the same sentences, without which systems cannot be compared. */
function checkSame(target: string, one: DoneRun, other: DoneRun): void {
  const [a, b] = [one, other].map(({ result }) => result.test);
  const same = a!.length === b!.length &&
    a!.every(({ words, gold }, i) =>
      words.join("\n") === b![i]!.words.join("\n") && gold.join() === b![i]!.gold.join()
    );
  if (same) return;
  const rule = `all runs on ${target} must have the same test sentences and gold tags as ${one.result.dir}`;
  throw new Error(errorMessage({ act: "show", subject: other.result.dir, rule }));
}

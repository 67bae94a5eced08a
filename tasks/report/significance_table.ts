/** Significance of the differences between systems of an experiment on one target. */
import type { Random } from "../../data/random.ts";
import { pairedTTest } from "../../data/scores/seed_tests.ts";
import {
  approximateRandomisation,
  pairedBootstrap,
  resampledF1,
  type RunCounts,
  type SentenceCounts,
  sentenceCounts,
} from "../../data/scores/significance.ts";
import { count, decimal, EMPTY, signed, textCell } from "./cells.ts";
import type { ReportExperiment } from "./report_data.ts";
import type { DoneRun } from "./run_groups.ts";
import { pairedRuns, type SystemRuns, systemRuns } from "./system_runs.ts";
import type { Cell, Table } from "./table.ts";

/** Options of {@link significanceTable}. */
export interface SignificanceOptions {
  /**
   * The generator; all pairs draw the same numbers from forks of it, so that a further system does not change other
   * pairs.
   */
  random: Random;
  /** Number of resamples. Default: 10,000. */
  nResamples?: number;
  /** The systems to compare with, by their names in tables ("laner + DAPT"). Default: all pairs. */
  against?: readonly string[];
}

/** P values below this are bold. */
const LEVEL = 0.05;

/**
 * Makes the table of differences in test F1 between the systems of an experiment on one target, in points of percent,
 * with a 95 % interval and p values: paired bootstrap and approximate randomisation over test sentences, and Student's
 * paired t test over seeds if two systems share three or more. Only seeds that both systems have are compared.
 *
 * @returns The table; null if no two systems have a seed in common.
 */
export function significanceTable(
  experiment: ReportExperiment,
  target: string,
  { random, nResamples = 10_000, against }: SignificanceOptions,
): Table | null {
  const systems = systemRuns(experiment, target);
  const isBase = ({ name }: SystemRuns) => !against || against.includes(name);
  const pairs = systems.flatMap((later, l) =>
    systems.slice(0, l).flatMap((earlier): (readonly [SystemRuns, SystemRuns])[] =>
      isBase(earlier) ? [[later, earlier]] : isBase(later) ? [[earlier, later]] : []
    )
  ).filter(([a, b]) => pairedRuns(a, b).first.length > 0);
  if (pairs.length === 0) return null;
  const compare = comparisons(systems, random, nResamples);
  const rows = pairs.map(([a, b]) => comparisonRow(a, b, compare));
  return {
    name: `${experiment.name}_significance_${target}`,
    caption: `Differences in test F1 on ${target}, in points of percent`,
    header: ["systems", "seeds", "difference", "95 % interval", "p bootstrap", "p randomisation", "p t test"],
    nRowHeaders: 1,
    rows,
    notes: [
      `Paired bootstrap (with the interval) and approximate randomisation over test sentences, ${
        count(nResamples)
      } resamples each; paired t test over seeds where there are three or more. Bold: p < ${LEVEL}.`,
      ...(pairs.length > 1
        ? [
          `The p values are not corrected for ${pairs.length} comparisons; Bonferroni's limit for ${LEVEL} is ${
            (LEVEL / pairs.length).toPrecision(2)
          }.`,
        ]
        : []),
    ],
  };
}

/** Compares runs of systems. Resamples are drawn once for all runs, however many others each is compared with. */
function comparisons(systems: readonly SystemRuns[], random: Random, nResamples: number) {
  const results = systems.flatMap(({ runs }) => runs.map(({ result }) => result));
  const counts = results.map(({ test }) =>
    sentenceCounts(test.map(({ gold }) => gold), test.map(({ predicted }) => predicted))
  );
  const scores = resampledF1(counts, { random: random.fork("bootstrap"), nResamples });
  const resample = (runs: RunCounts) => runs.map((run) => scores[counts.indexOf(run as SentenceCounts[])]!);
  return (first: readonly DoneRun[], second: readonly DoneRun[]) => {
    const countsOf = (runs: readonly DoneRun[]) => runs.map(({ result }) => counts[results.indexOf(result)]!);
    const a = countsOf(first);
    const b = countsOf(second);
    return {
      bootstrap: pairedBootstrap(a, b, { random, nResamples, resample }),
      swapped: approximateRandomisation(a, b, { random: random.fork("swaps"), nResamples }),
    };
  };
}

function comparisonRow(a: SystemRuns, b: SystemRuns, compare: ReturnType<typeof comparisons>): Cell[] {
  const { first, second } = pairedRuns(a, b);
  const { bootstrap, swapped } = compare(first, second);
  const f1 = ({ result }: DoneRun) => result.scores.test.f1;
  const [difference, low, high] = [bootstrap.difference, bootstrap.low, bootstrap.high].map((value) =>
    100 * value
  );
  return [
    textCell(`${a.name} − ${b.name}`),
    { text: String(first.length), value: first.length },
    { text: signed(difference!), value: difference },
    { text: `${decimal(low!)} to ${decimal(high!)}`, parts: { low: low!, high: high! } },
    pCell(bootstrap.pValue),
    pCell(swapped.pValue),
    first.length < 3 ? EMPTY : pCell(pairedTTest(first.map(f1), second.map(f1)).pValue),
  ];
}

function pCell(value: number): Cell {
  return { text: value < 0.001 ? "< 0.001" : value.toFixed(3), value, strong: value < LEVEL };
}

/** Whether systems differ by more than chance: every two of an experiment on one target. */
import type { Random } from "../../data/random.ts";
import { pairedTTest } from "../../data/seed_tests.ts";
import {
  approximateRandomisation,
  pairedBootstrap,
  type RunCounts,
  sentenceCounts,
} from "../../data/significance.ts";
import { count, decimal, EMPTY, signed, textCell } from "./cells.ts";
import type { ReportExperiment } from "./report_data.ts";
import type { DoneRun } from "./run_groups.ts";
import { pairedRuns, type SystemRuns, systemRuns } from "./system_runs.ts";
import type { Cell, Table } from "./table.ts";

/** How systems are compared. */
export interface SignificanceOptions {
  /** All pairs draw the same from forks of it, so that a further system changes no other pair's numbers. */
  random: Random;
  /** Default 10,000. */
  nResamples?: number;
  /** Compare only with these systems, by their names in tables ("laner + DAPT"). Default: each with each. */
  against?: readonly string[];
}

/** What is bold. */
const LEVEL = 0.05;

/**
 * Differences in test F1 between the systems of an experiment on one target, in points of percent, with a 95 %
 * interval and p values: paired bootstrap and approximate randomisation over test sentences, and Student's paired t
 * test over seeds where two systems share three or more. Only seeds that both systems have are compared.
 *
 * @returns null if no two systems have a seed in common.
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
  const rows = pairs.map(([a, b]) => comparisonRow(a, b, random, nResamples));
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

function comparisonRow(a: SystemRuns, b: SystemRuns, random: Random, nResamples: number): Cell[] {
  const { first, second } = pairedRuns(a, b);
  const counts = [first, second].map((runs): RunCounts => runs.map(countsOf));
  const bootstrap = pairedBootstrap(counts[0], counts[1], { random: random.fork("bootstrap"), nResamples });
  const swapped = approximateRandomisation(counts[0], counts[1], {
    random: random.fork("swaps"),
    nResamples,
  });
  const f1 = ({ result }: DoneRun) => result.scores.test.f1;
  const [difference, low, high] = [bootstrap.difference, bootstrap.low, bootstrap.high].map((value) =>
    100 * value
  );
  return [
    textCell(`${a.name} − ${b.name}`),
    { text: String(first.length), value: first.length },
    { text: signed(difference), value: difference },
    { text: `${decimal(low)} to ${decimal(high)}`, parts: { low, high } },
    pCell(bootstrap.pValue),
    pCell(swapped.pValue),
    first.length < 3 ? EMPTY : pCell(pairedTTest(first.map(f1), second.map(f1)).pValue),
  ];
}

function countsOf({ result }: DoneRun) {
  return sentenceCounts(result.test.map(({ gold }) => gold), result.test.map(({ predicted }) => predicted));
}

function pCell(value: number): Cell {
  return { text: value < 0.001 ? "< 0.001" : value.toFixed(3), value, strong: value < LEVEL };
}

/** Text reports of scores: conlleval.pl's and seqeval's. */
import type { Prf, SpanScores, SpanSetScores } from "./scores.ts";

/**
 * Formats scores as the CoNLL-2000 script conlleval.pl prints them, in percent with two decimals.
 *
 * The last number of a type's line counts the entities found.
 */
export function formatScores(scores: SpanScores): string {
  const { nWords, nGold, nFound, nCorrect } = scores;
  const figures = ({ nGold, nFound, nCorrect }: { nGold: number; nFound: number; nCorrect: number }) => {
    const { precision, recall, f1 } = percentages(nGold, nFound, nCorrect);
    return `precision: ${percent(precision)}%; recall: ${percent(recall)}%; FB1: ${percent(f1)}`;
  };
  const lines = [
    `processed ${nWords} tokens with ${nGold} phrases; found: ${nFound} phrases; correct: ${nCorrect}.`,
  ];
  if (nWords > 0) {
    lines.push(`accuracy: ${percent(100 * scores.nCorrectWords / nWords)}%; ${figures(scores)}`);
  }
  // Sorted here, because objects put names that are whole numbers first.
  for (const type of Object.keys(scores.perType).sort()) {
    const counts = scores.perType[type]!;
    lines.push(`${type.padStart(17)}: ${figures(counts)}  ${counts.nFound}`);
  }
  return lines.join("\n") + "\n";
}

/** Formats scores as seqeval's `classification_report` does, in fractions; the support counts the gold entities. */
export function formatClassificationReport(scores: SpanSetScores, options: { digits?: number } = {}): string {
  const { digits = 2 } = options;
  const rows: [string, Prf, number][] = Object.entries(scores.perType).map(([type, s]) => [type, s, s.nGold]);
  const averages: [string, Prf, number][] = [
    ["micro avg", scores.micro, scores.nGold],
    ["macro avg", scores.macro, scores.nGold],
    ["weighted avg", scores.weighted, scores.nGold],
  ];
  const width = [...rows, ...averages].reduce((most, [name]) => Math.max(most, name.length), digits);
  const line = (name: string, fields: string[]) =>
    `${name.padStart(width)} ${fields.map((field) => ` ${field.padStart(9)}`).join("")}`;
  const format = ([name, { precision, recall, f1 }, support]: [string, Prf, number]) =>
    line(name, [...[precision, recall, f1].map((value) => roundHalfEven(value, digits)), String(support)]);
  const header = line("", ["precision", "recall", "f1-score", "support"]);
  return [header, "", ...rows.map(format), "", ...averages.map(format), ""].join("\n");
}

/** Computes percentages from counts, in conlleval.pl's order of operations; another order may round differently. */
function percentages(nGold: number, nFound: number, nCorrect: number): Prf {
  const precision = nFound > 0 ? 100 * nCorrect / nFound : 0;
  const recall = nGold > 0 ? 100 * nCorrect / nGold : 0;
  const f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
  return { precision, recall, f1 };
}

function percent(value: number): string {
  return roundHalfEven(value, 2).padStart(6);
}

/** Writes a decimal as Perl's and Python's "%.2f" do: unlike toFixed, it rounds exact ties to the even digit. */
function roundHalfEven(value: number, digits: number): string {
  // A tie is a 5 at place `digits + 1` and nothing after it. toFixed is exact, and the doubles next to a tie differ
  // from it long before the 60th place.
  const [whole, decimals = ""] = value.toFixed(60).split(".");
  const isTie = /^50*$/.test(decimals.slice(digits));
  if (!isTie) return value.toFixed(digits);
  const down = digits === 0 ? whole : `${whole}.${decimals.slice(0, digits)}`;
  const lastDigit = Number(down!.at(-1));
  return lastDigit % 2 === 0 ? down! : value.toFixed(digits);
}

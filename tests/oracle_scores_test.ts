/** Scores against those of conlleval.pl, seqeval 1.2.2 and nervaluate 1.2.1. */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { formatScores } from "../data/scores/score_report.ts";
import {
  type CountedPrf,
  type Prf,
  scoreSpans,
  scoreSpanSets,
  type SpanSetScores,
} from "../data/scores/scores.ts";
import { scoreSemEval } from "../data/scores/semeval.ts";
import { type Scheme, type Span, spansToTags, tagsToSpans } from "../data/tags/tag_scheme.ts";
import { readOracle } from "./oracle_dir.ts";

interface Percentages {
  precision: number;
  recall: number;
  f1: number;
}

interface ConllevalCase {
  gold: string[][];
  pred: string[][];
  expected: Percentages & {
    tokens: number;
    goldPhrases: number;
    foundPhrases: number;
    correct: number;
    accuracy: number;
    perType: Record<string, Percentages & { found: number }>;
  };
}

Deno.test("scoreSpans() and formatScores() give what conlleval.pl prints", () => {
  const cases = readOracle<ConllevalCase[]>("conlleval_cases.json");
  assert(cases.length > 0, "no conlleval cases");
  cases.forEach(({ gold, pred, expected }, c) => {
    const scores = scoreSpans(gold, pred);
    assertEquals(
      [scores.nWords, scores.nGold, scores.nFound, scores.nCorrect],
      [expected.tokens, expected.goldPhrases, expected.foundPhrases, expected.correct],
      `case ${c}: counts`,
    );
    assertEquals(
      Object.keys(scores.perType).sort(),
      Object.keys(expected.perType).sort(),
      `case ${c}: types`,
    );
    const [, overall, ...typeLines] = formatScores(scores).trimEnd().split("\n");
    const figures = (text: string) => (text.match(/[\d.]+(?=%|$| {2})/g) ?? []).map(Number);
    const { accuracy, precision, recall, f1 } = expected;
    assertEquals(figures(overall!), [accuracy, precision, recall, f1], `case ${c}: ${overall}`);
    for (const line of typeLines) {
      const [type, text] = line.trim().split(/: (.*)/);
      const { precision, recall, f1, found } = expected.perType[type!]!;
      assertEquals(figures(text!), [precision, recall, f1, found], `case ${c}: ${line}`);
    }
    assertEquals(typeLines.length, Object.keys(expected.perType).length, `case ${c}: type lines`);
  });
});

/** [sentence, type, start, end) */
type SeqevalEntity = [number, string, number, number];

interface SeqevalCase {
  kind: string;
  scheme: Scheme;
  gold: string[][];
  pred: string[][];
  written?: { gold?: SeqevalEntity[]; pred?: SeqevalEntity[] };
  /** Or why there are no scores. */
  expected: SeqevalScores | { error: string };
}

interface SeqevalScores {
  gold: SeqevalEntity[];
  pred: SeqevalEntity[];
  perType: Record<string, Prf & { correct: number; found: number; gold: number }>;
  micro: Prf;
  macro: { [key in keyof Prf]: number | null };
  weighted: Prf;
}

interface SeqevalOracle {
  cases: SeqevalCase[];
  extraction: Record<Scheme, [string[], [string, number, number][]][]>;
}

const seqeval = readOracle<SeqevalOracle>("seqeval_cases.json");
const SCHEMES: Scheme[] = ["IOB1", "IOB2", "IOE1", "IOE2", "IOBES", "BILOU"];

function readAll(sentences: string[][], scheme: Scheme): Span[][] {
  return sentences.map((tags) => tagsToSpans(tags, { scheme, mode: "strict" }));
}

function asEntities(spans: Span[][]): SeqevalEntity[] {
  return spans.flatMap((sentence, s) =>
    sentence.map(({ start, end, entityType }): SeqevalEntity => [s, entityType, start, end])
  );
}

function asSpans(entities: SeqevalEntity[], nSentences: number): Span[][] {
  const spans: Span[][] = Array.from({ length: nSentences }, () => []);
  for (const [s, entityType, start, end] of entities) spans[s]!.push({ start, end, entityType });
  return spans;
}

function sorted<T extends unknown[]>(entities: T[]): T[] {
  return entities.map((entity) => JSON.stringify(entity)).sort().map((text) => JSON.parse(text));
}

/**
 * What seqeval reads of what is there. Its IOE1 lacks an entity of one word, E-, unless the word before it is E- of
 * the same type too; everything else is equal.
 */
function seenBySeqeval(spans: Span[], tags: string[], scheme: Scheme): Span[] {
  if (scheme !== "IOE1") return spans;
  return spans.filter(({ start }) => !tags[start]!.startsWith("E") || tags[start] === tags[start - 1]);
}

function assertPrf(actual: Prf, expected: { [key in keyof Prf]: number | null }, message: string) {
  for (const key of ["precision", "recall", "f1"] as const) {
    assertAlmostEquals(actual[key], expected[key] ?? 0, 1e-12, `${message}: ${key}`);
  }
}

function assertScores(scores: SpanSetScores, expected: SeqevalScores, message: string) {
  assertEquals(Object.keys(scores.perType).sort(), Object.keys(expected.perType).sort(), `${message}: types`);
  for (const [type, counts] of Object.entries(expected.perType)) {
    const { nCorrect, nFound, nGold }: CountedPrf = scores.perType[type]!;
    assertEquals(
      [nCorrect, nFound, nGold],
      [counts.correct, counts.found, counts.gold],
      `${message}: ${type}`,
    );
    assertPrf(scores.perType[type]!, counts, `${message}: ${type}`);
  }
  assertPrf(scores.micro, expected.micro, `${message}: micro`);
  assertPrf(scores.macro, expected.macro, `${message}: macro`);
  assertPrf(scores.weighted, expected.weighted, `${message}: weighted`);
  const isUndefined = expected.macro.f1 === null;
  assertEquals(isUndefined, Object.keys(expected.perType).length === 0, `${message}: macro is undefined`);
}

for (const scheme of SCHEMES) {
  const cases = seqeval.cases.filter((c) => c.scheme === scheme);

  Deno.test(`tagsToSpans() reads ${scheme} strictly as seqeval does`, () => {
    assert(cases.length > 0, `no ${scheme} cases`);
    for (const [tags, entities] of seqeval.extraction[scheme]) {
      const spans = seenBySeqeval(tagsToSpans(tags, { scheme, mode: "strict" }), tags, scheme);
      const actual = spans.map((
        { start, end, entityType },
      ): [string, number, number] => [entityType, start, end]);
      assertEquals(sorted(actual), sorted(entities), tags.join(" "));
    }
    cases.forEach(({ kind, gold, pred, written, expected }, c) => {
      for (const [side, sentences] of [["gold", gold], ["pred", pred]] as const) {
        const message = `${scheme} case ${c} (${kind}), ${side}`;
        if ("error" in expected) continue;
        const spans = readAll(sentences, scheme);
        const seen = spans.map((sentence, s) => seenBySeqeval(sentence, sentences[s]!, scheme));
        assertEquals(sorted(asEntities(seen)), sorted(expected[side]), message);
        const all = written?.[side];
        if (all !== undefined) assertEquals(sorted(asEntities(spans)), sorted(all), `${message}, as written`);
      }
    });
  });

  Deno.test(`scoreSpans() scores ${scheme} strictly as seqeval does`, () => {
    cases.forEach(({ kind, gold, pred, expected }, c) => {
      const message = `${scheme} case ${c} (${kind})`;
      const score = () => scoreSpans(gold, pred, { scheme, mode: "strict" });
      if ("error" in expected) {
        assertThrows(score, Error, "Cannot read tag", message);
        return;
      }
      const spans = [asSpans(expected.gold, gold.length), asSpans(expected.pred, pred.length)];
      assertScores(scoreSpanSets(spans[0]!, spans[1]!), expected, message);
      const isSeenWhole = [...gold, ...pred].every((tags) => {
        const read = tagsToSpans(tags, { scheme, mode: "strict" });
        return seenBySeqeval(read, tags, scheme).length === read.length;
      });
      if (isSeenWhole) assertScores(score(), expected, message);
    });
  });

  Deno.test(`spansToTags() writes the tags that were read when they are well-formed ${scheme}`, () => {
    const valid = cases.filter((c) => c.kind === "valid");
    assert(valid.length > 0, `no valid ${scheme} cases`);
    for (const { gold, pred } of valid) {
      for (const tags of [...gold, ...pred]) {
        const spans = tagsToSpans(tags, { scheme, mode: "strict" });
        assertEquals(spansToTags(spans, tags.length, { scheme }), tags);
        assertEquals(tagsToSpans(tags, { scheme }), spans, "well-formed tags read the same in both modes");
      }
    }
  });
}

type NervaluateScores = Record<"strict" | "exact" | "partial" | "ent_type", Record<string, number>>;

interface NervaluateCase {
  kind: string;
  gold: [string, number, number][];
  pred: [string, number, number][];
  expected: { overall: NervaluateScores; perType: Record<string, NervaluateScores> };
}

Deno.test("scoreSemEval() gives nervaluate's scores", () => {
  const { cases } = readOracle<{ cases: NervaluateCase[] }>("nervaluate_cases.json");
  assert(cases.length > 0, "no nervaluate cases");
  const spansOf = (entities: [string, number, number][]) =>
    entities.map(([entityType, start, end]): Span => ({ start, end, entityType }));
  cases.forEach(({ kind, gold, pred, expected }, c) => {
    const nWords = Math.max(0, ...[...gold, ...pred].map(([, , end]) => end));
    const actual = scoreSemEval([spansOf(gold)], [spansOf(pred)], [nWords]);
    assertEquals(
      Object.keys(actual.perType).sort(),
      Object.keys(expected.perType).sort(),
      `case ${c}: types`,
    );
    const pairs = [
      ["overall", actual.overall, expected.overall] as const,
      ...Object.entries(expected.perType).map(([type, scores]) =>
        [type, actual.perType[type], scores] as const
      ),
    ];
    for (const [name, scores, wanted] of pairs) {
      for (const [scenario, figures] of Object.entries(wanted)) {
        const ours = scores![scenario === "ent_type" ? "entityType" : scenario as keyof typeof scores];
        const message = `case ${c} (${kind}): ${name}, ${scenario}`;
        const { correct, incorrect, partial, missed, spurious, precision, recall, f1, ...rest } = figures;
        assertEquals(rest, {}, `${message}: figures that no test compares`);
        const { precision: p, recall: r, f1: f, ...counts } = ours;
        assertEquals(counts, { correct, incorrect, partial, missed, spurious }, message);
        assertPrf(
          { precision: p, recall: r, f1: f },
          { precision: precision!, recall: recall!, f1: f1! },
          message,
        );
      }
    }
  });
});

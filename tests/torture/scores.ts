/** Random tag files through `deno task evaluate`, and through second implementations of the rules that it follows. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import type { Random } from "../../data/random.ts";
import { type CountedPrf, scoreSpans, type SpanScores } from "../../data/scores/scores.ts";
import { NO_TYPE, type Scheme, SCHEME_PREFIXES } from "../../data/tags/tag.ts";
import { EVALUATE, evaluate } from "../../tasks/evaluate.ts";
import { type ConllevalCounts, conllevalCounts, conllevalReport } from "../conlleval_rules.ts";
import { parseConlleval, runConlleval } from "../conlleval_script.ts";
import { strictEntities } from "../scheme_rules.ts";
import { runForTest } from "../tasks/run_command.ts";
import { pick } from "./mutations.ts";
import type { Torture } from "./torture.ts";

const SCHEMES = Object.keys(SCHEME_PREFIXES) as Scheme[];

export const SCORES: Torture = {
  name: "scores",
  what: "tag files",
  tries: { test: 1000, torture: 20_000 },
  begin: (folder) => {
    const file = join(folder, "tags.txt");
    const script = Deno.env.get("CONLLEVAL");
    return async (random) => {
      const scheme = pick(random, SCHEMES);
      const { gold, predicted } = tagFile(random, scheme);
      const call = (...flags: string[]) => runForTest(EVALUATE, evaluate, [file, ...flags]);
      const run = async (...flags: string[]) => {
        const { code, printed, errors } = await call(...flags);
        assertEquals([code, errors.replace(/[:.] .*|\.$/s, "")], [0, remarkOn(gold, predicted)]);
        return printed;
      };
      const text = columnsOf(random, gold, predicted);
      await Deno.writeTextFile(file, text);
      const strictFlags = ["--json", "--strict", "--scheme", scheme];
      const { code, errors } = await call(...strictFlags);
      if (code === 0) assertEquals(isCounted(gold, scheme), true);
      else assertMatch(errors, /^Error: Cannot use tag .*; with --strict the entity would not be counted, /);
      const strict = code === 0
        ? JSON.parse(await run(...strictFlags))
        : scoreSpans(gold, predicted, { scheme, mode: "strict" });
      assertEquals(countsOf(strict), strictCounts(gold, predicted, scheme));
      // conlleval.pl knows B, I, E and O.
      if (scheme === "IOBES" || scheme === "BILOU") return `right in ${scheme}`;

      const expected = conllevalCounts(gold, predicted);
      const { "": untyped, ...perType } = expected.perType;
      if (untyped !== undefined) expected.perType = { ...perType, [NO_TYPE]: untyped };
      const scores: SpanScores = JSON.parse(await run("--json"));
      const report = await run();
      assertEquals([scores.nWords, scores.nCorrectWords], [expected.tokens, expected.correctTags]);
      assertEquals(countsOf(scores), asCounts(expected));
      assertEquals(report, conllevalReport(expected).trimEnd());
      if (script === undefined) return `right in ${scheme} and by conlleval's rules`;
      assertEquals(parseConlleval(report), parseConlleval(await runConlleval(script, text)));
      return `right in ${scheme} and by conlleval.pl itself`;
    };
  },
};

/** Whether every tag is part of an entity as strict reading counts them, but for tags of no type. */
function isCounted(gold: readonly string[][], scheme: Scheme): boolean {
  return gold.every((tags) => {
    const counted = new Set(
      strictEntities(tags, scheme).flatMap(({ start, end }) =>
        Array.from({ length: end - start }, (_, i) => start + i)
      ),
    );
    return tags.every((tag, i) => tag === "O" || tag.length < 3 || counted.has(i));
  });
}

/** How what is said begins of an F1 that is 0 for want of entities, or of a type in both. */
function remarkOn(gold: readonly string[][], predicted: readonly string[][]): string {
  const [golden, found] = [gold, predicted].map((tags) =>
    new Set(tags.flat().filter((tag) => tag !== "O").map((tag) => tag.slice(2)))
  );
  if (golden!.size === 0) return "The gold tags hold no entity";
  return found!.size > 0 && golden!.isDisjointFrom(found!) ? "No entity type is in both" : "";
}

const TYPES = "a|b|x|B|O|per-son|I-a|-|a-|0|9|10|é|__proto__|constructor|a_very_long_name_of_a_type".split(
  "|",
);

/** The prefixes of an entity of three words. */
const ENTITIES: Record<Scheme, string> = {
  IOB1: "III",
  IOB2: "BII",
  IOE1: "III",
  IOE2: "IIE",
  IOBES: "BIE",
  BILOU: "BIL",
};

/** Tags of a few sentences; the predicted ones are the gold ones with some changed. */
function tagFile(random: Random, scheme: Scheme): { gold: string[][]; predicted: string[][] } {
  const types = random.shuffle([...TYPES]).slice(0, 1 + random.integer(4));
  const share = pick(random, [0.05, 0.3, 0.7]);
  const errors = pick(random, [0, 0.1, 0.4, 1]);
  const tag = (): string => {
    if (random.uniform() >= share) return "O";
    const prefix = pick(random, [...SCHEME_PREFIXES[scheme]]);
    return random.integer(20) === 0 ? prefix : `${prefix}-${pick(random, types)}`;
  };
  // Whole entities of several words, which independent tags seldom make, and such with one thing wrong.
  const part = (): string[] => {
    const one = tag();
    const type = one.slice(1);
    return one === "O" || random.integer(3) > 0
      ? [one]
      : [...ENTITIES[scheme]].map((prefix) => prefix + type);
  };
  const change = (one: string, share: number): string => {
    if (random.uniform() >= share) return one;
    const other = tag();
    return one === "O" || other === "O"
      ? other
      : pick(random, [other, one[0] + other.slice(1), other[0] + one.slice(1)]);
  };
  const gold = Array.from({ length: 1 + random.integer(6) }, () => {
    const whole = Array.from({ length: 1 + random.integer(7) }, part).flat();
    return whole.map((one) => change(one, 0.1));
  });
  return { gold, predicted: gold.map((tags) => tags.map((one) => change(one, errors))) };
}

/** A file as conlleval.pl reads it. */
function columnsOf(random: Random, gold: string[][], predicted: string[][]): string {
  const more = pick(random, ["", " NNP I-NP"]);
  const sentences = gold.map((tags, s) =>
    tags.map((tag, w) => `w${w}${more} ${tag} ${predicted[s]![w]}\n`).join("")
  );
  return pick(random, ["", "\n"]) + sentences.join(pick(random, ["\n", "\n\n\n"])) + pick(random, ["", "\n"]);
}

/** Gold, found and correct entities by type; those of all types under "all of them". */
type Counts = Record<string, [number, number, number]>;

function countsOf({ perType, ...all }: SpanScores): Counts {
  const three = (
    { nGold, nFound, nCorrect }: CountedPrf,
  ): [number, number, number] => [nGold, nFound, nCorrect];
  return Object.fromEntries(
    [...Object.entries(perType), ["all of them", all] as const].map(([t, c]) => [t, three(c)]),
  );
}

function asCounts({ perType, ...all }: ConllevalCounts): Counts {
  const entries = [...Object.entries(perType), ["all of them", all] as const];
  return Object.fromEntries(
    entries.map(([type, { gold, found, correct }]) => [type, [gold, found, correct]]),
  );
}

function strictCounts(gold: string[][], predicted: string[][], scheme: Scheme): Counts {
  const entities = (sentences: string[][]) =>
    sentences.flatMap((tags, s) =>
      strictEntities(tags, scheme).map((one) => [s, one.entityType, one.start, one.end])
    );
  const golds = entities(gold);
  const found = entities(predicted);
  const foundTexts = new Set(found.map(String));
  const correct = golds.filter((one) => foundTexts.has(String(one)));
  const types = new Set([...golds, ...found].map(([, type]) => type));
  const three = [golds, found, correct];
  return Object.fromEntries([
    ...[...types].map((type) => [type, three.map((list) => list.filter((one) => one[1] === type).length)]),
    ["all of them", three.map((list) => list.length)],
  ]);
}

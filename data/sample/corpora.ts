import { createRandom, type Random } from "../random.ts";
import type { Sentence } from "../text/conll.ts";
import { drawSentence, type Grammar } from "./grammar.ts";
import { createNames } from "./names.ts";
import { newsGrammar } from "./news.ts";
import { researchGrammar } from "./research.ts";

/** The number of sentences in each part of a domain. */
export interface DomainSizes {
  train: number;
  dev: number;
  test: number;
  /** Unlabelled sentences. */
  text: number;
}

/** Labelled sentences, IOB2. */
export interface Splits {
  train: Sentence[];
  dev: Sentence[];
  test: Sentence[];
}

/** A source and a target domain for cross-domain NER. */
export interface SampleCorpora {
  source: Splits;
  target: Splits;
  /** Unlabelled sentences of the source domain, words joined by spaces, none of them in `source`. */
  sourceText: string[];
  /** Unlabelled sentences of the target domain, words joined by spaces, none of them in `target`. */
  targetText: string[];
}

const SIZES: { source: DomainSizes; target: DomainSizes } = {
  source: { train: 2000, dev: 300, test: 400, text: 4000 },
  target: { train: 100, dev: 200, test: 400, text: 4000 },
};

/**
 * Writes the sample corpora: a news-like source with the types person, organisation, location and misc, and a
 * target about machine learning research that adds researcher, university, conference, algorithm, task and metrics.
 *
 * Every name and sentence is invented. No sentence occurs twice within a domain, in any of its parts. A smaller
 * training set is the beginning of a larger one with the same seed; test and dev do not depend on its size.
 *
 * @param seed The seed; equal seeds and sizes give equal corpora.
 * @param sizes Numbers of sentences that differ from the default (source 2,000 train, 300 dev, 400 test, 4,000
 * text; target 100, 200, 400, 4,000).
 * @returns The corpora.
 * @throws {Error} If a size is not a whole number of at least 0, or the grammar has fewer sentences than that.
 *
 * @example
 * ```ts
 * import { createSampleCorpora } from "@laner/laner";
 *
 * const { target } = createSampleCorpora(1, { target: { train: 50 } });
 * console.log(target.train.length, target.train[0]!.words.join(" "));
 * ```
 */
export function createSampleCorpora(
  seed: number,
  sizes: { source?: Partial<DomainSizes>; target?: Partial<DomainSizes> } = {},
): SampleCorpora {
  const random = createRandom(seed);
  const names = createNames(random.fork("names"));
  const source = drawDomain(newsGrammar(names), random.fork("source"), { ...SIZES.source, ...sizes.source });
  const target = drawDomain(researchGrammar(names), random.fork("target"), {
    ...SIZES.target,
    ...sizes.target,
  });
  return { source: source.splits, target: target.splits, sourceText: source.text, targetText: target.text };
}

function drawDomain(
  grammar: Grammar,
  random: Random,
  sizes: DomainSizes,
): { splits: Splits; text: string[] } {
  const seen = new Set<string>();
  // Test first, and each part from a generator of its own, so that no part depends on the size of a later one.
  const part = (name: keyof DomainSizes) => drawDistinct(grammar, random.fork(name), name, sizes[name], seen);
  const test = part("test");
  const dev = part("dev");
  const train = part("train");
  return { splits: { train, dev, test }, text: part("text").map(({ words }) => words.join(" ")) };
}

function drawDistinct(
  grammar: Grammar,
  random: Random,
  part: string,
  size: number,
  seen: Set<string>,
): Sentence[] {
  if (!Number.isInteger(size) || size < 0) {
    throw new Error(
      `Cannot write "${part}": a size is a whole number of at least 0, current value is ${size}`,
    );
  }
  const sentences: Sentence[] = [];
  let nRepeated = 0;
  while (sentences.length < size) {
    const sentence = drawSentence(grammar, "sentence", random);
    const text = sentence.words.join(" ");
    if (repeatsEntity(sentence)) continue;
    if (!seen.has(text)) {
      seen.add(text);
      sentences.push(sentence);
    } else if (++nRepeated > 20 * size + 1000) {
      throw new Error(
        `Cannot write "${part}": the grammar has to have that many distinct sentences, current value is ${size}`,
      );
    }
  }
  return sentences;
}

/** Tells whether a sentence names one entity twice ("Marville beat Marville"), as two draws can. */
function repeatsEntity({ words, tags }: Sentence): boolean {
  const entities: string[] = [];
  tags.forEach((tag, i) => {
    if (tag.startsWith("B-")) entities.push(words[i]!);
    else if (tag.startsWith("I-")) entities[entities.length - 1] += ` ${words[i]}`;
  });
  return new Set(entities).size < entities.length;
}

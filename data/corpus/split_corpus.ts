/** Parts of a corpus that is one list of sentences. */
import { createRandom } from "../random.ts";
import type { Sentence } from "../text/sentence.ts";
import type { Corpus } from "./corpus.ts";

/** A sentence with the name of its document, where it has one. */
export interface DocumentSentence {
  sentence: Sentence;
  document?: string | number;
}

/**
 * Splits sentences into train, dev and test, each in the order of the whole.
 *
 * Sentences of one document stay together, so that no part knows the names of another's documents; the shares are then
 * met as closely as documents allow.
 *
 * @param shares Shares in percent, such as "80/10/10".
 * @param seed Seed of the choice.
 * @param source Name of the sentences in errors.
 * @throws {Error} If a part would be empty.
 */
export function splitCorpus(
  sentences: readonly DocumentSentence[],
  { shares, seed, source }: { shares: string; seed: number; source: string },
): Corpus {
  const units = unitsOf(sentences);
  const [, dev, test] = shares.split("/").map((share) => Number(share) / 100 * sentences.length);
  const partOf = new Map<DocumentSentence, keyof Corpus>();
  const order = createRandom(seed).fork("split").shuffle(units);
  let at = 0;
  // Takes documents up to the one that would overshoot by more than half of it; every part gets one.
  for (const [name, wanted] of [["test", test!], ["dev", dev!], ["train", Infinity]] as const) {
    for (let taken = 0; at < order.length && (taken === 0 || taken + order[at]!.length / 2 <= wanted);) {
      const unit = order[at++]!;
      taken += unit.length;
      for (const one of unit) partOf.set(one, name);
    }
  }
  const part = (name: keyof Corpus) =>
    sentences.filter((one) => partOf.get(one) === name).map(({ sentence }) => sentence);
  const corpus: Corpus = { train: part("train"), dev: part("dev"), test: part("test") };
  const empty = (["train", "dev", "test"] as const).find((name) => corpus[name].length === 0);
  if (empty !== undefined) {
    throw new Error(
      `Cannot split "${source}": ${empty} of ${shares} must get a sentence, current value is ${units.length} ` +
        `${units.length === sentences.length ? "sentences" : "documents"}`,
    );
  }
  return corpus;
}

/** Groups sentences by document; a sentence without one is a group of its own. */
function unitsOf(sentences: readonly DocumentSentence[]): DocumentSentence[][] {
  const documents = new Map<string | number, DocumentSentence[]>();
  const units: DocumentSentence[][] = [];
  for (const one of sentences) {
    const known = one.document === undefined ? undefined : documents.get(one.document);
    if (known !== undefined) {
      known.push(one);
      continue;
    }
    const unit = [one];
    units.push(unit);
    if (one.document !== undefined) documents.set(one.document, unit);
  }
  return units;
}

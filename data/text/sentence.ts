/** Sentences of tagged words, and the lines of the file that they were read from. */

/** A sentence of a column file. */
export interface Sentence {
  /** The words; none is empty. */
  words: string[];
  /** The tags, one a word. */
  tags: string[];
}

/** The file that a sentence was read from, and the line of each word in it, counted from 1. */
export interface Origin {
  source: string;
  lines: readonly number[];
}

/** The origins of sentences, kept outside of them so that a {@link Sentence} is its words and tags alone. */
const origins = new WeakMap<Sentence, Origin>();

/** Notes where a sentence was read, and returns the sentence. */
export function withOrigin(sentence: Sentence, origin: Origin | undefined): Sentence {
  if (origin !== undefined) origins.set(sentence, origin);
  return sentence;
}

/** Returns the file and lines that a sentence was read from; undefined if it was not read from a file. */
export function originOf(sentence: Sentence): Origin | undefined {
  return origins.get(sentence);
}

/**
 * Returns the line that each word of a sentence was read from, counted from 1; undefined if it was not read from a
 * file.
 */
export function linesOf(sentence: Sentence): readonly number[] | undefined {
  return origins.get(sentence)?.lines;
}

/**
 * Tells where a word of a sentence was read, "train.txt:12", for errors.
 *
 * For a sentence that was not read from a file, it is the word's place in the sentence.
 */
export function placeOf(sentence: Sentence, wordIndex: number): string {
  const origin = origins.get(sentence);
  if (origin === undefined) return `word ${wordIndex + 1} of "${sentence.words.slice(0, 8).join(" ")}"`;
  return `${origin.source}:${origin.lines[wordIndex]}`;
}

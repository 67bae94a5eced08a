/** The input of prediction: sentences of words, with the place of each word in the input. */
import { SPACES } from "../../data/text/characters.ts";
import { lineAt } from "../../data/text/check_text.ts";
import { linesOf, MAX_SENTENCE_WORDS, parseConll } from "../../data/text/conll.ts";
import { shiftParts, splitText } from "../../data/text/entities.ts";
import type { TextPart } from "../../data/text/text_words.ts";
import { errorMessage } from "../errors.ts";

/** The kinds of input. */
export const INPUT_KINDS = ["text", "paragraphs", "words", "conll"] as const;
export type InputKind = typeof INPUT_KINDS[number];

/**
 * Splits an input into sentences of words.
 *
 * White space of any kind and control characters end a word, except in columns, which `parseConll` reads. A byte order
 * mark at the start of a word is not part of it.
 *
 * @param text The whole input.
 * @param kind `text` is running text whose lines end sentences, `paragraphs` one whose lines are wrapped, `words` a
 * sentence a line with spaces between words, `conll` columns.
 * @param source Its name for errors.
 * @returns Sentences with at least one word, each word with its place in UTF-16 code units of the input.
 * @throws Error naming the line of a sentence that is longer than `MAX_SENTENCE_WORDS`, and as `parseConll` does.
 */
export function readSentences(text: string, kind: InputKind, source: string): TextPart[][] {
  const read = { text: fromText, paragraphs: fromParagraphs, words: fromLines, conll: fromColumns };
  const sentences = read[kind](text, source);
  for (const words of sentences) {
    if (words.length <= MAX_SENTENCE_WORDS) continue;
    const place = `${source}:${lineAt(text, words[0]!.start)}`;
    const rule = `a sentence must have at most ${MAX_SENTENCE_WORDS} words`;
    throw new Error(errorMessage({ act: "read", subject: source, place, rule, value: words.length }));
  }
  return sentences.filter((words) => words.length > 0);
}

function fromText(text: string): TextPart[][] {
  return splitText(text);
}

function fromParagraphs(text: string): TextPart[][] {
  return splitText(text, { paragraphs: true });
}

const WORD = new RegExp(`[^${SPACES}\\ufeff][^${SPACES}]*`, "gv");

function fromLines(text: string): TextPart[][] {
  return [...text.matchAll(/[^\r\n]+/g)].map((line) => {
    const words = [...line[0].matchAll(WORD)].map((match) => ({
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
    }));
    return shiftParts(words, line.index);
  });
}

/** Reads columns; only a byte order mark and spaces may stand before the first word of a line. */
function fromColumns(text: string, source: string): TextPart[][] {
  let line = 1;
  let lineStart = 0;
  return parseConll(text, { source }).map((sentence) =>
    sentence.words.map((word, w) => {
      for (const wordLine = linesOf(sentence)![w]!; line < wordLine; line++) {
        lineStart = text.indexOf("\n", lineStart) + 1;
      }
      const start = text.indexOf(word, lineStart);
      return { text: word, start, end: start + word.length };
    })
  );
}

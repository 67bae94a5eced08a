/** Reading what is to be tagged: sentences of words, and where each word stands in the input. */
import { parseConll } from "../data/conll.ts";
import { shiftParts, splitText } from "../data/entities.ts";
import type { TextPart } from "../data/text_words.ts";

/** What a file can hold. */
export const INPUT_KINDS = ["text", "words", "conll"] as const;
export type InputKind = typeof INPUT_KINDS[number];

/**
 * Splits an input into sentences of words.
 *
 * @param text The whole input.
 * @param kind `text` is running text, `words` a sentence a line with spaces between words, `conll` columns.
 * @param source Its name for errors.
 * @returns Sentences with at least one word, each word with its place in UTF-16 code units of the input.
 */
export function readSentences(text: string, kind: InputKind, source: string): TextPart[][] {
  const sentences = { text: splitText, words: fromLines, conll: fromColumns }[kind](text, source);
  return sentences.filter((words) => words.length > 0);
}

function fromLines(text: string): TextPart[][] {
  return [...text.matchAll(/[^\r\n]+/g)].map((line) => {
    const words = [...line[0].matchAll(/\S+/g)].map((match) => ({
      text: match[0],
      start: match.index,
      end: match.index + match[0].length,
    }));
    return shiftParts(words, line.index);
  });
}

/** Each word is looked for at the beginnings of the lines after the one before. */
function fromColumns(text: string, source: string): TextPart[][] {
  const lines = text.matchAll(/[^\r\n]+/g);
  return parseConll(text, { source }).map(({ words }) =>
    words.map((word) => {
      for (const line of lines) {
        // A byte order mark may stand before the first word.
        const offset = line[0].startsWith(word) ? 0 : line[0].startsWith(`\uFEFF${word}`) ? 1 : -1;
        if (offset < 0) continue;
        const start = line.index + offset;
        return { text: word, start, end: start + word.length };
      }
      throw new Error(`Cannot find the word "${word}" in ${source}`);
    })
  );
}

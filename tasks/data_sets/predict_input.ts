/** The input of prediction: sentences of words, with the place of each word in the input. */
import { SPACES } from "../../data/text/characters.ts";
import { lineAt } from "../../data/text/check_text.ts";
import { type ReadOptions, readSettings } from "../../data/formats/read_settings.ts";
import { readColumns } from "../../data/text/columns.ts";
import { linesOf, MAX_SENTENCE_WORDS, noSentence } from "../../data/text/conll.ts";
import { shiftParts, splitText } from "../../data/text/entities.ts";
import type { TextPart } from "../../data/text/text_words.ts";
import { errorMessage } from "../errors.ts";
import { fileProblems } from "./data_set_problems.ts";

/** The kinds of input. */
export const INPUT_KINDS = ["text", "paragraphs", "words", "conll"] as const;
export type InputKind = typeof INPUT_KINDS[number];

/**
 * Splits an input into sentences of words.
 *
 * White space of any kind and control characters end a word, except in columns, which `readColumns` reads. A byte order
 * mark at the start of a word is not part of it.
 *
 * @param text The whole input.
 * @param kind `text` is running text whose lines end sentences, `paragraphs` one whose lines are wrapped, `words` a
 * sentence a line with spaces between words, `conll` columns.
 * @param source Its name for errors.
 * @param layout How columns are read; other kinds have no layout.
 * @returns Sentences with at least one word, each word with its place in UTF-16 code units of the input.
 * @throws Error naming the line of a sentence that is longer than `MAX_SENTENCE_WORDS`, and of the first errors of columns.
 */
export function readSentences(
  text: string,
  kind: InputKind,
  source: string,
  layout: ReadOptions = {},
): TextPart[][] {
  const read = { text: fromText, paragraphs: fromParagraphs, words: fromLines, conll: fromColumns };
  const sentences = read[kind](text, source, layout);
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

/** Reads the words of columns, whose tags do not matter. */
function fromColumns(text: string, source: string, layout: ReadOptions): TextPart[][] {
  let line = 1;
  let lineStart = text.startsWith("\uFEFF") ? 1 : 0;
  const settings = readSettings(layout);
  const wordColumn = settings.wordColumn ?? 0;
  const options = { ...settings, wordColumn, tagColumn: null, source, withPlaces: true };
  const sentences = readColumns(text, options);
  const problems = sentences.flatMap(({ problems }) => problems);
  if (problems.length > 0) throw new Error(fileProblems({ problems, fitting: [] }, "", source).join("\n"));
  if (sentences.length === 0) throw new Error(noSentence(source));
  return sentences.map(({ sentence, starts }) =>
    sentence.words.map((word, w) => {
      for (const wordLine = linesOf(sentence)![w]!; line < wordLine; line++) {
        lineStart = text.indexOf("\n", lineStart) + 1;
      }
      const start = lineStart + starts![w]!;
      return { text: word, start, end: start + word.length };
    })
  );
}

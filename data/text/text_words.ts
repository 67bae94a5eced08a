import { goesOnAfter } from "./abbreviations.ts";
import { CONTROLS, IGNORABLES, SPACES } from "./characters.ts";
import { cleanText } from "./clean_text.ts";
import { WORD_PATTERN } from "./word_pattern.ts";

/** A word or a sentence, and its place in the text. */
export interface TextPart {
  /** The text of the part. */
  text: string;
  /** Start, in UTF-16 code units. */
  start: number;
  /** End, exclusive. */
  end: number;
}

/** Clitics that are words of their own in the Penn Treebank and in CoNLL-2003: Germany|'s, do|n't, they|'re. */
const CLITIC = /(?:['’](?:s|re|ve|ll|d|m)|n['’]t)$/iu;

/** The segmenter; made when first needed, because loading its dictionaries takes a while. */
let segmenterOfWords: Intl.Segmenter | undefined;

/**
 * Splits a text into words as the corpora of named entity recognition do.
 *
 * White space ends a word, and punctuation is a word of its own except inside numbers (`1,000.5`, `19/11/96`),
 * abbreviations (`U.S.`, `J.` and `Mr.` before a name), hyphenated and compound names (`e-mail`, `O'Brien`, `AT&T`) and
 * addresses. English clitics are split off: `Germany's` is `Germany` and `'s`, `don't` is `do` and `n't`, as in the
 * Penn Treebank.
 *
 * Each ideograph is a word of its own, also beside letters and digits of other scripts. Runs of kana, Thai, Lao, Khmer
 * and Burmese are split by the dictionaries of `Intl.Segmenter`. An address ends before any of them.
 *
 * Control characters are white space. Characters without width (soft hyphens, zero-width spaces and joiners, marks of
 * direction, variation selectors: Unicode's `Default_Ignorable_Code_Point`) do not end a word: they belong to the word
 * that they stand in or beside, and are never a word alone. Two belong to no word: U+FEFF before a word, where it is a
 * byte order mark, and U+200B beside Thai, Lao, Khmer and Burmese, where it marks a word's end. Every other character
 * is in exactly one word.
 *
 * @param text Any text, best a single sentence.
 * @returns Words in order, `text.slice(start, end)` each.
 *
 * @example
 * ```ts
 * import { splitWords } from "@laner/laner";
 *
 * console.log(splitWords("U.S. exports rose.").map(({ text }) => text)); // ["U.S.", "exports", "rose", "."]
 * console.log(splitWords("iPhone手机").map(({ text }) => text)); // ["iPhone", "手", "机"]
 * ```
 */
export function splitWords(text: string): TextPart[] {
  const words: TextPart[] = [];
  const clean = cleanText(text);
  const add = (from: number, to: number) => {
    const { start, end } = clean.placeOf(from, to);
    words.push({ text: text.slice(start, end), start, end });
  };
  for (const match of clean.text.matchAll(WORD_PATTERN)) {
    const start = match.index;
    const end = start + match[0].length;
    // Asking for every single letter would dominate the time.
    if (match[1] !== undefined && match[1].length > 1) {
      segmenterOfWords ??= new Intl.Segmenter("en", { granularity: "word" });
      for (const { segment, index } of segmenterOfWords.segment(match[1])) {
        add(start + index, start + index + segment.length);
      }
      continue;
    }
    const clitic = CLITIC.exec(match[0])?.[0].length ?? 0;
    if (clitic > 0 && clitic < match[0].length) {
      add(start, end - clitic);
      add(end - clitic, end);
    } else add(start, end);
  }
  return words;
}

/** Options of {@link splitSentences}. */
export interface SplitOptions {
  /** Language of the rules, a BCP 47 tag. Default: `en`. */
  language?: string;
  /** True if lines are wrapped: then only blank lines end sentences, and single line ends are white space. */
  paragraphs?: boolean;
}

const CONTROL = new RegExp(CONTROLS, "gv");
const LINE_BREAK = "\\n\\r\\x85\\u2028\\u2029";
const BLANK = `[[${SPACES}${IGNORABLES}]--[${LINE_BREAK}]]*`;
/** The end of a line that is not blank, before another such line. */
const LONE_LINE_END = new RegExp(
  `(?<![${LINE_BREAK}]${BLANK})(?:\\r\\n|[\\n\\r\\x85\\u2028])(?!${BLANK}[${LINE_BREAK}])`,
  "gv",
);
const LINE_BREAKS = new RegExp(`[${LINE_BREAK}]+`, "g");
const SPACE = new RegExp(`[${SPACES}]`, "v");
const VISIBLE = new RegExp(`[^${SPACES}${IGNORABLES}]`, "v");
const IGNORED = new RegExp(`[${IGNORABLES}]`, "gv");

/**
 * Splits a text into sentences by the Unicode rules (UAX 29), without white space around them.
 *
 * Line ends (LF, CR, CRLF, U+0085, U+2028, U+2029) always end a sentence; in `paragraphs` only blank lines and U+2029
 * do. A form feed is white space. A full stop after a title (`Dr.`) or `e.g.` never ends a sentence; after `Fig.`,
 * `No.` or `Jan.` it does not before a number. After other abbreviations (`Inc.`, `et al.`, `U.S.`, `p.m.`, an initial)
 * the next word decides: one that often begins sentences (`The`, `In`, `However,`) begins a new one; before any other
 * word the sentence continues, so a sentence that begins with a name is missed there.
 *
 * @param text Any text.
 * @returns Sentences in order, `text.slice(start, end)` each; none for a text without visible characters.
 *
 * @example
 * ```ts
 * import { splitSentences } from "@laner/laner";
 *
 * const mail = "The University of\nNew York. It is\nold.\n\nBye";
 * console.log(splitSentences(mail, { paragraphs: true }).map(({ start, end }) => [start, end])); // [0, 27], [28, 38], [40, 43]
 * ```
 */
export function splitSentences(
  text: string,
  { language = "en", paragraphs = false }: SplitOptions = {},
): TextPart[] {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  // Spaces take the place of single characters, so that all other places stay the same.
  let spaced = text.replace(CONTROL, " ");
  if (paragraphs) spaced = spaced.replace(LONE_LINE_END, (end) => " ".repeat(end.length));
  const sentences: TextPart[] = [];
  let start = 0;
  const finish = (next: number) => {
    let end = next;
    while (start < end && (spaced[start] === "\uFEFF" || SPACE.test(spaced[start]!))) start++;
    while (end > start && SPACE.test(spaced[end - 1]!)) end--;
    const sentence = text.slice(start, end);
    if (VISIBLE.test(sentence)) sentences.push({ text: sentence, start, end });
    start = next;
  };
  for (const { segment, index } of segmenter.segment(spaced)) {
    const end = index + segment.length;
    // The Unicode rules do not break at every line end in a text with soft breaks.
    for (const lineBreak of segment.matchAll(LINE_BREAKS)) {
      finish(index + lineBreak.index + lineBreak[0].length);
    }
    if (start < end && !goesOn(segment, spaced.slice(end, end + 64))) finish(end);
  }
  finish(spaced.length);
  return sentences;
}

function goesOn(segment: string, after: string): boolean {
  return goesOnAfter(
    segment.trimEnd().slice(-32).replace(IGNORED, ""),
    after.replace(IGNORED, "").trimStart(),
  );
}

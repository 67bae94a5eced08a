/** A word, or a sentence, and where it stands in the text. */
export interface TextPart {
  /** What stands there. */
  text: string;
  /** Where it begins, in UTF-16 code units. */
  start: number;
  /** Where it ends, exclusive. */
  end: number;
}

/** Abbreviations that are followed by a name, so that their full stop ends no sentence. */
const TITLES = "Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Rev|Hon|Jr|Sr|vs|No|Mt|Ft";
/** Letters and digits with their accents. */
const WORD = "[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_]*";
/** How a word goes on over a mark; a full stop before a capital is a space that was left out. */
const REST = `(?:[-'’&/·]${WORD}|\\.(?!\\p{Lu})${WORD})*`;

/** One word at a time, most particular kind first. */
const WORD_PATTERN = new RegExp(
  [
    'https?://[^\\s<>"]*[^\\s<>".,;:!?\'’)\\]}]', // addresses
    // Mail addresses: 64 characters are what RFC 5321 allows, and what keeps a long run of them from being tried anew
    // at each of them.
    "[\\w.+-]{1,64}@\\w+(?:[.-]\\w+)+",
    "\\p{Script=Han}", // ideographs: no spaces tell words apart, BERT takes each alone
    `(?<![\\p{L}\\p{N}])\\p{L}(?:\\.\\p{L})+(?![\\p{L}\\p{N}])\\.?(?:-${WORD})*`, // U.S., e.g., U.S.-based
    `(?<![\\p{L}\\p{N}])(?:${TITLES})\\.(?=\\s+[\\p{Lu}\\p{N}])`, // Mr. Smith, No. 5
    "(?<![\\p{L}\\p{N}'’])\\p{Lu}\\.(?=\\s+\\p{Lu})", // J. Smith
    "\\p{Nd}+(?:[.,:/-]\\p{Nd}+)+(?![\\p{L}\\p{N}_])", // 1,000.5, 12:30, 19/11/96, 2-1
    `${WORD}${REST}`, // e-mail, O'Brien, AT&T, amazon.com; clitics are split off below
    "\\.{2,}|-{2,}|''|``", // marks that are written as several characters
    "\\p{Extended_Pictographic}[\\p{M}\\p{Emoji_Modifier}\\u200d\\p{Extended_Pictographic}]*", // one emoji
    "\\S\\p{M}*", // any other character
  ].map((kind) => `(?:${kind})`).join("|"),
  "gu",
);

/** What the Penn Treebank, and CoNLL-2003 after it, takes for a word of its own: Germany|'s, do|n't, they|'re. */
const CLITIC = /(?:['’](?:s|re|ve|ll|d|m)|n['’]t)$/iu;

/**
 * Splits a text into words as the corpora of named entity recognition do.
 *
 * White space ends a word and punctuation is a word of its own, save inside numbers (`1,000.5`, `19/11/96`),
 * abbreviations (`U.S.`, `J.` and `Mr.` before a name), hyphenated and compound names (`e-mail`, `O'Brien`, `AT&T`)
 * and addresses. English clitics are split off: `Germany's` is `Germany` and `'s`, `don't` is `do` and `n't`, as in
 * the Penn Treebank. Every character that is not white space is in exactly one word. Meant for languages with spaces;
 * ideographs are taken one by one.
 *
 * @param text Any text, best a single sentence.
 * @returns Words in order, `text.slice(start, end)` each.
 *
 * @example
 * ```ts
 * import { splitWords } from "@laner/laner";
 *
 * console.log(splitWords("U.S. exports rose.").map(({ text }) => text)); // ["U.S.", "exports", "rose", "."]
 * ```
 */
export function splitWords(text: string): TextPart[] {
  const words: TextPart[] = [];
  const add = (start: number, end: number) => words.push({ text: text.slice(start, end), start, end });
  for (const match of text.matchAll(WORD_PATTERN)) {
    const start = match.index;
    const end = start + match[0].length;
    const clitic = CLITIC.exec(match[0])?.[0].length ?? 0;
    if (clitic > 0 && clitic < match[0].length) {
      add(start, end - clitic);
      add(end - clitic, end);
    } else add(start, end);
  }
  return words;
}

/** A sentence that ends like this goes on: a title, an initial, an abbreviation with inner stops. */
const UNFINISHED = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:(?:${TITLES})|\\p{Lu}|\\p{L}(?:\\.\\p{L})+)\\.$`,
  "u",
);
const LONGEST_ABBREVIATION = 64;

/**
 * Splits a text into sentences by the Unicode rules (UAX 29), without white space around them.
 *
 * A full stop after a title (`Dr.`), an initial (`J.`) or an abbreviation (`U.S.`) ends no sentence, unless a line
 * does. Line breaks always end one.
 *
 * @param text Any text.
 * @param language Language of the rules, a BCP 47 tag.
 * @returns Sentences in order, `text.slice(start, end)` each; none for a text of white space.
 */
export function splitSentences(text: string, language = "en"): TextPart[] {
  const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
  const sentences: TextPart[] = [];
  let start = 0;
  const finish = (end: number) => {
    const trimmed = text.slice(start, end).trim();
    const from = start + text.slice(start, end).search(/\S/);
    if (trimmed !== "") sentences.push({ text: trimmed, start: from, end: from + trimmed.length });
    start = end;
  };
  for (const { segment, index } of segmenter.segment(text)) {
    const end = index + segment.length;
    // A long row of letters and stops would be tried anew from each of them.
    const goesOn = UNFINISHED.test(segment.trimEnd().slice(-LONGEST_ABBREVIATION)) &&
      !/[\n\r\u2028\u2029]\s*$/.test(segment);
    // The rules themselves do not break at every line end in a text with soft breaks.
    for (const lineBreak of segment.matchAll(/[\n\r\u2028\u2029]+/g)) {
      finish(index + lineBreak.index + lineBreak[0].length);
    }
    if (!goesOn) finish(end);
  }
  finish(text.length);
  return sentences;
}

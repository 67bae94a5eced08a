import { BEFORE_NAMES } from "./abbreviations.ts";
import { APART, LETTER, UNSPACED } from "./characters.ts";

/** Letters and digits with their accents. */
const WORD = `${LETTER}[[\\p{L}\\p{N}\\p{M}_]--[${APART}]]*`;
/** The rest of a word after a mark. A full stop before a capital ends the word: a space was left out there. */
const REST = `(?:[\\-'’\\&\\/·]${WORD}|\\.(?!\\p{Lu})${WORD})*`;
/** Characters that end an address: white space, quotes, ideographs and their punctuation. */
const NO_ADDRESS = `\\s<>"${APART}\\u3000-\\u303f\\uff00-\\uffef`;

/**
 * A pattern for one word at a time of a text without control characters and characters without width, the most
 * specific kind first. Its only group is a run of letters of scripts without spaces.
 */
export const WORD_PATTERN = new RegExp(
  [
    `https?:\\/\\/[^${NO_ADDRESS}]*[^${NO_ADDRESS}.,;:!?'’\\)\\]\\}]`, // addresses
    // Mail addresses: RFC 5321 allows 64 characters, and the limit keeps a long run from being tried anew at each of
    // them.
    "[\\w.+\\-]{1,64}@\\w+(?:[.\\-]\\w+)+",
    "\\p{Script=Han}\\p{M}*", // ideographs: no spaces tell words apart, BERT takes each alone
    `(?<!${LETTER})[\\p{L}--[${APART}]](?:\\.[\\p{L}--[${APART}]])+(?!${LETTER})\\.?(?:-${WORD})*`, // U.S., e.g., U.S.-based
    `(?<!${LETTER})(?:${BEFORE_NAMES})\\.(?=\\s+[\\p{Lu}\\p{N}])`, // Mr. Smith, No. 5
    `(?<![${LETTER}'’])\\p{Lu}\\.(?=\\s+\\p{Lu})`, // J. Smith
    `\\p{Nd}+(?:[.,:\\/\\-]\\p{Nd}+)+(?!${LETTER})`, // 1,000.5, 12:30, 19/11/96, 2-1
    `([${UNSPACED}][${UNSPACED}\\p{M}]*)`, // split by dictionary below
    `${WORD}${REST}`, // e-mail, O'Brien, AT&T, amazon.com; clitics are split off below
    "\\.{2,}|-{2,}|''|``", // marks that are written as several characters
    "\\p{Regional_Indicator}{2}", // a flag
    "\\p{Extended_Pictographic}[\\p{M}\\p{Emoji_Modifier}\\p{Extended_Pictographic}]*", // one emoji
    "\\S\\p{M}*", // any other character
  ].map((kind) => `(?:${kind})`).join("|"),
  "gv",
);

/** Abbreviations, whose full stop need not end a sentence. */
import { LETTER } from "./characters.ts";

const TITLES = "Mr|Mrs|Ms|Messrs|Dr|Drs|Prof|Profs|St|Sen|Rep|Gov|Gen|Col|Lt|Maj|Sgt|Capt|Cmdr|Rev|Hon|Mt|Ft";

/** Abbreviations that are one word with their full stop before a name or a number. */
export const BEFORE_NAMES = `${TITLES}|Jr|Sr|vs|No`;

/** Abbreviations that never end a sentence. */
const NEVER = TITLES + "|[Vv]s|[Cc]f|[Vv]iz|[Ee]\\.g|[Ii]\\.e|[Aa]pprox|[Rr]esp|[Ee]sp|[Ii]ncl|ca";

/** Abbreviations that do not end a sentence before a number. */
const NUMBERED =
  "[Nn]os?|Nr|pp?|[Ff]igs?|[Ee]q[ns]?|[Ee]qns|[Ss]ec[st]?|[Ss]ects|[Cc]h|[Cc]hap|[Vv]ols?|[Tt]abs?|[Rr]efs?|" +
  "[Aa]rts?|[Aa]pp|[Tt]hm|[Ll]em|[Pp]rop|[Cc]or|[Dd]ef|[Aa]lg|[Ee]x|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec";

/**
 * Abbreviations that end a sentence only before a word that often begins one; so do single capitals and words with
 * inner stops.
 */
const DOUBTFUL =
  "et al|Inc|Corp|Co|Cos|Ltd|LLC|Bros|Jr|Sr|Esq|Proc|Conf|Trans|Univ|Dept|Assn|Assoc|Acad|Intl|Natl|Ave|Blvd|" +
  "\\p{Lu}|\\p{L}(?:\\.\\p{L})+";

/** Words that begin sentences and are seldom part of a name. "He" and "In" before "et al." are surnames. */
const STARTER =
  "(?:A|After|Although|An|And|Are|As|At|Because|Before|But|By|Do|During|For|From|Has|He|Her|His|How|I|If|In|Is|It|" +
  "Its|My|On|Our|She|Since|So|Some|Such|That|The|Their|Then|There|These|They|This|Those|Though|Thus|To|Was|We|Were|" +
  "What|When|Where|Whether|Which|While|Why|With|You|Your)\\s+(?!(?:et|and)\\s|&)|" +
  "(?:Also|Finally|Furthermore|Hence|Here|However|Indeed|Instead|Later|Meanwhile|Moreover|Nevertheless|Otherwise|" +
  "Then|Therefore|Thus|Today),\\s";

/** The start of a number: 3, (3), [3], B2, IV, or a letter that is not a word. */
const NUMBER = "[\\(\\[]?(?:\\p{Nd}|[A-Z]\\p{Nd}|[IVXL]{2,}(?!\\p{L})|[B-HJ-Z](?!\\p{L}))";

const ABBREVIATION = new RegExp(
  `(?<!${LETTER})(?:(?<never>${NEVER})|(?<numbered>${NUMBERED})|(?<doubtful>${DOUBTFUL}))\\.$`,
  "v",
);
const NUMBER_FOLLOWS = new RegExp(`^(?:${NUMBER})`, "v");
const STARTER_FOLLOWS = new RegExp(`^["“‘'\\(\\[]*(?:${STARTER})`, "v");

/**
 * Tells whether a sentence continues after an abbreviation's full stop.
 *
 * A title (`Dr.`) or `e.g.` never ends a sentence, and `Fig.` and `Jan.` do not before a number. `Inc.`, `et al.`,
 * `U.S.` or an initial ends one only before a word that often begins sentences (`The`).
 *
 * @param before Text that ends in the full stop, without white space after it.
 * @param after The text that follows, without white space before it.
 */
export function goesOnAfter(before: string, after: string): boolean {
  // The last characters are enough; in a long row of letters and stops each letter would be tried as a start.
  const found = ABBREVIATION.exec(before.slice(-16))?.groups;
  if (found === undefined) return false;
  if (found.never !== undefined) return true;
  return found.numbered !== undefined ? NUMBER_FOLLOWS.test(after) : !STARTER_FOLLOWS.test(after);
}

/** Abbreviations, whose full stop need not end a sentence. */
import { LETTER } from "./characters.ts";

const TITLES = "Mr|Mrs|Ms|Messrs|Dr|Drs|Prof|Profs|St|Sen|Rep|Gov|Gen|Col|Lt|Maj|Sgt|Capt|Cmdr|Rev|Hon|Mt|Ft";

/** What is one word with its full stop where a name or a number follows. */
export const BEFORE_NAMES = `${TITLES}|Jr|Sr|vs|No`;

/** What never ends a sentence. */
const NEVER = TITLES + "|[Vv]s|[Cc]f|[Vv]iz|[Ee]\\.g|[Ii]\\.e|[Aa]pprox|[Rr]esp|[Ee]sp|[Ii]ncl|ca";

/** What ends none before a number. */
const NUMBERED =
  "[Nn]os?|Nr|pp?|[Ff]igs?|[Ee]q[ns]?|[Ee]qns|[Ss]ec[st]?|[Ss]ects|[Cc]h|[Cc]hap|[Vv]ols?|[Tt]abs?|[Rr]efs?|" +
  "[Aa]rts?|[Aa]pp|[Tt]hm|[Ll]em|[Pp]rop|[Cc]or|[Dd]ef|[Aa]lg|[Ee]x|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec";

/** What ends one only before a word that often begins sentences; so do single capitals and what has inner stops. */
const DOUBTFUL =
  "et al|Inc|Corp|Co|Cos|Ltd|LLC|Bros|Jr|Sr|Esq|Proc|Conf|Trans|Univ|Dept|Assn|Assoc|Acad|Intl|Natl|Ave|Blvd|" +
  "\\p{Lu}|\\p{L}(?:\\.\\p{L})+";

/** Words that begin sentences and are seldom part of a name; "He" and "In" are surnames before "et al." */
const STARTER =
  "(?:A|After|Although|An|And|Are|As|At|Because|Before|But|By|Do|During|For|From|Has|He|Her|His|How|I|If|In|Is|It|" +
  "Its|My|On|Our|She|Since|So|Some|Such|That|The|Their|Then|There|These|They|This|Those|Though|Thus|To|Was|We|Were|" +
  "What|When|Where|Whether|Which|While|Why|With|You|Your)\\s+(?!(?:et|and)\\s|&)|" +
  "(?:Also|Finally|Furthermore|Hence|Here|However|Indeed|Instead|Later|Meanwhile|Moreover|Nevertheless|Otherwise|" +
  "Then|Therefore|Thus|Today),\\s";

/** How a number begins: 3, (3), [3], B2, IV, or a letter that is no word. */
const NUMBER = "[\\(\\[]?(?:\\p{Nd}|[A-Z]\\p{Nd}|[IVXL]{2,}(?!\\p{L})|[B-HJ-Z](?!\\p{L}))";

const ABBREVIATION = new RegExp(
  `(?<!${LETTER})(?:(?<never>${NEVER})|(?<numbered>${NUMBERED})|(?<doubtful>${DOUBTFUL}))\\.$`,
  "v",
);
const NUMBER_FOLLOWS = new RegExp(`^(?:${NUMBER})`, "v");
const STARTER_FOLLOWS = new RegExp(`^["“‘'\\(\\[]*(?:${STARTER})`, "v");

/**
 * Tells whether a sentence goes on over an abbreviation's full stop.
 *
 * A title (`Dr.`) or `e.g.` never ends one, `Fig.` and `Jan.` none before a number, and `Inc.`, `et al.`, `U.S.` or
 * an initial ends one only before a word that often begins sentences (`The`).
 *
 * @param before What ends in the full stop, white space after it left out.
 * @param after What follows, without white space before it.
 */
export function goesOnAfter(before: string, after: string): boolean {
  // Of a long row of letters and stops the last few tell enough; it would be tried anew from each of them.
  const found = ABBREVIATION.exec(before.slice(-16))?.groups;
  if (found === undefined) return false;
  if (found.never !== undefined) return true;
  return found.numbered !== undefined ? NUMBER_FOLLOWS.test(after) : !STARTER_FOLLOWS.test(after);
}

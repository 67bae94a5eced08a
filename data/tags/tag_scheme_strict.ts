/**
 * Strict reading of tags: an entity counts only if its first, inner and last tags are those that the scheme writes. The
 * rules are those of seqeval 1.2.2 (`seqeval/scheme.py`), with IOE1 corrected.
 */
import { NO_TYPE, type Scheme, SCHEME_PREFIXES, type Span } from "./tag.ts";

/**
 * Pairs of neighbouring prefixes (`*` is any), followed by `=` where both words must have the same type or by
 * `!` where they must not. A pair in `start` begins an entity at its second word, one in `inside` carries it
 * on, one in `end` closes it after its first word.
 */
interface Patterns {
  start: string[];
  inside: string[];
  end: string[];
}

const PATTERNS: Record<Scheme, Patterns> = {
  IOB1: {
    start: ["OI", "II!", "BI", "IB=", "BB="],
    inside: ["BI=", "II="],
    end: ["II!", "IO", "IB", "BO", "BI!", "BB="],
  },
  IOB2: {
    start: ["*B"],
    inside: ["BI=", "II="],
    end: ["IO", "II!", "IB", "BO", "BI!", "BB"],
  },
  // E- stands only before an entity of the same type, so it ends with "EI=" and "EE=". In seqeval an entity of one word
  // could begin at E- only after "EE="; OE, IE! and EE! are what its own source says is missing.
  IOE1: {
    start: ["OI", "II!", "EI", "OE", "IE!", "EE"],
    inside: ["II=", "IE="],
    end: ["II!", "IO", "IE!", "EI=", "EE="],
  },
  IOE2: {
    start: ["OI", "OE", "EI", "EE", "II!", "IE!"],
    inside: ["IE=", "II="],
    end: ["E*"],
  },
  IOBES: {
    start: ["*B", "*S"],
    inside: ["BI=", "BE=", "II=", "IE="],
    end: ["S*", "E*"],
  },
  BILOU: {
    start: ["*B", "*U"],
    inside: ["BI=", "BL=", "II=", "IL="],
    end: ["U*", "L*"],
  },
};

const PREFIXES = "OBIESLU";
const START = 1;
const INSIDE = 2;
const END = 4;

const tableOfScheme = new Map<Scheme, Uint8Array>();

/** Makes the table of what a pair of words does, START | INSIDE | END, at {@link pairIndex}. */
function pairTable(scheme: Scheme): Uint8Array {
  let table = tableOfScheme.get(scheme);
  if (table === undefined) {
    table = new Uint8Array(PREFIXES.length ** 2 * 2);
    const { start, inside, end } = PATTERNS[scheme];
    for (const [patterns, flag] of [[start, START], [inside, INSIDE], [end, END]] as const) {
      for (const pattern of patterns) {
        const first = pattern.charAt(0);
        const second = pattern.charAt(1);
        const types = pattern.charAt(2);
        for (const p of first === "*" ? PREFIXES : first) {
          for (const q of second === "*" ? PREFIXES : second) {
            if (types !== "=") table[pairIndex(PREFIXES.indexOf(p), PREFIXES.indexOf(q), false)]! |= flag;
            if (types !== "!") table[pairIndex(PREFIXES.indexOf(p), PREFIXES.indexOf(q), true)]! |= flag;
          }
        }
      }
    }
    tableOfScheme.set(scheme, table);
  }
  return table;
}

function pairIndex(first: number, second: number, sameType: boolean): number {
  return (first * PREFIXES.length + second) * 2 + (sameType ? 1 : 0);
}

/**
 * Reads the entities that are well-formed in `scheme`; {@link tagsToSpans} with mode "strict".
 *
 * As in seqeval a tag is its first letter and the rest without hyphens at the ends.
 *
 * @throws if a tag has a prefix that the scheme lacks
 */
export function readStrictly(tags: readonly string[], scheme: Scheme): Span[] {
  const table = pairTable(scheme);
  const nWords = tags.length;
  // One more word, O, at either side: entry i + 1 is word i.
  const prefixes = new Uint8Array(nWords + 2);
  const types: string[] = new Array(nWords + 2).fill(NO_TYPE);
  for (let i = 0; i < nWords; i++) {
    const tag = tags[i]!;
    const prefix = tag.charAt(0);
    if (prefix === "" || (prefix !== "O" && !SCHEME_PREFIXES[scheme].includes(prefix))) {
      const known = ["O", ...SCHEME_PREFIXES[scheme]].join(", ");
      throw new Error(
        `Cannot read tag "${tag}": ${scheme} has the prefixes ${known}, current value is "${tag}"`,
      );
    }
    prefixes[i + 1] = PREFIXES.indexOf(prefix);
    // The look-behind keeps every dash of a run from being tried as its first.
    types[i + 1] = tag.slice(1).replace(/^-+|(?<!-)-+$/g, "") || NO_TYPE;
  }
  /** Returns what the step from word i - 1 to word i does. */
  const step = (i: number) => table[pairIndex(prefixes[i]!, prefixes[i + 1]!, types[i] === types[i + 1])]!;

  const spans: Span[] = [];
  for (let start = 0; start < nWords;) {
    if (!(step(start) & START)) {
      start++;
      continue;
    }
    let end = start + 1;
    while (step(end) & INSIDE) end++;
    if (step(end) & END) spans.push({ start, end, entityType: types[start + 1]! });
    start = end;
  }
  return spans;
}

/** The ways in which files write tags: more than those in which tags are written here. */
import { type Scheme, SCHEME_PREFIXES } from "../tags/tag.ts";

/** The schemes of files that are none of the six, each with its documentation. */
export const MORE_SCHEMES = {
  IO: "I- or no prefix at all: neighbours of one type are one entity",
  bare: "The whole tag is the type: neighbours of one type are one entity",
  raw: "The whole tag is the type: every word is an entity of its own, as conlleval.pl -r reads it",
  BMES: "IOBES with M- for I-",
  brackets:
    "(PER* on the first word, * on further ones, *) on the last, (PER) on one alone, as in CoNLL-2012",
} as const;

/** A scheme of a file. */
export type FileScheme = Scheme | keyof typeof MORE_SCHEMES;

/** The names of all schemes of files. */
export const FILE_SCHEMES: readonly [FileScheme, ...FileScheme[]] = [
  "IOB2",
  ...(Object.keys(SCHEME_PREFIXES) as Scheme[]).filter((name) => name !== "IOB2"),
  ...Object.keys(MORE_SCHEMES) as (keyof typeof MORE_SCHEMES)[],
];

/** Tells whether a scheme is one of the six in which tags are written here. */
export function isScheme(scheme: FileScheme): scheme is Scheme {
  return Object.hasOwn(SCHEME_PREFIXES, scheme);
}

/** One tag, the schemes that its prefix can belong to, and the span that tags mark. */

import { showValue } from "../show_value.ts";

/** A way to mark by prefixes where an entity starts and ends. */
export type Scheme = "IOB1" | "IOB2" | "IOE1" | "IOE2" | "IOBES" | "BILOU";

/** The prefixes of every scheme, in the order in which {@link createTagSet} lists a type's tags. */
export const SCHEME_PREFIXES: Readonly<Record<Scheme, string>> = {
  IOB1: "BI",
  IOB2: "BI",
  IOE1: "IE",
  IOE2: "IE",
  IOBES: "BIES",
  BILOU: "BILU",
};

/** An entity: the words from `start` up to, not including, `end`. */
export interface Span {
  start: number;
  end: number;
  entityType: string;
}

/** The type of a tag without one, "B" or "B-", as in seqeval. */
export const NO_TYPE = "_";

const ALL_PREFIXES = "BIESLU";

/** Checks that `scheme` is one of the six, for values from a configuration or command line; throws otherwise. */
export function checkScheme(scheme: string): asserts scheme is Scheme {
  if (!Object.hasOwn(SCHEME_PREFIXES, scheme)) {
    const names = Object.keys(SCHEME_PREFIXES).join(", ");
    throw new Error(
      `Cannot use tag scheme "${scheme}": it must be one of ${names}, current value is ${scheme}`,
    );
  }
}

/** Splits "B-person" into prefix "B" and type "person"; "O" has the type "". Throws on other prefixes. */
export function splitTag(tag: string, scheme?: Scheme): { prefix: string; entityType: string } {
  if (tag === "O") return { prefix: "O", entityType: "" };
  const prefixes = scheme === undefined ? ALL_PREFIXES : SCHEME_PREFIXES[scheme];
  const prefix = tag.charAt(0);
  if (prefix === "" || !prefixes.includes(prefix) || (tag.length > 1 && tag[1] !== "-")) {
    const known = ["O", ...Array.from(prefixes, (p) => `${p}-type`)].join(", ");
    throw new Error(
      `Cannot read tag ${showValue(tag)}: ${scheme ?? "a tag"} must be one of ${known}, current value is ${
        showValue(tag)
      }`,
    );
  }
  return { prefix, entityType: tag.slice(2) || NO_TYPE };
}

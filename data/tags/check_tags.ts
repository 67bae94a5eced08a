import { placeOf, type Sentence } from "../text/conll.ts";
import { spansToTags } from "./spans_to_tags.ts";
import { checkScheme, type Scheme, SCHEME_PREFIXES, splitTag } from "./tag.ts";
import { tagsToSpans } from "./tag_scheme.ts";

/** What {@link checkTags} demands. */
export interface CheckTagsOptions {
  /** The scheme that all tags must belong to; without it any, but the same one for all. */
  scheme?: Scheme;
  /** Whether the tags must be exactly those that `scheme` (default IOB2) writes for their entities. */
  wellFormed?: boolean;
}

/**
 * Throws unless all tags belong to one scheme, naming the file and line of the first that does not.
 *
 * Training data should be `wellFormed`, as a stray I- there means another scheme or a damaged file; predictions
 * often are not, and reading those leniently is what mode conlleval is for.
 *
 * @throws on an unknown prefix, a prefix of another scheme than the tags before it, or, if `wellFormed`, a tag
 * that the scheme would not have there
 */
export function checkTags(sentences: readonly Sentence[], options: CheckTagsOptions = {}): void {
  const { wellFormed = false } = options;
  const scheme = options.scheme ?? (wellFormed ? "IOB2" : undefined);
  if (scheme !== undefined) checkScheme(scheme);
  let possible = scheme === undefined ? Object.keys(SCHEME_PREFIXES) as Scheme[] : [scheme];
  for (const sentence of sentences) {
    const { tags } = sentence;
    const fail = (word: number, rule: string): never => {
      const place = placeOf(sentence, word);
      throw new Error(
        `Cannot use tag "${tags[word]}" at ${place}: ${rule}, current value is "${tags[word]}"`,
      );
    };
    tags.forEach((tag, word) => {
      let prefix = "";
      try {
        prefix = splitTag(tag).prefix;
      } catch {
        fail(
          word,
          scheme === undefined ? "a tag must be O or a prefix of a scheme and a type" : tagsOf([scheme]),
        );
      }
      if (prefix === "O") return;
      const left = possible.filter((name) => SCHEME_PREFIXES[name].includes(prefix));
      if (left.length === 0) {
        const before = scheme === undefined ? "the tags before it are " : "";
        fail(word, before + tagsOf(possible));
      }
      possible = left;
    });
    if (!wellFormed) continue;
    const written = spansToTags(tagsToSpans(tags, { scheme }), tags.length, { scheme });
    const word = written.findIndex((tag, i) => tag !== tags[i]);
    if (word >= 0) {
      const previous = word === 0 ? "at the start of a sentence" : `after "${tags[word - 1]}"`;
      fail(word, `${scheme} has "${written[word]}" ${previous} here`);
    }
  }
}

function tagsOf(schemes: Scheme[]): string {
  return schemes.map((name) => `${name} (O ${Array.from(SCHEME_PREFIXES[name], (p) => p + "-").join(" ")})`)
    .join(" or ");
}

import { placeOf, type Sentence } from "../text/sentence.ts";
import { spansToTags } from "./spans_to_tags.ts";
import { checkScheme, NO_TYPE, type Scheme, SCHEME_PREFIXES, splitTag } from "./tag.ts";
import { tagsToSpans } from "./tag_scheme.ts";

/** Options of {@link checkTags}. */
export interface CheckTagsOptions {
  /** The scheme that all tags must belong to; without it they must belong to one scheme, whichever. */
  scheme?: Scheme | undefined;
  /** True if the tags must be exactly those that `scheme` (default IOB2) writes for their entities. */
  wellFormed?: boolean;
  /** True if well-formed tags may lack a type, "B" or "B-", as seqeval allows. Default: false. */
  untyped?: boolean;
}

/**
 * Throws unless all tags belong to one scheme, naming the file and line of the first that does not.
 *
 * Training data should be `wellFormed`: a stray I- there means another scheme or a damaged file. Predictions often are
 * not; mode conlleval reads them leniently.
 *
 * @throws on an unknown prefix, a prefix of another scheme than the tags before it, or, if `wellFormed`, a tag that the
 * scheme would not write there
 */
export function checkTags(sentences: readonly Sentence[], options: CheckTagsOptions = {}): void {
  for (const problem of tagProblems(sentences, options)) throw new Error(problem);
}

/**
 * Lists the messages of all errors that {@link checkTags} would throw, in the order of the tags.
 *
 * @throws if the scheme is unknown
 */
export function* tagProblems(
  sentences: readonly Sentence[],
  options: CheckTagsOptions = {},
): Generator<string, void, undefined> {
  const { wellFormed = false, untyped = false } = options;
  const scheme = options.scheme ?? (wellFormed ? "IOB2" : undefined);
  if (scheme !== undefined) checkScheme(scheme);
  let possible = scheme === undefined ? Object.keys(SCHEME_PREFIXES) as Scheme[] : [scheme];
  for (const sentence of sentences) {
    const { tags } = sentence;
    const problem = (word: number, rule: string) =>
      `Cannot use tag "${tags[word]}" at ${placeOf(sentence, word)}: ${rule}, current value is "${
        tags[word]
      }"`;
    let isRead = true;
    for (const [word, tag] of tags.entries()) {
      const prefix = prefixOf(tag);
      if (prefix === "O") continue;
      const left = possible.filter((name) => prefix && SCHEME_PREFIXES[name].includes(prefix));
      if (left.length > 0) {
        possible = left;
        continue;
      }
      isRead = false;
      const rule = prefix === undefined && scheme === undefined
        ? "a tag must be O or a prefix of a scheme and a type"
        : `${scheme === undefined ? "the tags before it are " : ""}${tagsOf(possible)}`;
      yield problem(word, rule);
    }
    if (!wellFormed || !isRead) continue;
    const written = spansToTags(tagsToSpans(tags, { scheme }), tags.length, { scheme });
    for (const [word, tag] of written.entries()) {
      if (tag === tags[word]) continue;
      if (tag === `${tags[word]!.charAt(0)}-${NO_TYPE}`) {
        if (!untyped) yield problem(word, "a tag must have an entity type after its prefix");
        continue;
      }
      const previous = word === 0 ? "at the start of a sentence" : `after "${tags[word - 1]}"`;
      yield problem(word, `${scheme} has "${tag}" ${previous} here`);
    }
  }
}

/** Returns the schemes in which all tags are well-formed; several where the tags do not tell them apart. */
export function wellFormedSchemes(
  sentences: readonly Sentence[],
  options: Pick<CheckTagsOptions, "untyped"> = {},
): Scheme[] {
  return (Object.keys(SCHEME_PREFIXES) as Scheme[])
    .filter((scheme) => tagProblems(sentences, { ...options, scheme, wellFormed: true }).next().done);
}

/** Returns the prefix of a tag; undefined if it is not a tag. */
function prefixOf(tag: string): string | undefined {
  try {
    return splitTag(tag).prefix;
  } catch {
    return undefined;
  }
}

function tagsOf(schemes: Scheme[]): string {
  return schemes.map((name) => `${name} (O ${Array.from(SCHEME_PREFIXES[name], (p) => p + "-").join(" ")})`)
    .join(" or ");
}

/** Classes of entities that training makes easier or harder, by surface form (seen or not) and type (shared or new). */
import type { Span } from "../tags/tag.ts";
import { type TagReadingOptions, tagsToSpans } from "../tags/tag_scheme.ts";
import type { Sentence } from "../text/conll.ts";

/** The forms and types that training showed, and the way to read tags. */
export interface ErrorClassOptions extends TagReadingOptions {
  /** Surface forms of the training entities, see {@link surfaceForms}. */
  seenForms: ReadonlySet<string>;
  /** Entity types that the source also has. */
  sharedTypes: ReadonlySet<string>;
}

/** A class of entities: whether training showed the surface form, and whether the source has the type. */
export interface EntityClass {
  form: "seen" | "unseen";
  type: "shared" | "new";
}

/** The four classes of entities, in the order in which they are shown. */
export const ENTITY_CLASSES: readonly EntityClass[] = [
  { form: "seen", type: "shared" },
  { form: "seen", type: "new" },
  { form: "unseen", type: "shared" },
  { form: "unseen", type: "new" },
];

/**
 * Collects the surface forms of the gold entities: words in lower case, joined by one space.
 *
 * @param sentences usually those of training
 * @param options the way to read tags, see `tagsToSpans`
 * @throws if a tag is unknown
 *
 * @example
 * ```ts
 * import { surfaceForms } from "@laner/laner";
 *
 * console.log(surfaceForms([{ words: ["At", "Bell", "Labs"], tags: ["O", "B-org", "I-org"] }])); // Set { "bell labs" }
 * ```
 */
export function surfaceForms(
  sentences: readonly Pick<Sentence, "words" | "tags">[],
  options?: TagReadingOptions,
): Set<string> {
  return new Set(
    sentences.flatMap(({ words, tags }) => tagsToSpans(tags, options).map((span) => formOf(words, span))),
  );
}

/** Returns the class of an entity, as an index of `ENTITY_CLASSES`. */
export function classIndex(
  words: readonly string[],
  span: Span,
  { seenForms, sharedTypes }: ErrorClassOptions,
): number {
  const form = seenForms.has(formOf(words, span)) ? "seen" : "unseen";
  const type = sharedTypes.has(span.entityType) ? "shared" : "new";
  return ENTITY_CLASSES.findIndex((one) => one.form === form && one.type === type);
}

function formOf(words: readonly string[], { start, end }: Span): string {
  return words.slice(start, end).join(" ").toLowerCase();
}

/** Classes of entities that training makes easier or harder: by surface form, seen or not, and by type, shared or new. */
import type { Span } from "../tags/tag.ts";
import { type TagReadingOptions, tagsToSpans } from "../tags/tag_scheme.ts";
import type { Sentence } from "../text/conll.ts";

/** What training showed, and how tags are read. */
export interface ErrorClassOptions extends TagReadingOptions {
  /** Surface forms of the training entities, see {@link surfaceForms}. */
  seenForms: ReadonlySet<string>;
  /** Entity types that the source has, too. */
  sharedTypes: ReadonlySet<string>;
}

/** Whether an entity's surface form was seen in training, and whether its type is one of the source's. */
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
 * Collects the gold entities' surface forms: lower case, words joined by one space.
 *
 * @param sentences usually those of training
 * @param options how tags are read, see `tagsToSpans`
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

/** The class of an entity, as a place in `ENTITY_CLASSES`. */
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

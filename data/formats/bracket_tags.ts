/** Entities in the brackets of CoNLL-2012: (PER* opens one, *) closes it, (PER) is one word, * is any other. */
import type { Span } from "../tags/tag.ts";

/**
 * Reads the entities of a sentence.
 *
 * @param refuse Takes the index of a word whose tag is wrong, and the rule.
 */
export function readBrackets(
  tags: readonly string[],
  outside: readonly string[],
  refuse: (word: number, rule: string) => void,
): Span[] {
  const spans: Span[] = [];
  let open: Span | undefined;
  for (const [word, tag] of tags.entries()) {
    if (outside.includes(tag)) {
      if (open !== undefined) refuse(word, `expected * or *), as (${open.entityType}* is open`);
      continue;
    }
    const found = /^(?:\(([^()*]+))?\*?(\))?$/.exec(tag);
    if (found === null || tag === "" || tag === ")") {
      refuse(word, "expected *, (TYPE*, *) or (TYPE)");
      continue;
    }
    const [, entityType, close] = found;
    if (entityType !== undefined) {
      if (open !== undefined) refuse(word, `entities must not be nested, (${open.entityType}* is open`);
      open = { start: word, end: word + 1, entityType };
    }
    if (close === undefined) continue;
    if (open === undefined) refuse(word, "a bracket must be opened before it is closed");
    else spans.push({ ...open, end: word + 1 });
    open = undefined;
  }
  if (open !== undefined) refuse(open.start, "a bracket must be closed in its sentence");
  return spans;
}

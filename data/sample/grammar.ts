import type { Random } from "../random.ts";
import type { Sentence } from "../text/conll.ts";

/**
 * A rule: alternatives of equal weight, or a function that draws the text itself (a list of names).
 *
 * An alternative is a string of items separated by spaces:
 * - `word` stands for itself; `_` inside it becomes a space;
 * - `a|b_c|` one of its parts, drawn with equal weight; an empty part gives nothing;
 * - `$rule` an expansion of that rule (also as a part: `$city|$country`);
 * - `$rule#1` the same, but every later `$rule#1` in the sentence repeats its text;
 * - `[type` and `]` enclose an entity of that type.
 */
export type Rule = readonly string[] | ((random: Random) => string);

/** Rules by name. */
export type Grammar = Readonly<Record<string, Rule>>;

/**
 * Draws one tagged sentence from a grammar; tags are IOB2.
 *
 * The first word gets a capital letter, and `a` becomes `an` before a vowel letter.
 *
 * @param grammar Rules by name.
 * @param start The rule to begin with.
 * @param random Where every choice is drawn from.
 * @returns The words and, for each, its tag.
 * @throws {Error} If a rule is missing, or brackets are nested or left open.
 */
export function drawSentence(grammar: Grammar, start: string, random: Random): Sentence {
  const words: string[] = [];
  const tags: string[] = [];
  let entityType: string | undefined;
  let isFirst = false;
  for (const item of drawItems(grammar, `$${start}`, random, new Map())) {
    if (item.startsWith("[") && item.length > 1) {
      if (entityType !== undefined) throw bracketError(start, `"${item}" inside "[${entityType}"`);
      entityType = item.slice(1);
      isFirst = true;
    } else if (item === "]") {
      if (entityType === undefined || isFirst) throw bracketError(start, `"]" after no word of an entity`);
      entityType = undefined;
    } else {
      words.push(item);
      tags.push(entityType === undefined ? "O" : `${isFirst ? "B" : "I"}-${entityType}`);
      isFirst = false;
    }
  }
  if (entityType !== undefined) throw bracketError(start, `"[${entityType}" at the sentence's end`);
  return { words: spell(words), tags };
}

function bracketError(start: string, found: string): Error {
  return new Error(
    `Cannot expand "${start}": entities must be closed and not nested, current value is ${found}`,
  );
}

/** Expands text to words and brackets; `repeats` holds the texts of `$rule#n`. */
function drawItems(grammar: Grammar, text: string, random: Random, repeats: Map<string, string[]>): string[] {
  const items: string[] = [];
  for (const choice of text.split(" ")) {
    const parts = choice.split("|");
    const part = parts.length === 1 ? choice : parts[random.integer(parts.length)]!;
    if (part === "") continue;
    if (!part.startsWith("$")) {
      items.push(...part.split("_"));
      continue;
    }
    const known = repeats.get(part);
    if (known !== undefined) {
      items.push(...known);
      continue;
    }
    const name = part.slice(1).split("#")[0]!;
    if (!Object.hasOwn(grammar, name)) {
      throw new Error(
        `Cannot expand "${text}": every $rule must be in the grammar, current value is $${name}`,
      );
    }
    const rule = grammar[name]!;
    const chosen = typeof rule === "function" ? rule(random) : rule[random.integer(rule.length)]!;
    const drawn = drawItems(grammar, chosen, random, repeats);
    if (part.includes("#")) repeats.set(part, drawn);
    items.push(...drawn);
  }
  return items;
}

function spell(words: string[]): string[] {
  return words.map((word, i) => {
    if (word === "a" && /^[aeio]/i.test(words[i + 1] ?? "")) word = "an";
    return i === 0 ? word[0]!.toUpperCase() + word.slice(1) : word;
  });
}

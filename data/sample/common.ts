import type { Random } from "../random.ts";
import type { Grammar } from "./grammar.ts";
import { nameRule, type Names } from "./names.ts";

/**
 * Returns the rules that both sample domains use: names, numbers and dates. None of them makes an entity by itself.
 *
 * @param names The name lists.
 * @returns The rules.
 */
export function commonRules(names: Names): Grammar {
  const between = (low: number, high: number) => (random: Random) =>
    String(low + random.integer(high - low + 1));
  const two = (n: number) => String(n).padStart(2, "0");
  return {
    first: nameRule(names.firstNames),
    surname: nameRule(names.surnames),
    city: nameRule(names.cities),
    country: nameRule(names.countries),
    demonym: nameRule(names.demonyms),
    acronym: nameRule(names.acronyms),
    initial: (random) => `${"ABCDEFGHJKLMNPRSTVW"[random.integer(19)]}.`,
    year: between(1952, 2019),
    date: (random) =>
      `${1996 + random.integer(4)}-${two(1 + random.integer(12))}-${two(1 + random.integer(28))}`,
    small: between(2, 9),
    dozens: between(11, 98),
    hundreds: (random) => String(100 + 10 * random.integer(90)),
    decimal: (random) => `${1 + random.integer(97)}.${random.integer(10)}`,
    score: (random) => `${random.integer(6)}-${random.integer(5)}`,
    month: ["January|February|March|April|May|June|July|August|September|October|November|December"],
    weekday: ["Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"],
    count: ["two|three|four|five|six|seven|eight|nine|ten"],
  };
}

/**
 * Makes the rules for enumerations of one type: `<type>List` opens with `$<type>Cued`, a name that shows its type, and
 * continues with `$<type>Plain`, names whose type follows from the first one's.
 *
 * @param entityTypes The types; the grammar must have `<type>Cued` and `<type>Plain` for each.
 * @returns The rules `<type>List` and `<type>Pair`.
 */
export function listRules(entityTypes: readonly string[]): Grammar {
  return Object.fromEntries(entityTypes.flatMap((entityType) => {
    const cued = `$${entityType}Cued`;
    const plain = `$${entityType}Plain`;
    return [
      [`${entityType}Pair`, [`${cued} and ${plain}`]],
      [`${entityType}List`, [
        `${cued} , ${plain} and ${plain}`,
        `${cued} , ${plain} , ${plain} and ${plain}`,
        `${cued} , ${cued} and ${plain}`,
      ]],
    ];
  }));
}

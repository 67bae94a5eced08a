import type { Random } from "../random.ts";

/** Lists of invented names that the sample grammars share. */
export interface Names {
  readonly firstNames: readonly string[];
  /** Surnames; about a tenth of them are also names of cities. */
  readonly surnames: readonly string[];
  readonly cities: readonly string[];
  readonly countries: readonly string[];
  /** Demonyms; `demonyms[i]` belongs to `countries[i]` and is the language's name too. */
  readonly demonyms: readonly string[];
  /** Names in capital letters, for algorithms, metrics, conferences and companies. */
  readonly acronyms: readonly string[];
}

const FIRST_NAMES =
  ("Anna Jonas Mira Tomas Leila Oskar Ines Paul Nadia Viktor Clara Emil Sofia Hugo Yuki Amir " +
    "Greta Luis Priya Stefan Julia Marek Alice Daniel Rosa Felix Maya Anton Elena Simon Lucia Peter Hana Ivan " +
    "Carla Martin Zoe Samuel Ruth Adrian Lena Omar Vera Max Irene David Nora Kenji Ada Robert").split(" ");

const STEMS =
  ("Kor Hal Mir Tas Bren Vel Ost Lin Fer Dal Sab Nor Mar Ash Tol Gren Ish Pel Rud Cas Wen Zim Ayl " +
    "Bor Cal Dun Est Far Gil Hart Iv Jas Kel Lam Mon Nad Or Pra Quil Ros Sel Thor Ul Var Wil Yar Zel Ban Cor " +
    "Dor Ek Fal Gor Hol In Jun Kan Lor Mel Nis Ob Pav Rem Sten Tam Ur Ves Wes Xan Yel").split(" ");

// "ton" to "mar" end both surnames and cities, so that neither spelling nor a list of names tells them apart.
const BOTH_ENDS = "ton berg by ley well mar".split(" ");
const SURNAME_ENDS =
  "vel dane enko aki sen ova man etti ic arro ido ura ano ier quist ak ander escu ini oux mann ez".split(" ");
const CITY_ENDS = "ford burg ville stad grad mouth haven field port ona bridge minster".split(" ");
const COUNTRIES: readonly [string, string][] = [
  ["ovia", "ovian"],
  ["land", "landic"],
  ["stan", "stani"],
  ["mark", "markish"],
  ["aria", "arian"],
];

const ONSETS = "B BL C D F G GR H K L M N P PR R S SP T TR V W Z".split(" ");
const CODAS = "C D L M N R S T ST LM NQ RB".split(" ");
const INITIALS = "B C D F G H K L M N P Q R S T V W X Z".split(" ");

/**
 * Makes the name lists of the sample corpora, from syllables; the same generator state gives the same lists.
 *
 * @param random Where the names are drawn from.
 * @returns The lists, in random order.
 */
export function createNames(random: Random): Names {
  const surnames = random.shuffle(compounds(STEMS, [...SURNAME_ENDS, ...BOTH_ENDS])).slice(0, 900);
  const cities = random.shuffle(compounds(STEMS, [...CITY_ENDS, ...BOTH_ENDS])).slice(0, 350);
  const nations = random.shuffle(
    STEMS.flatMap((stem) => COUNTRIES.map((ends) => ends.map((end) => stem + end))),
  );
  const chosen = nations.slice(0, 40);
  return {
    firstNames: random.shuffle([...FIRST_NAMES]),
    surnames,
    cities,
    countries: chosen.map((ends) => ends[0]!),
    demonyms: chosen.map((ends) => ends[1]!),
    acronyms: distinct(500, () => acronym(random)),
  };
}

/**
 * Turns a list of names into a grammar rule that draws some names far more often than others, as texts do:
 * three draws in ten come from the first fifteenth of the list.
 *
 * @param names The list.
 * @returns The rule.
 */
export function nameRule(names: readonly string[]): (random: Random) => string {
  const nFrequent = Math.ceil(names.length / 15);
  return (random) => names[random.integer(random.uniform() < 0.3 ? nFrequent : names.length)]!;
}

function compounds(starts: readonly string[], ends: readonly string[]): string[] {
  return starts.flatMap((start) => ends.map((end) => start + end));
}

function acronym(random: Random): string {
  const one = (list: readonly string[]) => list[random.integer(list.length)]!;
  if (random.uniform() < 0.25) return one(INITIALS) + one(INITIALS) + one(INITIALS);
  return one(ONSETS) + one(["A", "E", "I", "O", "U"]) + one(CODAS) + one(["A", "O", "U"]) +
    one(["L", "M", "N", "R", "S"]);
}

function distinct(n: number, draw: () => string): string[] {
  const drawn = new Set<string>();
  while (drawn.size < n) drawn.add(draw());
  return [...drawn];
}

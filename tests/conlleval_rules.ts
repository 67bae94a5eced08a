/**
 * The rules of conlleval.pl (Erik Tjong Kim Sang, CoNLL-2000; the version of 2004, which allows dashes in types),
 * written a second time from the script's state machine, word by word and without spans, to check the scorer by.
 */

/** What the script counts for one type, or for all of them. */
export interface ChunkCounts {
  gold: number;
  found: number;
  correct: number;
}

/** What the script counts in a file. */
export interface ConllevalCounts extends ChunkCounts {
  tokens: number;
  correctTags: number;
  perType: Record<string, ChunkCounts>;
}

/** A tag as the script splits it: at its first dash, and without one it is all prefix. */
interface Mark {
  prefix: string;
  type: string;
}

const OUTSIDE: Mark = { prefix: "O", type: "" };

function markOf(tag: string): Mark {
  const [, prefix, type] = /^([^-]*)-(.*)$/su.exec(tag) ?? [tag, tag, ""];
  return { prefix, type };
}

/** Pairs of prefixes between which a chunk ends even if the type stays, previous first. */
const ENDS = new Set(["BB", "BO", "IB", "IO", "EE", "EI", "EO"]);
const STARTS = new Set(["BB", "IB", "OB", "OI", "EE", "EI", "OE"]);

function endOfChunk(previous: Mark, current: Mark): boolean {
  return ENDS.has(previous.prefix + current.prefix) ||
    previous.prefix !== "O" && previous.type !== current.type;
}

function startOfChunk(previous: Mark, current: Mark): boolean {
  return STARTS.has(previous.prefix + current.prefix) ||
    current.prefix !== "O" && previous.type !== current.type;
}

/**
 * Counts as the script does, which knows the prefixes B, I, E and O.
 *
 * @param gold Tags of each sentence.
 * @param guessed Predicted tags of the same sentences.
 */
export function conllevalCounts(
  gold: readonly (readonly string[])[],
  guessed: readonly (readonly string[])[],
): ConllevalCounts {
  const perType = new Map<string, ChunkCounts>();
  const all: ChunkCounts = { gold: 0, found: 0, correct: 0 };
  const count = (what: keyof ChunkCounts, type: string) => {
    if (!perType.has(type)) perType.set(type, { gold: 0, found: 0, correct: 0 });
    perType.get(type)![what]++;
    all[what]++;
  };
  let tokens = 0;
  let correctTags = 0;
  let inCorrect = false;
  let [lastGold, lastGuessed] = [OUTSIDE, OUTSIDE];
  const step = (goldMark: Mark, guessedMark: Mark) => {
    const ends = endOfChunk(lastGold, goldMark);
    const guessedEnds = endOfChunk(lastGuessed, guessedMark);
    if (inCorrect) {
      if (ends && guessedEnds && lastGold.type === lastGuessed.type) {
        inCorrect = false;
        count("correct", lastGold.type);
      } else if (ends !== guessedEnds || goldMark.type !== guessedMark.type) inCorrect = false;
    }
    const starts = startOfChunk(lastGold, goldMark);
    const guessedStarts = startOfChunk(lastGuessed, guessedMark);
    if (starts && guessedStarts && goldMark.type === guessedMark.type) inCorrect = true;
    if (starts) count("gold", goldMark.type);
    if (guessedStarts) count("found", guessedMark.type);
    [lastGold, lastGuessed] = [goldMark, guessedMark];
  };
  for (let s = 0; s < gold.length; s++) {
    for (let w = 0; w < gold[s]!.length; w++) {
      step(markOf(gold[s]![w]!), markOf(guessed[s]![w]!));
      if (gold[s]![w] === guessed[s]![w]) correctTags++;
      tokens++;
    }
    step(OUTSIDE, OUTSIDE); // the blank line after a sentence
  }
  return { tokens, correctTags, ...all, perType: Object.fromEntries(perType) };
}

/** What the script prints for such counts; types stand in the order of their names. */
export function conllevalReport(counts: ConllevalCounts): string {
  const { tokens, correctTags, gold, found, correct, perType } = counts;
  const lines = [
    `processed ${tokens} tokens with ${gold} phrases; found: ${found} phrases; correct: ${correct}.`,
  ];
  if (tokens > 0) lines.push(`accuracy: ${percent(100 * correctTags / tokens)}%; ${figures(counts)}`);
  for (const type of Object.keys(perType).sort()) {
    lines.push(`${type.padStart(17)}: ${figures(perType[type]!)}  ${perType[type]!.found}`);
  }
  return lines.join("\n") + "\n";
}

function figures({ gold, found, correct }: ChunkCounts): string {
  const precision = found > 0 ? 100 * correct / found : 0;
  const recall = gold > 0 ? 100 * correct / gold : 0;
  const f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0;
  return `precision: ${percent(precision)}%; recall: ${percent(recall)}%; FB1: ${percent(f1)}`;
}

/** "%6.2f". Between two hundredths lie exactly only odd eighths; those go to the even one, where toFixed goes up. */
function percent(value: number): string {
  const up = value.toFixed(2);
  const isTie = (value * 8) % 2 === 1;
  return (isTie && Number(up.at(-1)) % 2 === 1 ? (value - 0.005).toFixed(2) : up).padStart(6);
}

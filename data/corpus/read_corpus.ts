/** Reading a corpus from a folder or from text. */
import { openFolder, type OpenFolderOptions } from "../open_folder.ts";
import { checkTags } from "../tags/check_tags.ts";
import type { Scheme } from "../tags/tag.ts";
import { parseConll } from "../text/conll.ts";
import type { Corpus } from "./corpus.ts";
import { HELD_OUT, holdOut } from "./hold_out.ts";

/** Options of {@link readCorpus} and {@link parseCorpus}. */
export interface CorpusOptions {
  /** The scheme of all tags. Default: IOB2. */
  scheme?: Scheme;
  /** Share of the training sentences that becomes dev if there is no dev. Default: 0.1. */
  devFraction?: number;
  /** Seed of that choice. Default: 13. */
  devSeed?: number;
}

/**
 * Reads a corpus from the text of column files: a word and its tag a line, an empty line between sentences.
 *
 * @param texts Without dev, a part of train becomes dev; test may be missing.
 * @throws If a line is malformed or a tag is not of the scheme, naming part and line; if train is too short to hold
 * dev out.
 *
 * @example
 * ```ts
 * import { parseCorpus } from "@laner/laner/corpus";
 *
 * const { train, dev } = parseCorpus({ train: "Ada B-person\nwrote O\n", dev: "Bob B-person\n" });
 * console.log(train.length, dev[0]?.words); // 1, ["Bob"]
 * ```
 */
export function parseCorpus(
  texts: { train: string; dev?: string; test?: string },
  options: CorpusOptions = {},
): Corpus {
  return corpusOf((part) => texts[part], (part) => part, options);
}

/**
 * Reads a corpus from a folder with train.txt and, where there are any, dev.txt and test.txt.
 *
 * @param location Path or address of the folder.
 * @throws As `parseCorpus` does, and if train.txt cannot be read.
 */
export async function readCorpus(
  location: string | URL,
  options: CorpusOptions & OpenFolderOptions = {},
): Promise<Corpus> {
  const folder = await openFolder(location, { ...options, probe: "train.txt" });
  const texts: Partial<Record<keyof Corpus, string>> = { train: await folder.readText("train.txt") };
  for (const part of ["dev", "test"] as const) {
    if (await folder.has(`${part}.txt`)) texts[part] = await folder.readText(`${part}.txt`);
  }
  return corpusOf((part) => texts[part], (part) => folder.url(`${part}.txt`).href, options);
}

function corpusOf(
  textOf: (part: keyof Corpus) => string | undefined,
  sourceOf: (part: keyof Corpus) => string,
  { scheme = "IOB2", devFraction = HELD_OUT.devFraction, devSeed = HELD_OUT.devSeed }: CorpusOptions,
): Corpus {
  const sentencesOf = (part: keyof Corpus) => {
    const text = textOf(part);
    if (text === undefined) return undefined;
    const sentences = parseConll(text, { source: sourceOf(part) });
    checkTags(sentences, { scheme, wellFormed: true });
    return sentences;
  };
  const train = sentencesOf("train") ?? [];
  const dev = sentencesOf("dev");
  const test = sentencesOf("test") ?? [];
  if (dev) return { train, dev, test };
  return { ...holdOut(train, { fraction: devFraction, seed: devSeed, source: sourceOf("train") }), test };
}

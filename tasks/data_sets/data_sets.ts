/** Data sets on disk: a folder with one folder a data set, which holds train.txt, test.txt and usually dev.txt. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Corpus } from "../../data/corpus/corpus.ts";
import { HELD_OUT, holdOut } from "../../data/corpus/hold_out.ts";
import { splitCorpus } from "../../data/corpus/split_corpus.ts";
import { type DataSetSettings, type ReadOptions, readSettings } from "../../data/formats/read_settings.ts";
import { type ReadingCounts, readTagged, type TaggedFile } from "../../data/formats/read_tagged.ts";
import type { Scheme } from "../../data/tags/tag.ts";
import { noSentence } from "../../data/text/conll.ts";
import { errorMessage, nearestName, reasonOf } from "../errors.ts";
import { sha256 } from "../files/hash.ts";
import { expectedPart, findPart, readPart, withTagNames } from "./data_files.ts";
import { DataSetError, fileProblems, trainProblemsOf } from "./data_set_problems.ts";

/** The parts of a data set. */
export const SPLITS = ["train", "dev", "test"] as const;

/** One part of a data set. */
export type Split = typeof SPLITS[number];

/**
 * The origin of dev: its own file, held out of train because there is no file, or only a copy of test, or a share of one
 * file with all sentences.
 */
export type DevOrigin =
  | "file"
  | "held out of train (no dev.txt)"
  | "held out of train (dev.txt is test.txt)"
  | "split of one file";

/** A data set in memory. */
export interface DataSet {
  name: string;
  splits: Corpus;
  /** The files that it was read from, with their SHA-256. */
  files: Partial<Record<Split, { path: string; sha256: string }>>;
  devOrigin: DevOrigin;
  /**
   * The seed that held dev out of train, and the number of sentences in train and dev together; absent if dev has a
   * file.
   */
  heldOut?: { seed: number; nSentences: number };
  /** What became of tags, spans and damaged sentences on the way, by file; absent if everything was taken as it is. */
  reading?: Readonly<Record<string, ReadingCounts>>;
  /** SHA-256 of the contents of the splits, however they came about: see `fingerprintOf`. */
  fingerprint: string;
}

/** Options of {@link loadDataSet}. */
export interface LoadDataSetOptions {
  /** Share of the training sentences that becomes dev if there is no dev file. Default: 0.1. */
  devFraction?: number | undefined;
  /** Seed of that choice. Default: 13. */
  seed?: number | undefined;
  /** The scheme of all tags. Default: IOB2. */
  scheme?: Scheme | undefined;
  /** How the files are read. Default: columns, word first and tag last. */
  read?: ReadOptions | undefined;
}

/**
 * Reads a data set. Without a dev file, or with one that is a copy of test, dev is held out of train.
 *
 * @param root The folder with one folder a data set.
 * @param name The data set's folder.
 * @param options The way to read files and to hold dev out, and the tag scheme.
 * @throws Error naming the folder if there is no such data set (with the nearest name); DataSetError naming file and
 * line of every problem: a missing or empty file, a link that leads out of the data set's folder, bytes that are not
 * UTF-8, a malformed line, a tag that is not of the scheme, train without an entity.
 */
export async function loadDataSet(
  root: string,
  name: string,
  options: LoadDataSetOptions = {},
): Promise<DataSet> {
  const { devFraction = HELD_OUT.devFraction, seed = HELD_OUT.devSeed, scheme = "IOB2" } = options;
  const folder = join(root, name);
  const names = await listDataSets(root, options.read);
  if (!names.includes(name)) {
    const rule = `must be a folder with train.txt and test.txt, there are ${names.join(", ") || "none"}`;
    const suggestion = nearestName(name, names);
    throw new Error(errorMessage({ act: "read data set", subject: name, place: root, rule, suggestion }));
  }
  const settings = await withTagNames(folder, readSettings(options.read ?? {}));
  const problems: string[] = [];
  const read = async (split: Split, path: string) => {
    try {
      const { files, sha256 } = await readPart(path, `the ${split} sentences of ${name}`, settings);
      const tagged = readTagged(files, settings, scheme);
      if (tagged.sentences.length === 0 && tagged.problems.length === 0) {
        tagged.problems.push(noSentence(path));
      }
      problems.push(...fileProblems(tagged, settings.scheme ?? scheme, path));
      const sentences = tagged.sentences.map(({ sentence }) => sentence);
      if (split === "train" && tagged.problems.length === 0) {
        problems.push(...trainProblemsOf(sentences, path));
      }
      return { sentences, tagged, file: { path, sha256 } };
    } catch (error) {
      problems.push((error as Error).message);
    }
  };
  if (settings.split !== null) {
    const path = await onlyFile(folder, settings);
    const whole = await read("train", path);
    if (problems.length > 0 || !whole) throw new DataSetError(problems);
    const { split: shares, splitSeed } = settings;
    const splits = splitCorpus(whole.tagged.sentences, { shares, seed: splitSeed, source: path });
    return {
      name,
      splits,
      files: { train: whole.file },
      devOrigin: "split of one file",
      ...readingOf({ [path]: whole.tagged }),
      fingerprint: await fingerprintOf(splits),
    };
  }
  const pathOf = async (split: Split) =>
    await findPart(folder, split, settings) ?? expectedPart(folder, split, settings);
  const train = await read("train", await pathOf("train"));
  const test = await read("test", await pathOf("test"));
  const devPath = await findPart(folder, "dev", settings);
  const dev = devPath === undefined ? undefined : await read("dev", devPath);
  if (problems.length > 0 || !train || !test) throw new DataSetError(problems);
  const reading = readingOf(
    Object.fromEntries([train, dev, test].flatMap((part) => part ? [[part.file.path, part.tagged]] : [])),
  );
  // Compares contents, because a copy may have other line ends.
  if (dev && !isDeepStrictEqual(dev.sentences, test.sentences)) {
    const files = { train: train.file, dev: dev.file, test: test.file };
    const splits = { train: train.sentences, dev: dev.sentences, test: test.sentences };
    return { name, splits, files, devOrigin: "file", ...reading, fingerprint: await fingerprintOf(splits) };
  }
  const files = { train: train.file, test: test.file };
  const parts = holdOut(train.sentences, { fraction: devFraction, seed, source: train.file.path });
  const splits = { ...parts, test: test.sentences };
  return {
    name,
    splits,
    files,
    heldOut: { seed, nSentences: train.sentences.length },
    devOrigin: `held out of train (${dev ? "dev.txt is test.txt" : "no dev.txt"})`,
    ...reading,
    fingerprint: await fingerprintOf(splits),
  };
}

/** Returns the one file that all parts are taken from. */
async function onlyFile(folder: string, settings: DataSetSettings): Promise<string> {
  const found = [];
  for (const part of ["all", ...SPLITS]) found.push(await findPart(folder, part, settings));
  const paths = found.filter((path) => path !== undefined);
  if (paths.length === 1) return paths[0]!;
  const rule = "must have one file, all or train, where all parts are taken from it (split)";
  throw new Error(errorMessage({ act: "split", subject: folder, rule, value: paths.join(", ") || "none" }));
}

/** Keeps what became of files, where anything did. */
function readingOf(files: Readonly<Record<string, TaggedFile>>): Pick<DataSet, "reading"> {
  const changed = Object.entries(files).map(([path, { counts }]) => [path, counts] as const)
    .filter(([, counts]) =>
      counts.nMended + counts.nConverted + counts.nSkipped + counts.widened.length + counts.leftOut.length >
        0 ||
      Object.keys(counts.ofLabels).length > 0
    );
  return changed.length > 0 ? { reading: Object.fromEntries(changed) } : {};
}

/**
 * Computes the SHA-256 of the words and tags of all splits, on which models are trained and scored. So a file that is
 * read in another way, or written by another generator, never finds the results of the old sentences.
 */
export function fingerprintOf(splits: DataSet["splits"]): Promise<string> {
  const content = SPLITS.map((split) => splits[split].map(({ words, tags }) => [words, tags]));
  return sha256(JSON.stringify(content));
}

/**
 * Lists the data sets in a folder: its folders with a file to train on, in alphabetical order.
 *
 * @param read How the files are read: the format decides how they are called.
 * @throws Error naming the folder if it cannot be read.
 */
export async function listDataSets(root: string, read: ReadOptions = {}): Promise<string[]> {
  const settings = readSettings(read);
  const parts = settings.split === null ? ["train"] : ["all", ...SPLITS];
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(root)) {
      for (const part of parts) {
        if (await findPart(join(root, entry.name), part, settings) === undefined) continue;
        names.push(entry.name);
        break;
      }
    }
  } catch (error) {
    const rule = `the folder of the data sets ${reasonOf(error, root)}`;
    throw new Error(errorMessage({ act: "read", subject: root, rule }), { cause: error });
  }
  return names.sort();
}

/**
 * Returns the folder of the data sets: the given one, else that of the environment variable NER_DATA.
 *
 * @param given From `--data` or `data.root`.
 * @throws Error saying how to name a folder, if there is neither.
 */
export function findDataRoot(given: string | null | undefined): string {
  const root = given ?? Deno.env.get("NER_DATA");
  if (root) return root;
  throw new Error("Cannot find the data sets: name their folder with --data DIR, data.root or NER_DATA");
}

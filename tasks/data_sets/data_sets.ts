/** Data sets on disk: a folder with one folder a data set, which holds train.txt, test.txt and usually dev.txt. */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Corpus } from "../../data/corpus/corpus.ts";
import { HELD_OUT, holdOut } from "../../data/corpus/hold_out.ts";
import type { Scheme } from "../../data/tags/tag.ts";
import { parseConll } from "../../data/text/conll.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import { errorMessage, nearestName, reasonOf } from "../errors.ts";
import { sha256 } from "../files/hash.ts";
import { readInsideFolder } from "../files/inside_folder.ts";
import { COLUMN_LIMITS } from "../files/read_input.ts";
import { DataSetError, tagProblemsOf, trainProblemsOf } from "./data_set_problems.ts";

/** The parts of a data set. */
export const SPLITS = ["train", "dev", "test"] as const;

/** One part of a data set. */
export type Split = typeof SPLITS[number];

/** The origin of dev: its own file, or held out of train because there is no file, or only a copy of test. */
export type DevOrigin = "file" | "held out of train (no dev.txt)" | "held out of train (dev.txt is test.txt)";

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
}

/**
 * Reads a data set. Without a dev file, or with one that is a copy of test, dev is held out of train.
 *
 * @param root The folder with one folder a data set.
 * @param name The data set's folder.
 * @param options The way to hold dev out, and the tag scheme.
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
  const names = await listDataSets(root);
  if (!names.includes(name)) {
    const rule = `must be a folder with train.txt and test.txt, there are ${names.join(", ") || "none"}`;
    const suggestion = nearestName(name, names);
    throw new Error(errorMessage({ act: "read data set", subject: name, place: root, rule, suggestion }));
  }
  const problems: string[] = [];
  const read = async (split: Split) => {
    const path = join(folder, `${split}.txt`);
    try {
      const bytes = await readInsideFolder(path, `the ${split} sentences of ${name}`, COLUMN_LIMITS);
      const sentences = parseConll(decodeText(bytes, path), { source: path });
      problems.push(...tagProblemsOf(sentences, scheme, path));
      if (split === "train") problems.push(...trainProblemsOf(sentences, path));
      return { sentences, file: { path, sha256: await sha256(bytes) } };
    } catch (error) {
      problems.push((error as Error).message);
    }
  };
  const train = await read("train");
  const test = await read("test");
  const dev = await isFile(join(folder, "dev.txt")) ? await read("dev") : undefined;
  if (problems.length > 0 || !train || !test) throw new DataSetError(problems);
  // Compares contents, because a copy may have other line ends.
  if (dev && !isDeepStrictEqual(dev.sentences, test.sentences)) {
    const files = { train: train.file, dev: dev.file, test: test.file };
    const splits = { train: train.sentences, dev: dev.sentences, test: test.sentences };
    return { name, splits, files, devOrigin: "file", fingerprint: await fingerprintOf(splits) };
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
    fingerprint: await fingerprintOf(splits),
  };
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
 * Lists the data sets in a folder: its folders with a train.txt, in alphabetical order.
 *
 * @throws Error naming the folder if it cannot be read.
 */
export async function listDataSets(root: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(root)) {
      if (await isFile(join(root, entry.name, "train.txt"))) names.push(entry.name);
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

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}

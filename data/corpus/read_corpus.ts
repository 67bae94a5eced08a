/** Reading a corpus from a folder or from text. */
import type { SourceFile } from "../formats/data_record.ts";
import { decodeFile } from "../formats/decode_file.ts";
import { FORMATS } from "../formats/formats.ts";
import { type ReadOptions, readSettings } from "../formats/read_settings.ts";
import { readTagged } from "../formats/read_tagged.ts";
import { openFolder, type OpenFolderOptions } from "../open_folder.ts";
import type { Scheme } from "../tags/tag.ts";
import { noSentence } from "../text/conll.ts";
import type { Corpus } from "./corpus.ts";
import { HELD_OUT, holdOut } from "./hold_out.ts";
import { splitCorpus } from "./split_corpus.ts";

/** Options of {@link readCorpus} and {@link parseCorpus}. */
export interface CorpusOptions {
  /** The scheme of all tags. Default: IOB2. */
  scheme?: Scheme;
  /** Share of the training sentences that becomes dev if there is no dev. Default: 0.1. */
  devFraction?: number;
  /** Seed of that choice. Default: 13. */
  devSeed?: number;
  /** How files are read; keys as in YAML. Default: columns, word first and tag last, in the scheme of all tags. */
  read?: ReadOptions;
}

/**
 * Reads a corpus from the text of files: by default a word and its tag a line, an empty line between sentences.
 *
 * @param texts Without dev, a part of train becomes dev; test may be missing.
 * @throws If lines are malformed or tags are not of the scheme, naming part and line of the first 20; if train is too
 * short to hold dev out.
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
  return corpusOf((part) => {
    const text = texts[part];
    return text === undefined ? undefined : { name: part, text };
  }, options);
}

/**
 * Reads a corpus from a folder with train.txt and, where there are any, dev.txt and test.txt.
 *
 * With `read`, files may have other names: `fileNames`, or the endings of the format, such as train.jsonl.
 *
 * @param location Path or address of the folder.
 * @throws As `parseCorpus` does, and if train.txt cannot be read.
 *
 * @example
 * ```ts ignore
 * import { readCorpus } from "@laner/laner/corpus";
 *
 * const corpus = await readCorpus("./my_data/recipes", { read: { format: "doccano", onSpan: "widen" } });
 * ```
 */
export async function readCorpus(
  location: string | URL,
  options: CorpusOptions & OpenFolderOptions = {},
): Promise<Corpus> {
  const settings = readSettings(options.read ?? {});
  const { fileNames, encoding } = settings;
  const endings = FORMATS[settings.format].endings;
  if (endings.length === 0) {
    throw new Error(
      `Cannot read "${location}": ${settings.format} is a folder of many files, convert it first`,
    );
  }
  const namesOf = (part: keyof Corpus) =>
    Object.hasOwn(fileNames, part) ? [fileNames[part]!] : endings.map((ending) => part + ending);
  const folder = await openFolder(location, { ...options, probe: namesOf("train")[0]! });
  const files: Partial<Record<keyof Corpus, SourceFile>> = {};
  for (const part of ["train", "dev", "test"] as const) {
    const names = namesOf(part);
    let name: string | undefined;
    for (const one of names) if (name === undefined && await folder.has(one)) name = one;
    // Reading what is not there says why.
    if (part === "train") name ??= names[0]!;
    if (name === undefined) continue;
    files[part] = decodeFile(await folder.readBytes(name), folder.url(name).href, encoding);
  }
  return corpusOf((part) => files[part], options);
}

/** The errors of a file that are shown. */
const SHOWN = 20;

function corpusOf(
  fileOf: (part: keyof Corpus) => SourceFile | undefined,
  { scheme = "IOB2", devFraction = HELD_OUT.devFraction, devSeed = HELD_OUT.devSeed, read = {} }:
    CorpusOptions,
): Corpus {
  const settings = readSettings(read);
  const taggedOf = (part: keyof Corpus) => {
    const file = fileOf(part);
    if (file === undefined) return undefined;
    const { sentences, problems } = readTagged([file], settings, scheme);
    if (problems.length > 0) {
      const more = problems.length > SHOWN
        ? [`Besides, errors in ${file.name}: ${problems.length - SHOWN}`]
        : [];
      throw new Error([...problems.slice(0, SHOWN), ...more].join("\n"));
    }
    if (sentences.length === 0) throw new Error(noSentence(file.name));
    return sentences;
  };
  const sentencesOf = (part: keyof Corpus) => taggedOf(part)?.map(({ sentence }) => sentence);
  if (settings.split !== null) {
    const all = taggedOf("train") ?? [];
    return splitCorpus(all, {
      shares: settings.split,
      seed: settings.splitSeed,
      source: fileOf("train")?.name ?? "train",
    });
  }
  const train = sentencesOf("train") ?? [];
  const dev = sentencesOf("dev");
  const test = sentencesOf("test") ?? [];
  if (dev) return { train, dev, test };
  const source = fileOf("train")?.name ?? "train";
  return { ...holdOut(train, { fraction: devFraction, seed: devSeed, source }), test };
}

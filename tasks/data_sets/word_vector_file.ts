/** Files of word vectors, which may be larger than memory. */
import { createHash } from "node:crypto";
import { readWordVectors, type WordVectors } from "../../data/words/word_vectors.ts";
import type { Progress } from "../../model/training/progress.ts";
import { errorMessage, reasonOf } from "../errors.ts";
import type { GivenFolder } from "../files/given_folder.ts";

/**
 * Describes a file of word vectors as the input of a stage: its place, and the hash of its bytes.
 *
 * @throws {Error} If it cannot be read.
 */
export async function givenVectors(path: string): Promise<GivenFolder> {
  const hash = createHash("sha256");
  try {
    using file = await Deno.open(path);
    for await (const chunk of file.readable) hash.update(chunk);
  } catch (error) {
    const rule = `the word vectors ${reasonOf(error, path)}`;
    throw new Error(errorMessage({ act: "read", subject: path, rule }), { cause: error });
  }
  return { key: hash.digest("hex"), dir: path };
}

/** Options of {@link readWordVectorFile}. */
export interface ReadWordVectorFileOptions {
  /** The words to keep. Default: all. */
  words?: ReadonlySet<string> | undefined;
  /** Receives the number of megabytes read so far. */
  report?: Progress | undefined;
  /** Stops the reading, which then rejects with the signal's reason. */
  signal?: AbortSignal;
}

const CHUNK = 1 << 20;
const MEGABYTE = 1e6;

/**
 * Reads word vectors from a file in GloVe's or word2vec's format; keeps only the given words in memory.
 *
 * @param path The file.
 * @throws {Error} If it cannot be read, or is not a file of word vectors, naming the line (see `readWordVectors`); the
 * signal's reason when it is aborted.
 */
export async function readWordVectorFile(
  path: string,
  { words, report, signal }: ReadWordVectorFileOptions = {},
): Promise<WordVectors> {
  const reading = async <T>(operation: Promise<T>): Promise<T> => {
    try {
      return await operation;
    } catch (error) {
      const rule = `the word vectors ${reasonOf(error, path)}`;
      throw new Error(errorMessage({ act: "read", subject: path, rule }), { cause: error });
    }
  };
  using file = await reading(Deno.open(path));
  const { size } = await reading(file.stat());
  const stage = `Reading ${path}`;
  const total = Math.max(1, Math.ceil(size / MEGABYTE));
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(CHUNK);
    for (let read = 0;;) {
      signal?.throwIfAborted();
      const length = await reading(file.read(buffer));
      if (length === null) break;
      yield buffer.subarray(0, length);
      read += length;
      // The last progress is reported only when the file was found to be whole.
      report?.({ stage, done: Math.min(total - 1, Math.floor(read / MEGABYTE)), total });
    }
  }
  const vectors = await readWordVectors(chunks(), { source: path, words });
  report?.({ stage, done: total, total });
  return vectors;
}

/** The data of experiments: sets and texts, each read once however many runs use it. */
import { chooseShots } from "../../data/corpus/choose_shots.ts";
import type { ReadOptions } from "../../data/formats/read_settings.ts";
import { createRandom } from "../../data/random.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import type { DataConfig, RunConfig } from "../config/run_config.ts";
import { errorMessage } from "../errors.ts";
import { keepOnce } from "../files/keep_once.ts";
import { readInput } from "../files/read_input.ts";
import { type DataSet, findDataRoot, fingerprintOf, loadDataSet } from "./data_sets.ts";
import { createSampleData } from "./sample_data.ts";
import { type Text, textOf } from "./training_text.ts";

/** Reads the data of runs. */
export interface ExperimentData {
  /** Reads the source. */
  source(data: DataConfig): Promise<DataSet>;
  /** Reads a target whole. */
  wholeTarget(data: DataConfig, target: string): Promise<DataSet>;
  /** Reads the target of a run, with as many training sentences as `data.trainSentences` or `data.shots` says. */
  target(run: Pick<RunConfig, "data" | "target" | "seed">): Promise<DataSet>;
  /** Reads the source's text, unlabelled where it is generated, else its training sentences: a tiny encoder is made from it. */
  sourceText(data: DataConfig): Promise<Text>;
  /** Reads the unlabelled text of a run's target. */
  targetText(run: Pick<RunConfig, "data" | "target" | "dapt">): Promise<Text>;
}

/**
 * Creates a reader that keeps what it has read.
 *
 * Its functions throw as `loadDataSet` does, and if there are too few training sentences.
 */
export function createExperimentData(): ExperimentData {
  const once = keepOnce();
  const sample = (data: DataConfig) => once(["sample", data.sample], () => createSampleData(data.sample!));
  const load = (data: DataConfig, name: string): Promise<DataSet> => {
    const { root, devFraction, devSeed, scheme } = data;
    const options = { devFraction, seed: devSeed, scheme, read: readOptionsFor(data, name) };
    return once(["set", root, name, options], () => loadDataSet(findDataRoot(root), name, options));
  };
  const sampleText = (data: DataConfig, part: "source" | "target") =>
    once(["text", part, data.sample], async () => textOf((await sample(data))[part].text));
  const source = async (data: DataConfig) =>
    data.sample ? (await sample(data)).source : await load(data, data.source);
  const wholeTarget = async (data: DataConfig, target: string) =>
    data.sample ? (await sample(data)).target : await load(data, target);

  return {
    source,
    wholeTarget,
    async target({ data, target, seed }) {
      const { trainSentences: n, shots } = data;
      const whole = await wholeTarget(data, target);
      const some = n === null || n === whole.splits.train.length
        ? whole
        : await once(["part", whole.fingerprint, n, seed], () => withFewerSentences(whole, n, seed));
      if (shots === null) return some;
      return await once(["shots", some.fingerprint, shots, seed], () => withShots(some, shots, seed));
    },
    async sourceText(data) {
      if (data.sample) return await sampleText(data, "source");
      const { fingerprint, splits: { train } } = await source(data);
      return await once(["sentences", fingerprint], () => textOf(train.map(({ words }) => words.join(" "))));
    },
    targetText({ data, target, dapt }) {
      if (data.sample) return sampleText(data, "target");
      const path = dapt.corpus;
      if (path === null) {
        const rule = `must name a text file for "${target}" (--corpora), as it is adapted to`;
        throw new Error(errorMessage({ act: "use", subject: "dapt.corpus", rule, value: null }));
      }
      return once(["text", path], async () => {
        const bytes = await readInput(path, `the unlabelled text of ${target}`);
        const lines = decodeText(bytes, path).split(/\r?\n/).filter((line) => line.trim() !== "");
        return await textOf(lines);
      });
    },
  };
}

/** Returns how the files of a data set are read: the keys of all data sets, and its own. */
export function readOptionsFor(
  { read, perSet }: Pick<DataConfig, "read" | "perSet">,
  name: string,
): ReadOptions {
  return { ...read, ...(Object.hasOwn(perSet, name) ? perSet[name] : {}) } as ReadOptions;
}

/** Keeps the training sentences that have so many entities of each type. */
export async function withShots(dataSet: DataSet, shots: number, seed: number): Promise<DataSet> {
  const { splits: { train, ...others } } = dataSet;
  const splits = { ...others, train: chooseShots(train, shots, seed) };
  return { ...dataSet, splits, fingerprint: await fingerprintOf(splits) };
}

/**
 * Keeps some training sentences of a data set, in their order; a smaller number gives a part of a larger one with the
 * same seed.
 *
 * @throws If the data set has fewer.
 */
export async function withFewerSentences(dataSet: DataSet, n: number, seed: number): Promise<DataSet> {
  const { name, splits: { train, ...others } } = dataSet;
  if (n > train.length) {
    const rule = `must be at most the ${train.length} training sentences of ${name}`;
    throw new Error(errorMessage({ act: "use", subject: "data.trainSentences", rule, value: n }));
  }
  const order = createRandom(seed).fork("training sentences").shuffle(train.map((_, i) => i));
  const chosen = new Set(order.slice(0, n));
  const splits = { ...others, train: train.filter((_, i) => chosen.has(i)) };
  return { ...dataSet, splits, fingerprint: await fingerprintOf(splits) };
}

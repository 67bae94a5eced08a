/** The data of experiments: sets and texts, each read once however many runs use it. */
import { createRandom } from "../../data/random.ts";
import { decodeText } from "../../data/text/decode_text.ts";
import type { Config } from "../config/config.ts";
import { errorMessage } from "../errors.ts";
import { keepOnce } from "../files/keep_once.ts";
import { readInput } from "../files/read_input.ts";
import { type DataSet, findDataRoot, fingerprintOf, loadDataSet } from "./data_sets.ts";
import { createSampleData } from "./sample_data.ts";
import { type Text, textOf } from "./training_text.ts";

/** A reader of the data of configurations for one target (`configForTarget`). */
export interface ExperimentData {
  source(config: Config): Promise<DataSet>;
  /** Reads the target, with as many training sentences as `data.trainSentences` says. */
  target(config: Config, seed: number): Promise<DataSet>;
  /**
   * Reads text of the source to make a tiny encoder from: the unlabelled text if it is generated, else the training
   * sentences.
   */
  sourceText(config: Config): Promise<Text>;
  /** Reads unlabelled text of the target. */
  targetText(config: Config): Promise<Text>;
}

/**
 * Creates a reader that keeps what it has read.
 *
 * Its functions throw as `loadDataSet` does, and if there are too few training sentences.
 */
export function createExperimentData(): ExperimentData {
  const once = keepOnce();
  const sample = ({ data }: Config) => once(["sample", data.sample], () => createSampleData(data.sample!));
  const load = ({ data }: Config, name: string): Promise<DataSet> => {
    const { root, devFraction, devSeed, scheme } = data;
    const options = { devFraction, seed: devSeed, scheme };
    return once(["set", root, name, options], () => loadDataSet(findDataRoot(root), name, options));
  };
  const sampleText = (config: Config, part: "source" | "target") =>
    once(["text", part, config.data.sample], async () => textOf((await sample(config))[part].text));
  const source = async (config: Config) =>
    config.data.sample ? (await sample(config)).source : await load(config, config.data.source);

  return {
    source,
    async target(config, seed) {
      const name = config.data.targets[0]!;
      const n = config.data.trainSentences;
      const whole = config.data.sample ? (await sample(config)).target : await load(config, name);
      if (n === null || n === whole.splits.train.length) return whole;
      return await once(["part", whole.fingerprint, n, seed], () => withFewerSentences(whole, n, seed));
    },
    async sourceText(config) {
      if (config.data.sample) return await sampleText(config, "source");
      const { fingerprint, splits: { train } } = await source(config);
      return await once(["sentences", fingerprint], () => textOf(train.map(({ words }) => words.join(" "))));
    },
    targetText(config) {
      if (config.data.sample) return sampleText(config, "target");
      const path = config.dapt.corpus;
      if (path === null) {
        const rule = `must name a text file for "${config.data.targets[0]}" (--corpora), as it is adapted to`;
        throw new Error(errorMessage({ act: "use", subject: "dapt.corpus", rule, value: null }));
      }
      return once(["text", path], async () => {
        const bytes = await readInput(path, `the unlabelled text of ${config.data.targets[0]}`);
        const lines = decodeText(bytes, path).split(/\r?\n/).filter((line) => line.trim() !== "");
        return await textOf(lines);
      });
    },
  };
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

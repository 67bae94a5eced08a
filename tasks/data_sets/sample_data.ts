/** The generated corpora as data sets, so that experiments use them like any other. */
import { createSampleCorpora, type DomainSizes } from "../../data/sample/corpora.ts";
import { formatConll } from "../../data/text/format_conll.ts";
import { SAMPLE_SOURCE, SAMPLE_TARGET } from "../config/sample_names.ts";
import { canonicalJson, sha256 } from "../files/hash.ts";
import type { DataSet } from "./data_sets.ts";

/** A generated data set with unlabelled text of the same domain. */
export interface SampleDataSet extends DataSet {
  /** Unlabelled sentences, words joined by spaces. */
  text: string[];
}

/** Seed and sizes; the generator decides sizes that are left out. */
export interface SampleOptions {
  seed: number;
  source?: Partial<DomainSizes>;
  target?: Partial<DomainSizes>;
}

/**
 * Generates the sample corpora in memory.
 *
 * @param options Seed and sizes, such as `config.data.sample`.
 * @returns The source "news" and the target "research".
 */
export async function createSampleData(
  options: SampleOptions,
): Promise<{ source: SampleDataSet; target: SampleDataSet }> {
  const { seed, ...sizes } = options;
  const corpora = createSampleCorpora(seed, sizes);
  const dataSet = async (
    name: string,
    splits: DataSet["splits"],
    text: string[],
  ): Promise<SampleDataSet> => {
    // Hashes the sentences, not the seed: a better generator must not find the old results.
    const content = Object.values(splits).map((sentences) => formatConll(sentences));
    const fingerprint = await sha256(canonicalJson([...content, text]));
    return { name, splits, files: {}, devOrigin: "file", fingerprint, text };
  };
  return {
    source: await dataSet(SAMPLE_SOURCE, corpora.source, corpora.sourceText),
    target: await dataSet(SAMPLE_TARGET, corpora.target, corpora.targetText),
  };
}

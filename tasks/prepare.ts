/**
 * Checks data sets, prints their statistics, and writes them as clean column files; also the sample corpora.
 */
import { basename, dirname, join } from "node:path";
import type { ReadOptions } from "../data/formats/read_settings.ts";
import { formatConll } from "../data/text/format_conll.ts";
import { DEFAULT_SOURCE } from "./config/config.ts";
import { readConfig } from "./config/read_config.ts";
import { readFlags, type ReadFlagValues, readOptionsOf } from "./config/read_flags.ts";
import { dataFindings } from "./data_sets/data_findings.ts";
import { DataSetError, isOfTag } from "./data_sets/data_set_problems.ts";
import { type DataSet, findDataRoot, listDataSets, loadDataSet, SPLITS } from "./data_sets/data_sets.ts";
import { formatDataStatistics } from "./data_sets/data_statistics.ts";
import { readOptionsFor } from "./data_sets/experiment_data.ts";
import { createSampleData, type SampleDataSet } from "./data_sets/sample_data.ts";
import { transferFindings } from "./data_sets/transfer_findings.ts";
import { errorMessage, UsageError } from "./errors.ts";
import { makeFolder, syncFolder, writeDurably, writing } from "./files/durable_files.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";

/** `deno task prepare`. */
export const PREPARE = defineCommand({
  name: "prepare",
  summary: "Checks data sets and prints how many sentences, words, entities and types each part has. " +
    "With --out it also writes them as column files in which dev is held out of train where there was none.",
  flags: {
    data: {
      type: "text",
      valueName: "DIR",
      doc: "Folder with one folder a data set; NER_DATA where it is absent",
    },
    config: {
      type: "text",
      valueName: "FILE",
      doc: "Take the data sets of this experiment, not all in the folder",
    },
    set: { type: "text", valueName: "KEY=VALUE", repeatable: true, doc: "Replace a key of the experiment" },
    sample: { type: "boolean", doc: "Take the generated corpora, not a folder; --out also gets their text" },
    out: { type: "text", valueName: "DIR", doc: "Write the data sets here; none of them may be there yet" },
    json: { type: "boolean", doc: "Print the statistics as JSON" },
    "source-format": {
      type: "text",
      valueName: "NAME",
      doc:
        "Format of the source's files, or the profile of its corpus; the flags below are then about the others",
    },
    ...readFlags(),
  },
  examples: [
    "deno task prepare --data ner_data",
    "deno task prepare --data germeval --format germeval2014 --on-error skip-sentence",
    "deno task prepare --data one_file --format doccano --on-span widen --split 80/10/10 --out parts",
    "deno task prepare --sample --out sample_data",
    "deno task prepare --config experiments/laptop.yaml --data ner_data --out prepared",
  ],
});

/** Reads and checks the data sets, prints their statistics and findings, and writes them if asked to. */
export const prepare: CommandMain<typeof PREPARE.flags> = async (flags, _operands, { print }) => {
  const { dataSets, source, problems, nBroken } = await findDataSets(flags);
  if (flags.out !== undefined) {
    for (const { name } of dataSets) await checkAbsent(join(flags.out, name));
  }
  if (dataSets.length > 0) {
    const findings = dataSets.flatMap((dataSet) => [
      ...dataFindings(null, [dataSet]),
      ...(source && dataSet !== source ? transferFindings(source, dataSet) : []),
    ]);
    print(formatDataStatistics(dataSets, flags.json ? "json" : "text", findings));
  }
  if (problems.length > 0) {
    const lines = problems.length === 1 ? problems : [
      `Cannot use ${nBroken} of ${nBroken + dataSets.length} data sets`,
      ...problems,
      ...remediesFor(problems),
    ];
    throw new Error(lines.join("\n"));
  }
  if (flags.out === undefined) return;
  await writeDataSets(flags.out, dataSets);
  if (!flags.json) print(`\nWritten to ${flags.out}: ${dataSets.map(({ name }) => name).join(", ")}`);
};

/** Says how files with errors can be read all the same. */
function remediesFor(problems: readonly string[]): string[] {
  return [
    ...problems.some(isOfTag)
      ? ["--mend-tags (mendTags) reads tags that the scheme does not allow as conlleval.pl does"]
      : [],
    ...problems.some((problem) => problem.startsWith("Cannot use span "))
      ? ["--on-span widen or leave-out (onSpan) changes spans that do not begin and end where words do"]
      : [],
    "--on-error skip-sentence (onError) leaves sentences with errors out, and counts them",
  ];
}

/** The data sets that were found. */
interface FoundDataSets {
  /** The data sets without problems. */
  dataSets: (DataSet | SampleDataSet)[];
  /** The source among them; all others are targets. */
  source?: DataSet | undefined;
  /** The problems of the other data sets, and the number of these. */
  problems: string[];
  nBroken: number;
}

async function findDataSets(
  flags: ReadFlagValues & {
    data?: string | undefined;
    config?: string | undefined;
    set: string[];
    sample: boolean;
    "source-format"?: string | undefined;
  },
): Promise<FoundDataSets> {
  if (flags.set.length > 0 && flags.config === undefined) {
    throw new UsageError("Cannot use --set without --config: it replaces keys of an experiment");
  }
  const config = flags.config === undefined ? undefined : await readConfig(flags.config, flags.set);
  const sample = config?.data.sample ?? (flags.sample ? { seed: 13 } : undefined);
  const given = readOptionsOf(flags);
  const format = flags["source-format"];
  const ofSource = format === undefined ? given : readOptionsOf({ format });
  if (sample && Object.keys({ ...given, ...ofSource }).length > 0) {
    throw new UsageError("Cannot use flags about files for generated corpora: they are not read from files");
  }
  if (sample && flags.data !== undefined) {
    throw new UsageError("Cannot use --data for generated corpora: they are not read from a folder");
  }
  if (sample) {
    const { source, target } = await createSampleData(sample);
    return { dataSets: [source, target], source, problems: [], nBroken: 0 };
  }
  if (config && flags.sample) {
    throw new UsageError(`Cannot use --sample with "${flags.config}": its data.sample is null`);
  }
  const root = findDataRoot(flags.data ?? config?.data.root);
  const sourceName = config?.data.source ?? DEFAULT_SOURCE;
  const names = config
    ? [config.data.source, ...config.data.targets]
    : await listFound(root, sourceName, given, format === undefined ? undefined : ofSource);
  if (names.length === 0) {
    const rule = "must have a folder a data set, with train.txt and test.txt, there are none";
    throw new Error(errorMessage({ act: "read data sets", subject: root, rule }));
  }
  const { devFraction, devSeed, scheme } = config?.data ?? {};
  const found: FoundDataSets = { dataSets: [], problems: [], nBroken: 0 };
  for (const name of new Set(names)) {
    try {
      const keys = name === sourceName ? ofSource : given;
      const read = { ...(config ? readOptionsFor(config.data, name) : {}), ...keys };
      found.dataSets.push(await loadDataSet(root, name, { devFraction, seed: devSeed, scheme, read }));
    } catch (error) {
      found.problems.push(...error instanceof DataSetError ? error.problems : [(error as Error).message]);
      found.nBroken++;
    }
  }
  return { ...found, source: found.dataSets.find(({ name }) => name === sourceName) };
}

/** Lists the data sets in a folder, of which the source may have files of another format. */
async function listFound(
  root: string,
  source: string,
  given: ReadOptions,
  ofSource: ReadOptions | undefined,
): Promise<string[]> {
  const names = await listDataSets(root, given);
  if (ofSource === undefined) return names;
  const sources = (await listDataSets(root, ofSource)).filter((name) => name === source);
  return [...sources, ...names.filter((name) => name !== source)].sort();
}

/** Writes each data set into a folder of its own, which appears only when it is whole. */
async function writeDataSets(out: string, dataSets: readonly (DataSet | SampleDataSet)[]): Promise<void> {
  for (const dataSet of dataSets) {
    const folder = join(out, dataSet.name);
    const draft = join(dirname(folder), `.${basename(folder)}.unfinished`);
    try {
      await makeFolder(draft);
      for (const split of SPLITS) {
        await writeDurably(join(draft, `${split}.txt`), formatConll(dataSet.splits[split]));
      }
      if ("text" in dataSet) await writeDurably(join(draft, "text.txt"), dataSet.text.join("\n") + "\n");
      await writing(folder, async () => {
        await syncFolder(draft);
        await Deno.rename(draft, folder);
        await syncFolder(dirname(folder));
      });
    } catch (error) {
      await Deno.remove(draft, { recursive: true }).catch(() => {});
      throw error;
    }
  }
}

async function checkAbsent(path: string): Promise<void> {
  try {
    await Deno.lstat(path);
  } catch {
    // Writing reports any other problem with the path.
    return;
  }
  const rule = "must not be there yet, nothing is overwritten; remove it or choose another --out";
  throw new Error(errorMessage({ act: "write", subject: path, rule }));
}

if (import.meta.main) await runCommand(PREPARE, prepare);

/** Valid configurations in combination: what each key may be, and the files that they name. */
import { join } from "node:path";
import { trainByteLevelBpe } from "../../data/pieces/byte_level_bpe_training.ts";
import { createRandom } from "../../data/random.ts";
import { createSampleCorpora } from "../../data/sample/corpora.ts";
import { spansToTags, tagsToSpans } from "../../data/tags/tag_scheme.ts";
import { formatConll } from "../../data/text/format_conll.ts";
import { writeBartFolder } from "../../model/bart/bart_folder.ts";
import { initialBart } from "../../model/bart/bart_init.ts";
import { bartShapes } from "../../model/bart/bart_shapes.ts";
import { writeEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { tinyTokenizerJson } from "../data/tiny_tokenizer.ts";
import { SYSTEM_NAMES } from "../model/families.ts";
import { TINY_BART, TINY_BERT, tinyEncoder } from "../model/tiny.ts";

/** The settings that all have in common: as small as can be. */
export const SMALLEST = `
name: smallest
seeds: [1]
engine: onnx
encoder: { vocabularySize: 200, hiddenWidth: 8, nLayers: 1, nHeads: 2, feedForwardWidth: 8, maxPositions: 64, mlm: { epochs: 1, blockLength: 16 } }
data: { source: news, targets: [research] }
systems: [bert-tagger]
model: { labelWidth: 4, maxPieces: 32 }
dapt: { epochs: 1, blockLength: 16 }
pretrain: { epochs: 1 }
train: { epochs: 2 }
joint: { epochs: 1 }
words:
  standIn: { width: 4, epochs: 1, minCount: 1 }
  charLm: { width: 4, characterWidth: 2, epochs: 1, blockLength: 10, nStreams: 2 }
  characterFeatures: 2
  width: 4
  nLayers: 1
bart: { vocabularySize: 270, hiddenWidth: 8, nLayers: 1, nHeads: 2, feedForwardWidth: 8, maxPositions: 64, epochs: 1 }
`;

const SCHEMES = ["IOB1", "IOB2", "IOE1", "IOE2", "IOBES", "BILOU"] as const;

/** What is varied: a name, and the overrides of each of its values. */
export type Factors = Record<string, readonly (readonly string[])[]>;

/** Writes data sets, texts, vectors, an encoder and a BART into a folder, and the settings into `smallest.yaml`. */
export async function writeInputs(folder: string): Promise<string> {
  const sizes = { train: 12, dev: 4, test: 4, text: 30 };
  const { source, target, targetText } = createSampleCorpora(3, { source: sizes, target: sizes });
  const files: Record<string, string | Uint8Array> = {
    "smallest.yaml": SMALLEST,
    "text.txt": targetText.join("\n") + "\n",
    "vectors.txt": source.train.flatMap(({ words }) => words).filter((word, i, all) =>
      all.indexOf(word) === i
    )
      .map((word, i) => `${word} ${i % 7} 0.5 -1\n`).join(""),
  };
  for (const scheme of SCHEMES) {
    const root = `data-${scheme}`;
    for (const [name, splits] of [["news", source], ["research", target], ["second", target]] as const) {
      for (const split of ["train", "dev", "test"] as const) {
        files[`${root}/${name}/${split}.txt`] = formatConll(splits[split].map(({ words, tags }) => ({
          words,
          tags: spansToTags(tagsToSpans(tags), words.length, { scheme }),
        })));
      }
    }
  }
  const encoder = writeEncoderFolder(TINY_BERT, tinyEncoder(createRandom(1)));
  const bart = writeBartFolder(TINY_BART, initialBart(bartShapes(TINY_BART), createRandom(1)));
  const bpe = trainByteLevelBpe(["a"], { vocabularySize: 261 });
  Object.assign(
    files,
    under("encoder", { ...encoder, "tokenizer.json": JSON.stringify(tinyTokenizerJson()) }),
  );
  Object.assign(files, under("bart", { ...bart, "tokenizer.json": JSON.stringify(bpe) }));
  for (const [path, content] of Object.entries(files)) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeFile(
      join(folder, path),
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  }
  return join(folder, "smallest.yaml");
}

function under<T>(folder: string, files: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [`${folder}/${name}`, file]));
}

const SAMPLE = "{ train: 12, dev: 4, test: 4, text: 30 }";

/** Every kind of value of the keys that decide what is made from what; `folder` is that of `writeInputs`. */
export function factorsIn(folder: string): Factors {
  const of = (key: string, ...values: string[]) => [[], ...values.map((value) => [`${key}=${value}`])];
  const root = (scheme: string) => [`data.root=${folder}/data-${scheme}`, `data.scheme=${scheme}`];
  return {
    encoder: [
      [],
      ["encoder.lowercase=true", "encoder.mlm.sentences=true", "encoder.mlm.spans=false"],
      [`encoder=${folder}/encoder`],
      ["encoder=org/name"],
      ["encoder=org/name@v1"],
      ["encoder=https://example.org/encoder"],
    ],
    data: [
      [`data.sample.source=${SAMPLE}`, `data.sample.target=${SAMPLE}`],
      ...SCHEMES.map(root),
      [...root("IOB2"), "data.devFraction=0.5", "data.devSeed=0"],
    ],
    trainSentences: of("data.trainSentences", "null", "1", "12"),
    system: SYSTEM_NAMES.map((name) => [`systems=[${name}]`]),
    strategy: of("strategy", "joint", "in-domain", "source-then-target"),
    adapt: [
      [],
      ["dapt.corpus=null"],
      [`dapt.corpus=${folder}/text.txt`],
      ["adapt=[true, false]", `dapt.corpus=${folder}/text.txt`, "dapt.sentences=true", "dapt.spans=false"],
      ["adapt=[false, true]", `dapt.corpus=${folder}/text.txt`, "dapt.heldOutFraction=0"],
      ["adapt=[false, true]", `dapt.corpus=${folder}/text.txt`, "dapt.maskProbability=0.9"],
    ],
    vectors: of("words.vectors", `${folder}/vectors.txt`, "null"),
    words: [
      [],
      ["perSystem.multi-cell-lstm.words.readsEncoder=true"],
      ["words.characterFeatures=0"],
      ["words.ngramWidth=3", "words.templates=1"],
      ["words.ngramWidth=0", "words.templates=0", "words.dropout=0"],
      ["words.charLm.heldOutFraction=0", "words.lowercaseFallback=false", "words.standIn.lowercase=false"],
      ["words.standIn.minCount=1000"],
      ["words.standIn.sample=1", "words.standIn.window=1", "words.standIn.negatives=1"],
    ],
    bart: of("bart", "{}", `${folder}/bart`),
    model: [
      [],
      ["model.labelSpace=joint"],
      ["model.dropout=0", "model.labelWidth=1", "model.beamSize=2"],
      ["model.maxPieces=8", "model.beamSize=1"],
      ["model.maxPieces=512"],
      [
        "model.factoredTags=true",
        "model.wordShapes=true",
        "model.newTags=mean",
        "model.legalTags=true",
        "perSystem.bert-crf.model.legalTags=false",
      ],
    ],
    train: [
      [],
      [
        "train.patience=0",
        "train.clipNorm=null",
        "train.sgd=null",
        "joint.patience=0",
        "joint.upsample=null",
      ],
      ["train.sgd={}", "train.clipNorm=1", "joint.upsample=2", "joint.patience=1"],
      ["train.sgd={ decay: 0, weightDecay: 0, patience: 0 }", "pretrain.sgd={ patience: 1 }"],
      ["train.batchSize=1000", "pretrain.batchSize=1000"],
      ["train.schedule=cosine", "train.warmup=0.1", "pretrain.schedule=constant", "pretrain.warmup=0"],
      ["train.weightDecay=0.01", "pretrain.weightDecay=0"],
      ["train.headRate=5", "train.layerDecay=0.95", "pretrain.layerDecay=null"],
      ["train.keep=last", "perSystem.laner.train.keep=best", "perSystem.laner.train.rDrop=0.5"],
      ["train.average={}", "pretrain.average={ decay: 0.999, from: 2 }"],
      ["train.accumulate=2", "pretrain.accumulate=1000"],
    ],
    per: [
      [],
      ["perSystem={ laner: {}, coach: { strategy: joint }, lstm-crf: { words: { width: 2 } } }"],
      ["perSystem.bert-tagger.train={ sgd: null, patience: null }", "perSystem.flair.words.charLm.seed=2"],
      ["perTarget={ research: {} }"],
      ["perTarget.research={ adapt: [false], train: {} }"],
    ],
    shown: [
      [],
      ["show=types"],
      ["show=data"],
      ["show=settings"],
      ["vary={ model.labelWidth: [1, 2] }"],
      ["vary={ data.trainSentences: [1, 2] }", "show=lines"],
      ["vary={ train.patience: [0, 1] }", "show=lines"],
      ["vary={ model.labelSpace: [target, joint] }", "show=types"],
    ],
    seeds: of("seeds", "[0]", "[4294967295, 7]"),
  };
}

/** Valid by their type, and refused by a rule: overrides, and the key or file that the error names. */
export function refusedIn(folder: string): (readonly [overrides: string[], named: string])[] {
  const root = `data.root=${folder}/data-IOB2`;
  const text = `dapt.corpus=${folder}/text.txt`;
  return [
    [["data.root=null"], "data.root"],
    [[`data.root=${folder}/absent`], `${folder}/absent`],
    [[root, "data.source=absent"], '"absent"'],
    [[root, "data.targets=[absent]"], '"absent"'],
    [[root, "data.targets=[news]"], '"data.targets[0]"'],
    [[root, "data.scheme=BILOU"], "train.txt:"],
    [["data.sample={}", "data.scheme=BILOU"], '"data.scheme"'],
    [["data.sample={}", "data.source=second"], '"data.source"'],
    [[root, "data.trainSentences=1000"], '"data.trainSentences"'],
    [[root, "adapt=[true]"], '"dapt.corpus"'],
    [[root, text, "adapt=[true]", "systems=[lstm-crf]"], '"adapt"'],
    [[root, `dapt.corpus=${folder}/none.txt`, "adapt=[true]"], "none.txt"],
    [
      [root, text, "adapt=[true]", "perTarget.research.dapt.corpus=null"],
      '"perTarget.research.dapt.corpus" at --set perTarget',
    ],
    [[root, `encoder=${folder}/none`], `${folder}/none`],
    [[root, "encoder.nHeads=3"], '"encoder.nHeads"'],
    [[root, "systems=[lstm-crf]", `words.vectors=${folder}/none.txt`], "none.txt"],
    [[root, "systems=[laner, bert-crf]", "train.rDrop=0.5"], '"train.rDrop" at --set train.rDrop'],
    [
      [root, "systems=[laner, flair]", "perSystem.flair.train.rDrop=1"],
      '"perSystem.flair.train.rDrop" at --set perSystem',
    ],
    [
      [root, "systems=[coach]", "words.readsEncoder=true"],
      '"words.readsEncoder" at --set words.readsEncoder',
    ],
    [
      [root, "systems=[coach]", "perSystem.coach.words.readsEncoder=true"],
      '"perSystem.coach.words.readsEncoder" at --set perSystem',
    ],
    [[root, "systems=[bartner]", "bart=org/bart"], "org/bart"],
    [[root, "systems=[bartner]", `bart=${folder}/none`], `${folder}/none`],
    [[root, "systems=[bartner]", "bart.nHeads=3"], '"bart.nHeads"'],
    [[root, "systems=[bert-tagger]", "show=labels"], '"systems"'],
    [[root, "show=lines"], '"show"'],
    [[root, "vary={}"], '"vary"'],
    [[root, "vary={ none: [1] }"], '"none"'],
    [[root, "vary={ data.source: [research] }"], '"data.targets[0]"'],
  ];
}

/** Combinations in which every two values of different factors meet: overrides of each. */
export function pairwise(factors: Factors): string[][] {
  const names = Object.keys(factors);
  const random = createRandom(1);
  const pairOf = (a: number, i: number, b: number, j: number) => `${a}.${i} ${b}.${j}`;
  const open = new Set<string>();
  for (const a of names.keys()) {
    for (let b = a + 1; b < names.length; b++) {
      for (const i of factors[names[a]!]!.keys()) {
        for (const j of factors[names[b]!]!.keys()) open.add(pairOf(a, i, b, j));
      }
    }
  }
  const combinations: string[][] = [];
  while (open.size > 0) {
    // Begins with a pair that is still open, and takes for each other factor the value that closes most.
    const [first, second] = open.values().next().value!.split(" ").map((one) => one.split(".").map(Number));
    const chosen = new Map([first, second] as [number, number][]);
    for (const a of random.shuffle([...names.keys()].filter((a) => !chosen.has(a)))) {
      const closes = (i: number) =>
        [...chosen].filter(([b, j]) => open.has(a < b ? pairOf(a, i, b, j) : pairOf(b, j, a, i))).length;
      const values = random.shuffle([...factors[names[a]!]!.keys()]);
      chosen.set(a, values.reduce((best, i) => closes(i) > closes(best) ? i : best));
    }
    for (const [a, i] of chosen) for (const [b, j] of chosen) open.delete(pairOf(a, i, b, j));
    combinations.push(
      [...chosen].toSorted(([a], [b]) => a - b).flatMap(([a, i]) => [...factors[names[a]!]![i]!]),
    );
  }
  return combinations;
}

/** What a refusal looks like: what cannot be done, to what, and by which rule; and nothing of JavaScript's own. */
export function isRefusal(error: unknown): error is Error {
  if (
    !(error instanceof Error) || !/^(Usage|DataSet)?Error$/.test(error.name) ||
    error.constructor.name === "TypeError"
  ) {
    return false;
  }
  const internal = /destructur|undefined|is not a |not iterable|reading '|RangeError|\bNaN\b|\[object/;
  return /^Cannot \w+/.test(error.message) && !internal.test(error.message);
}

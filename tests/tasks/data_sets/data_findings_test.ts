import { assertEquals } from "@std/assert";
import type { Sentence } from "../../../data/text/conll.ts";
import { type DataFinding, formatFindings } from "../../../tasks/data_sets/data_finding.ts";
import { dataFindings } from "../../../tasks/data_sets/data_findings.ts";
import type { DataSet } from "../../../tasks/data_sets/data_sets.ts";
import { textFindings } from "../../../tasks/data_sets/train_findings.ts";
import { only } from "../../only.ts";

/** A sentence from "Ann/B-person sings"; a word without a tag is O. */
const sentence = (text: string): Sentence => {
  const pairs = text.split(" ").map((pair) => pair.split("/"));
  return { words: pairs.map(([word]) => word!), tags: pairs.map(([, tag = "O"]) => tag) };
};

/** A data set about which there is nothing to say, but for the splits that are given. */
function dataSet(
  splits: Partial<Record<"train" | "dev" | "test", string[]>> = {},
  more: Partial<DataSet> = {},
): DataSet {
  const people = (split: string) => [`${split} Ann/B-person Lee/I-person`, `Bo/B-person in ${split}`];
  const texts = { train: people("train"), dev: people("dev"), test: people("test"), ...splits };
  return {
    name: "ai",
    files: {},
    devOrigin: "file",
    fingerprint: "",
    splits: {
      train: texts.train.map(sentence),
      dev: texts.dev.map(sentence),
      test: texts.test.map(sentence),
    },
    ...more,
  };
}

/** The one finding of a kind. */
const onlyOf = (findings: readonly DataFinding[], kind: DataFinding["kind"]) =>
  only(findings.filter((finding) => finding.kind === kind));

const source = (splits: Partial<Record<"train" | "dev" | "test", string[]>> = {}) =>
  dataSet({ train: ["Rome/B-place and Kim/B-person", "Oslo/B-place and Max/B-person"], ...splits }, {
    name: "news",
  });

Deno.test("dataFindings() finds nothing odd about data that is as it should be", () => {
  assertEquals(dataFindings(null, [dataSet()]), []);
  assertEquals(dataFindings(source(), [dataSet(), dataSet({}, { name: "law" })]), []);
  assertEquals(formatFindings([]), []);
});

Deno.test("dataFindings() counts sentences that are in two splits, whatever their tags", () => {
  const train = ["a/B-person b c", "d/B-person e"];
  const set = dataSet({
    train,
    dev: ["a/B-person b c", "x/B-person"],
    test: ["a b c", "x/B-person", "y", "a b/B-person c"],
  });
  const findings = dataFindings(null, [set]);
  const { dataSet: name, counts, message } = onlyOf(findings, "test-in-train");
  assertEquals([name, counts, message], [
    "ai",
    { nShared: 2, nSentences: 4 },
    "test sentences that are in train, too: 2 of 4 (50.0 %)",
  ]);
  assertEquals(onlyOf(findings, "test-in-dev").counts, { nShared: 3, nSentences: 4 });
  assertEquals(onlyOf(findings, "dev-in-train").counts, { nShared: 1, nSentences: 2 });
  // Words that only look the same when they are joined are other words.
  assertEquals(
    dataFindings(null, [dataSet({ train: ["a b/B-person", "e/B-person"], test: ["ab/B-person"] })]),
    [],
  );
});

Deno.test("dataFindings() says how many sentences were held out as dev, and by which seed", () => {
  for (const why of ["no dev.txt", "dev.txt is test.txt"] as const) {
    const set = dataSet({}, {
      devOrigin: `held out of train (${why})`,
      heldOut: { seed: 13, nSentences: 4 },
    });
    const { message, counts } = onlyOf(dataFindings(null, [set]), "held-out-dev");
    assertEquals(message, `dev is held out of train (${why}): 2 of 4 sentences, seed 13`);
    assertEquals(counts, { nDev: 2, nSentences: 4, seed: 13 });
  }
});

Deno.test("dataFindings() names types that training shows never, or once", () => {
  const set = dataSet({
    train: ["a/B-person b/B-river", "c/B-person"],
    dev: ["d/B-person e/B-city"],
    test: ["f/B-city g/B-lake h/B-lake i/B-river"],
  });
  const findings = dataFindings(null, [set]);
  assertEquals(
    onlyOf(findings, "types-without-example").message,
    "entity types without a training example: city (1 in dev, 1 in test), lake (0 in dev, 2 in test)",
  );
  assertEquals(
    onlyOf(findings, "types-with-one-example").message,
    "entity types with one training example: river",
  );
});

Deno.test("dataFindings() says where there are no entities to score by", () => {
  const messages = dataFindings(null, [dataSet({ dev: ["a b"], test: ["c"] })]).map(({ message }) => message);
  assertEquals(messages, [
    "test has no entities: F1 is undefined, and given as 0",
    "dev has no entities: no epoch is better than another",
  ]);
});

Deno.test("dataFindings() finds a prefix that nearly all words of a split have", () => {
  const words = (split: string) =>
    Array.from({ length: 6 }, (_, i) => `en:${split}${i} en:Ann/B-person en:Lee en:.`);
  const plain = (split: string) => words(split).map((text) => text.replaceAll("en:", ""));
  const prefixesOf = (findings: DataFinding[]) =>
    findings.filter(({ kind }) => kind === "word-prefix").map(({ dataSet, counts, message }) => [
      dataSet,
      counts.nWords,
      message.split(",")[0],
    ]);
  const said = (split: string) => `24 words of ${split} begin with "en:"`;
  const set = dataSet({ train: words("a"), dev: words("b"), test: words("c") });
  const findings = dataFindings(null, [set]);
  assertEquals(prefixesOf(findings), ["train", "dev", "test"].map((split) => ["ai", 24, said(split)]));
  assertEquals(findings[0]!.message.includes("--word-prefix en: "), true);
  const other = dataSet({ train: words("a"), dev: plain("b"), test: plain("c") });
  assertEquals(prefixesOf(dataFindings(null, [other])), [["ai", 24, said("train")]]);
  // Of the source too, as it is trained on.
  assertEquals(prefixesOf(dataFindings({ ...other, name: "news" }, [dataSet()])), [[
    "news",
    24,
    said("train"),
  ]]);
  const few = dataSet({ train: [...words("a"), ...plain("b")] });
  assertEquals(prefixesOf(dataFindings(null, [few])), []);
});

Deno.test("dataFindings() finds types whose names differ in nothing that is meant", () => {
  const of = (...types: string[]) =>
    dataSet({ train: types.flatMap((type) => [`a/B-${type} ${type}`, `b/B-${type}`]) });
  const { message } = onlyOf(
    dataFindings(null, [of("person", "Person", "city", "big-city", "Big_City")]),
    "spelling-of-types",
  );
  assertEquals(message.split(": ")[1], "person and Person, big-city and Big_City");
  assertEquals(onlyOf(dataFindings(null, [of("person", "per\u200bson")]), "spelling-of-types").counts, {
    nTypes: 2,
  });
  const findings = dataFindings(source(), [of("person", "Place")]);
  assertEquals(
    onlyOf(findings, "spelling-of-types").message,
    "entity types whose names hardly differ from the source's are taken for others: place and Place",
  );
});

Deno.test("dataFindings() says when source and target share no entity type, and which they have", () => {
  const target = dataSet({ train: ["a/B-task", "b/B-task"], dev: ["c/B-task"], test: ["d/B-task"] });
  const { message, counts, dataSet: name } = onlyOf(
    dataFindings(source(), [dataSet(), target]),
    "no-shared-type",
  );
  assertEquals([name, counts], ["ai", { nSource: 2, nTarget: 1 }]);
  assertEquals(message.split(": ")[1], "news has person, place; ai has task");
  assertEquals(dataFindings(null, [target]), []);
});

Deno.test("dataFindings() counts test sentences that the source was trained on, and not those that it was tested on", () => {
  const news = source({ train: ["x/B-person y", "z/B-person"], test: ["v/B-person w"] });
  const findings = dataFindings(news, [dataSet({ test: ["x y/B-person", "v/B-person w"] })]);
  assertEquals(
    onlyOf(findings, "test-in-source").message,
    "test sentences that are in train of news, too: 1 of 2 (50.0 %)",
  );
});

Deno.test("dataFindings() says when much of train is repeated, and when sentences do not end where they should", () => {
  const repeated = dataSet({ train: ["a/B-person", "b/B-person", "a/B-person"] });
  assertEquals(onlyOf(dataFindings(null, [repeated]), "repeated-training").counts, { nRepeated: 1 });
  const long = dataSet({ train: ["a/B-person", `b/B-person ${"c ".repeat(1000).trim()}`] });
  assertEquals(onlyOf(dataFindings(null, [long]), "sentence-ends").counts, { longest: 1001 });
  const words = Array.from({ length: 20 }, (_, i) => `w${i}/B-person`);
  const short = dataSet({ train: words, dev: ["x/B-person"], test: ["y/B-person"] });
  assertEquals(onlyOf(dataFindings(null, [short]), "sentence-ends").counts, { longest: 1 });
});

Deno.test("textFindings() says when a text to adapt to is in another format", () => {
  assertEquals(textFindings("ai", ["Mira left.", "Tarsus is old."]), []);
  const { dataSet: name, message } = onlyOf(
    textFindings("ai", ['{"text": "a"}', '{"text": "b"}']),
    "text-format",
  );
  assertEquals([name, message.includes("looks like JSON Lines")], ["ai", true]);
});

Deno.test("formatFindings() writes a line each, whatever names hold", () => {
  const set = dataSet({ test: ["a/B-x\u202e\x9b2J"] }, { name: "a\nb" });
  assertEquals(formatFindings(dataFindings(null, [set])), [
    "About the data:",
    "  a\\u000ab: entity types without a training example: x\\u202e\\u009b2J (0 in dev, 1 in test)",
  ]);
});

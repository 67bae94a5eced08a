/** Training on data in other formats. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { createSampleCorpora } from "../../data/sample/corpora.ts";
import { tagsToSpans } from "../../data/tags/tag_scheme.ts";
import { spansToTags } from "../../data/tags/spans_to_tags.ts";
import { formatConll } from "../../data/text/format_conll.ts";
import type { Sentence } from "../../data/text/conll.ts";
import { FINETUNE, finetune } from "../../tasks/finetune.ts";
import { withFolder } from "../temporary_folder.ts";
import { MINIATURE } from "./miniature.ts";
import { runForTest } from "./run_command.ts";

const SIZES = { train: 60, dev: 10, test: 10, text: 10 };
const SPLITS = ["train", "dev", "test"] as const;

const inIob1 = ({ words, tags }: Sentence): Sentence => ({
  words,
  tags: spansToTags(tagsToSpans(tags), tags.length, { scheme: "IOB1" }),
});

Deno.test("finetune finds the model of the same sentences, however their files are written", () =>
  withFolder(async (folder) => {
    const { source, target } = createSampleCorpora(3, { source: SIZES, target: SIZES });
    const write = async (path: string, text: string) => {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    };
    for (const split of SPLITS) {
      await write(`plain/conll2003/${split}.txt`, formatConll(source[split]));
      await write(`plain/my/${split}.txt`, formatConll(target[split]));
      await write(`other/conll2003/${split}.txt`, formatConll(source[split].map(inIob1), { separator: " " }));
      const records = target[split].map(({ words, tags }) => JSON.stringify({ tokens: words, tags }) + "\n");
      await write(`other/my/${split}.jsonl`, records.join(""));
    }
    const config = MINIATURE.replace(/data:[^]*?(?=systems:)/, "data: { source: conll2003, targets: [my] }\n")
      .replace(/systems:.*/, "systems: [bert-tagger]").replace(/adapt:.*/, "");
    await write("e.yaml", config);
    const run = (root: string, ...args: string[]) =>
      runForTest(FINETUNE, finetune, [
        ...[
          "--config",
          join(folder, "e.yaml"),
          "--data",
          join(folder, root),
          "--engine",
          "onnx",
          "--threads",
          "1",
        ],
        ...["--results", join(folder, "results"), ...args],
      ]);
    const first = await run("plain");
    assertEquals([first.code, first.errors], [0, ""]);
    const refused = await run("other", "--format", "hf");
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.errors, "other/conll2003/train.txt");
    const second = await run("other", "--format", "hf", "--source-format", "conll2003");
    assertEquals([second.code, second.errors], [0, ""]);
    assertStringIncludes(second.printed, "conll2003: tags converted from IOB1 to IOB2");
    const model = (printed: string) => /Model: (\S+)/.exec(printed)?.[1];
    assertEquals(model(second.printed), model(first.printed));
    // Fewer sentences, and types that are called otherwise, are other data.
    const few = await run(
      "other",
      "--format",
      "hf",
      "--source-format",
      "conll2003",
      "--shots",
      "1",
      "--labels",
      "person=human",
    );
    assertEquals(few.code, 0);
    assertStringIncludes(few.printed, "(labels): person (");
    assertEquals(model(few.printed) === model(first.printed), false);
  }));

import { assertEquals, assertThrows } from "@std/assert";
import { DATA_SET_KEYS } from "../../../data/formats/read_settings.ts";
import { readFlags, type ReadFlagValues, readOptionsOf } from "../../../tasks/config/read_flags.ts";
import { UsageError } from "../../../tasks/errors.ts";
import { parseCommand } from "../../../tasks/terminal/command.ts";
import { defineCommand } from "../../../tasks/terminal/command_spec.ts";

const SPEC = defineCommand({ name: "x", summary: "x", flags: readFlags() });
const read = (...args: string[]) => readOptionsOf(parseCommand(SPEC, args).flags as ReadFlagValues);

Deno.test("readFlags() has a flag for each key, of the same name in lower case with dashes", () => {
  const names = Object.keys(readFlags());
  assertEquals(
    names.map((name) => name.replace(/-(.)/g, (_, c) => c.toUpperCase())),
    Object.keys(DATA_SET_KEYS),
  );
  assertEquals(names.slice(0, 4), ["format", "encoding", "word-column", "tag-column"]);
});

Deno.test("readOptionsOf() reads flags as YAML has the values, and nothing that is not given", () => {
  assertEquals(read(), {});
  assertEquals(read("--word-column", "TOKEN", "--tag-column", "-2", "--id-column=0"), {
    wordColumn: "TOKEN",
    tagColumn: -2,
    idColumn: 0,
  });
  assertEquals(read("--comments", "# ", "--separator", "tab", "--header", "false", "--mend-tags"), {
    separator: "tab",
    header: false,
    comments: "# ",
    mendTags: true,
  });
  assertEquals(
    read("--labels", "PER=person, MISC=", "--outside", "O,_", "--file-names", "train=a.b,test=c"),
    {
      outside: ["O", "_"],
      labels: { PER: "person", MISC: null },
      fileNames: { train: "a.b", test: "c" },
    },
  );
  assertEquals(read("--comments", "null", "--split", "70/20/10", "--split-seed", "4"), {
    comments: null,
    split: "70/20/10",
    splitSeed: 4,
  });
});

Deno.test("readOptionsOf() names the flag whose value is wrong", () => {
  for (
    const [args, ...parts] of [
      [["--format", "conll2004"], "--format", "one of columns", "conll2004"],
      [["--encoding", "latin9000"], "--encoding", "TextDecoder", "latin9000"],
      [["--split", "80/10/11"], "--split", "add up to 100"],
      [["--scheme", "IOB3"], "--scheme", "IOB2"],
      [["--on-error", "skip"], "--on-error", "skip-sentence"],
      [["--header", "yes"], "--header", "true or false"],
      [["--file-names", "train=../x"], "--file-names", "letters"],
    ] as const
  ) {
    const { message } = assertThrows(() => read(...args), UsageError);
    for (const part of parts) assertEquals(message.includes(part), true, message);
  }
});

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { UsageError } from "../../../tasks/errors.ts";
import { executeCommand, parseCommand } from "../../../tasks/terminal/command.ts";
import { formatHelp } from "../../../tasks/terminal/command_help.ts";
import { type CommandMain, defineCommand } from "../../../tasks/terminal/command_spec.ts";

const SPEC = defineCommand({
  name: "try",
  summary: "Tries things.",
  flags: {
    data: { type: "text", valueName: "DIR", doc: "A folder", required: true },
    seed: { type: "integer", doc: "A seed", default: 13 },
    set: { type: "text", valueName: "KEY=VALUE", repeatable: true, doc: "A key" },
    mode: { type: "text", choices: ["strict", "conlleval"], doc: "How" },
    json: { type: "boolean", doc: "As JSON" },
  },
  operands: { name: "FILE", doc: "A file", most: 1 },
  examples: ["deno task try --data x"],
  details: "Keys:\n  a",
  keys: () => "a: 1\n",
});

Deno.test("parseCommand() reads every kind of flag in either spelling", () => {
  const args = [
    "--data",
    "a b",
    "--set=a=1",
    "x.txt",
    "--set",
    "b=2",
    "--mode=strict",
    "--json",
    "--seed",
    "007",
  ];
  assertEquals(parseCommand(SPEC, args), {
    flags: { data: "a b", seed: 7, set: ["a=1", "b=2"], mode: "strict", json: true },
    operands: ["x.txt"],
  });
});

Deno.test("parseCommand() gives defaults when flags are absent", () => {
  assertEquals(parseCommand(SPEC, ["--data", "d"]), {
    flags: { data: "d", seed: 13, set: [], mode: undefined, json: false },
    operands: [],
  });
});

Deno.test("parseCommand() keeps operands as they are written", () => {
  assertEquals(parseCommand(SPEC, ["--data", "d", "1e3"]).operands, ["1e3"]);
  assertEquals(parseCommand(SPEC, ["--data", "d", "-"]).operands, ["-"]);
  assertEquals(parseCommand(SPEC, ["--data", "d", "--", "--json"]), {
    flags: { data: "d", seed: 13, set: [], mode: undefined, json: false },
    operands: ["--json"],
  });
});

Deno.test("parseCommand() reads values that look like something else", () => {
  const flagsOf = (...args: string[]) => parseCommand(SPEC, ["--data", "d", ...args]).flags;
  assertEquals(flagsOf("--set=a=-1", "--set", "b=x=y", "--set=c=1\n2", "--set=--json").set, [
    ...["a=-1", "b=x=y", "c=1\n2", "--json"],
  ]);
  assertEquals(parseCommand(SPEC, ["--data=1e3"]).flags.data, "1e3");
  assertEquals(parseCommand(SPEC, ["--data=0x10"]).flags.data, "0x10");
  assertEquals(parseCommand(SPEC, ["--data", "true"]).flags.data, "true");
  assertEquals([flagsOf("--json=true").json, flagsOf("--json=false").json], [true, false]);
  assertEquals([flagsOf("--json", "x").json, flagsOf("--json", "--json").json], [true, true]);
  assertEquals(parseCommand(SPEC, ["--data", "d", "--json", "true"]).operands, ["true"]);
  assertEquals(parseCommand(SPEC, ["--data", "d", "--json", "false"]).operands, ["false"]);
  assertEquals(parseCommand(SPEC, ["--data", "d", "--", "--"]).operands, ["--"]);
  assertEquals(parseCommand(SPEC, ["--data", "d", "--", "--no-json=1"]).operands, ["--no-json=1"]);
  assertEquals(parseCommand(SPEC, ["--data", "d", "0x10", "--json"]).operands, ["0x10"]);
  assertEquals(flagsOf("--set==", "--set= ", "--set", "0", "--set=false").set, ["=", " ", "0", "false"]);
});

Deno.test("parseCommand() says what is wrong when the command is called wrongly", () => {
  const cases: [string[], ...string[]][] = [
    [["--data", "d", "--jsn"], '"--jsn"', "unknown flag", 'did you mean "--json"?', "deno task try --help"],
    [["--data", "d", "--sed=5"], '"--sed=5"', 'did you mean "--seed"?'],
    [["--data", "d", "-x"], '"-x"', "unknown flag"],
    [[], '"--data"', "required"],
    [["--data"], '"--data"', "needs a value"],
    [["--data", "--json"], '"--data"', "needs a value"],
    [["--data", "a", "--data", "b"], '"--data"', "allowed once"],
    [["--data", "d", "--seed", "x"], '"--seed"', "a whole number", 'current value is "x"'],
    [["--data", "d", "--seed=-1"], '"--seed"', "a whole number"],
    [["--data", "d", "--seed", "1.5"], '"--seed"', "a whole number"],
    [["--data", "d", "--mode", "strickt"], '"--mode"', "one of strict, conlleval", 'did you mean "strict"?'],
    [["--data="], '"--data"', "needs a value"],
    [["--data", "--"], '"--data"', "needs a value"],
    [["--data", "d", "--set", "-1"], '"--set"', "needs a value"],
    [["--data", "d", "--json=yes"], '"--json"', "takes no value but true or false", 'value is "yes"'],
    [["--data", "d", "--json="], '"--json"', "takes no value"],
    [["--data", "d", "--no-json=true"], '"--no-json"', "unknown flag", 'did you mean "--json"?'],
    [["--data", "d", "--no-data=x"], '"--no-data"', "unknown flag", 'did you mean "--data"?'],
    [["--data", "d", "--_=x"], '"--_=x"', "unknown flag"],
    [["--data", "d", "--_", "x"], '"--_"', "unknown flag"],
    [["--data", ""], '"--data"', "needs a value"],
    [["--data", "d", "--data="], '"--data"', "needs a value"],
    [["--data", "-"], '"--data"', "needs a value"],
    [["--data", "d", "--json", "--json=no"], '"--json"', "takes no value", 'value is "no"'],
    [["--data", "d", "--json=1"], '"--json"', "takes no value", 'value is "1"'],
    [["--data", "d", "---json"], '"---json"', "unknown flag"],
    [["--data", "d", "-x5"], '"-x5"', "unknown flag"],
    [["--data", "d", "-5"], '"-5"', "unknown flag"],
    [["--data", "d", "--no-json"], '"--no-json"', "unknown flag", 'did you mean "--json"?'],
    [["--data", "d", "--data.x=1"], '"--data.x=1"', "unknown flag"],
    [["--data", "d", "--__proto__=1"], '"--__proto__=1"', "unknown flag"],
    [["--data", "d", "--toString"], '"--toString"', "unknown flag"],
    [["--data", "d", "-d5"], '"-d5"', "unknown flag"],
    [["--data", "d", "a", "b"], '"b"', "at most 1 FILE"],
  ];
  for (const [args, ...parts] of cases) {
    const { message } = assertThrows(() => parseCommand(SPEC, args), UsageError);
    for (const part of parts) assertStringIncludes(message, part);
  }
});

Deno.test("formatHelp() shows every flag with its value, default and documentation", () => {
  const help = formatHelp(SPEC);
  for (
    const part of [
      "Tries things.",
      "Usage: deno task try --data DIR [flags] [FILE]",
      "--data DIR               A folder (required)",
      "--seed INTEGER           A seed (default 13)",
      "--set KEY=VALUE          A key (may be repeated)",
      "--mode strict|conlleval",
      "--json                   As JSON",
      "-h, --help",
      "--debug",
      "deno task try --data x",
      "Keys:\n  a",
    ]
  ) assertStringIncludes(help, part);
});

async function execute(args: string[], main: CommandMain<typeof SPEC.flags>) {
  const printed: string[] = [];
  const errors: string[] = [];
  const output = {
    print: (text: string) => printed.push(text),
    printError: (text: string) => errors.push(text),
  };
  const code = await executeCommand(SPEC, main, args, output);
  return { code, printed, errors };
}

Deno.test("executeCommand() ends with 0, 1 or 2 and one message", async () => {
  const fine = await execute(["--data", "d"], ({ data }, _, { print }) => print(data));
  assertEquals(fine, { code: 0, printed: ["d"], errors: [] });
  const failed = await execute(["--data", "d"], () => Promise.reject(new Error("Cannot do it")));
  assertEquals(failed, { code: 1, printed: [], errors: ["Error: Cannot do it"] });
  const misused = await execute(["--what"], () => {});
  assertEquals([misused.code, misused.errors.length], [2, 1]);
});

Deno.test("executeCommand() prints help whatever else is wrong, and does nothing", async () => {
  for (const flag of ["--help", "-h"]) {
    const { code, printed } = await execute(["--what", flag], () => {
      throw new Error("must not run");
    });
    assertEquals([code, printed], [0, [formatHelp(SPEC)]]);
  }
});

Deno.test("executeCommand() adds the stack when --debug is given", async () => {
  const { errors } = await execute(["--data", "d", "--debug"], () => {
    throw new Error("Cannot do it");
  });
  assertEquals(errors.length, 2);
  assertStringIncludes(errors[1]!, "command_test.ts");
});

Deno.test("executeCommand() prints the keys of files for --help-keys, where a command reads any", async () => {
  const printed: string[] = [];
  const sink = {
    print: (text: string) => printed.push(text),
    printError: (text: string) => printed.push(text),
  };
  assertEquals(await executeCommand(SPEC, () => {}, ["--help-keys"], sink), 0);
  assertEquals(printed.splice(0), ["a: 1\n"]);
  assertStringIncludes(formatHelp(SPEC), "--help-keys");
  const { keys: _, ...other } = SPEC;
  assertEquals(await executeCommand(other, () => {}, ["--help-keys"], sink), 2);
  assertStringIncludes(printed[0]!, "--help-keys");
});
